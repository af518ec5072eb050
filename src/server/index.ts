export * from './mlflow-version';
export * from './profile';
export * from './server-definition';
export * from './server-image';
export * from './server-options';
