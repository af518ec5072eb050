/**
 * What users may do with experiments and models on which they were given no permission of their own.
 *
 * @see https://mlflow.org/docs/latest/self-hosting/security/basic-http-auth/
 */
export enum DefaultPermission {
  /**
   * Nothing.
   */
  NO_PERMISSIONS = 'NO_PERMISSIONS',

  /**
   * Look at them.
   */
  READ = 'READ',

  /**
   * Look at them and change them.
   */
  EDIT = 'EDIT',

  /**
   * Look at them, change them, delete them and give permissions to others.
   */
  MANAGE = 'MANAGE',
}
