export * from './contract';
export * from './authentication';
export * from './basic-authentication';
export * from './default-permission';
export * from './no-authentication';
