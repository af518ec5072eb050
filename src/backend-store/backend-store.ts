import { RdsPostgresBackendStore, RdsPostgresBackendStoreProps } from './rds-postgres-backend-store';

/**
 * Where runs, models, users and permissions are kept.
 */
export class BackendStore {
  /**
   * A PostgreSQL database instance on Amazon RDS.
   */
  public static rdsPostgres(props: RdsPostgresBackendStoreProps = {}): RdsPostgresBackendStore {
    return new RdsPostgresBackendStore(props);
  }

  private constructor() {}
}
