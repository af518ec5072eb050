export * from './contract';
export * from './endpoint';
export * from './internal-load-balancer-endpoint';
