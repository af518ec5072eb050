/**
 * The permission of users on experiments and models for which they have no permission of their own.
 *
 * @see https://mlflow.org/docs/latest/self-hosting/security/basic-http-auth/
 */
export enum DefaultPermission {
  /**
   * No permissions.
   */
  NO_PERMISSIONS = 'NO_PERMISSIONS',

  /**
   * Read.
   */
  READ = 'READ',

  /**
   * Read and update.
   */
  EDIT = 'EDIT',

  /**
   * Read, update, delete and manage permissions.
   */
  MANAGE = 'MANAGE',
}
