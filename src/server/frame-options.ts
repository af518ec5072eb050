/**
 * Which web pages may show the UI in a frame: the header `X-Frame-Options` of its answers.
 */
export enum FrameOptions {
  /**
   * Pages of the server's own origin.
   */
  SAMEORIGIN = 'SAMEORIGIN',

  /**
   * None.
   */
  DENY = 'DENY',

  /**
   * Any, of any origin. A page can then lead its visitors to clicks in the UI that they do not mean.
   */
  NONE = 'NONE',
}
