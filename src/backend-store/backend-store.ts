import { RdsPostgresBackendStore } from './rds-postgres-backend-store';
import { RdsPostgresBackendStoreProps } from './rds-postgres-backend-store-props';

/**
 * The backend stores: where MLflow stores runs, models, users and permissions.
 */
export class BackendStore {
  /**
   * Returns a PostgreSQL database instance on Amazon RDS.
   */
  public static rdsPostgres(props: RdsPostgresBackendStoreProps = {}): RdsPostgresBackendStore {
    return new RdsPostgresBackendStore(props);
  }

  private constructor() {}
}
