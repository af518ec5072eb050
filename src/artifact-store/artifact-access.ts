/**
 * How artifacts get from a client to the artifact store.
 */
export enum ArtifactAccess {
  /**
   * Through the server: clients need neither permissions on the bucket nor network access to it.
   */
  PROXIED = 'proxied',

  /**
   * Directly: large artifacts bypass the server, and each client needs permissions on the bucket.
   *
   * Existing experiments keep the access that they were created with.
   */
  DIRECT = 'direct',
}
