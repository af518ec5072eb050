export * from './frame-options';
export * from './mlflow-version';
export * from './profile';
export * from './server-definition';
export * from './server-image';
export * from './server-image-contract';
export * from './server-image-options';
export * from './server-options';
