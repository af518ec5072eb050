export * from './alarm-options';
export * from './monitored-tracking-server';
