import reference from './service-authorization.json';

/** AWS's service authorization reference, as far as the tests need it; `scripts/update-service-authorization.ts`. */
export const ACTIONS: Record<string, { readonly level: string; readonly resources: string[] }> = reference.actions;
