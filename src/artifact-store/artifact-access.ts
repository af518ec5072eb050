/**
 * Which way artifacts take between a client and the artifact store.
 */
export enum ArtifactAccess {
  /**
   * Through the server: clients need no rights on the bucket, and no way to it.
   */
  PROXIED = 'proxied',

  /**
   * Straight to the bucket: large artifacts do not pass the server, and every client needs rights on the bucket.
   *
   * Experiments that exist already keep the way that they were created with.
   */
  DIRECT = 'direct',
}
