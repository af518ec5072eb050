/**
 * What a client needs where AWS Identity and Access Management decides who may use the server, as data.
 */
export interface ClientPermissions {
  /**
   * The ARNs of the server that the actions are granted on.
   */
  readonly resourceArns: string[];

  /**
   * The actions of a client that logs runs and registers models.
   */
  readonly accessActions: string[];

  /**
   * The actions of a client that only reads.
   *
   * @default - the actions do not tell reading from writing, and `grantRead` refuses
   */
  readonly readActions?: string[];

  /**
   * The actions of a person who opens the UI.
   *
   * @default - none
   */
  readonly uiActions?: string[];

  /**
   * The actions of a person who opens the UI that cannot be limited to a resource.
   *
   * @default - none
   */
  readonly uiActionsOnAnyResource?: string[];

  /**
   * Whether clients send artifacts to the bucket and fetch them from it by themselves, and so need rights on it.
   *
   * @default false
   */
  readonly directArtifacts?: boolean;
}
