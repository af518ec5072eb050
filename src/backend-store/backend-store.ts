import { RdsPostgresBackendStore } from './rds-postgres-backend-store';
import { RdsPostgresBackendStoreProps } from './rds-postgres-backend-store-props';

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
