/**
 * The web pages that can show the UI in a frame: the header `X-Frame-Options` of the responses.
 */
export enum FrameOptions {
  /**
   * Pages of the same origin as the server.
   */
  SAMEORIGIN = 'SAMEORIGIN',

  /**
   * No pages.
   */
  DENY = 'DENY',

  /**
   * Pages of any origin. A page can then trick its visitors into clicking in the UI (clickjacking).
   */
  NONE = 'NONE',
}
