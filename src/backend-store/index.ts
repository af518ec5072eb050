export * from './contract';
export * from './backend-store';
export * from './rds-postgres-backend-store';
export * from './rds-postgres-backend-store-props';
