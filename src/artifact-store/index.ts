export * from './artifact-access';
export * from './contract';
export * from './artifact-store';
export * from './existing-bucket-artifact-store';
export * from './existing-bucket-artifact-store-props';
export * from './s3-artifact-store';
export * from './s3-artifact-store-options';
export * from './s3-artifact-store-props';
