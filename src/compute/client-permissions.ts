/**
 * The permissions that clients need if IAM controls access to the server, as data.
 */
export interface ClientPermissions {
  /**
   * The ARNs on which the actions are granted.
   */
  readonly resourceArns: string[];

  /**
   * The actions of a client that logs runs and registers models.
   */
  readonly accessActions: string[];

  /**
   * The actions of a client that only reads.
   *
   * @default - no separate read permissions, and `grantRead` throws
   */
  readonly readActions?: string[];

  /**
   * The actions of a person who opens the UI.
   *
   * @default - no actions
   */
  readonly uiActions?: string[];

  /**
   * The actions of a person who opens the UI that cannot be limited to a resource.
   *
   * @default - no actions
   */
  readonly uiActionsOnAnyResource?: string[];

  /**
   * Whether clients access artifacts in the bucket directly, so that they need permissions on it.
   *
   * @default false
   */
  readonly directArtifacts?: boolean;
}
