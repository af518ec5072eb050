export * from './alarm-options';
