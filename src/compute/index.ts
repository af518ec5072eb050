export * from './capabilities';
export * from './contract';
export * from './compute';
export * from './fargate-compute';
export * from './fargate-compute-props';
