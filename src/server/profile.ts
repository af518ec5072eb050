/**
 * A set of defaults for sizes, redundancy and protection.
 *
 * A profile changes numbers and switches, never the shape of the deployment, and every single value can be overridden
 * by the prop that it is the default of.
 */
export enum Profile {
  /**
   * The cheapest deployment that is still safe: one server, one small database in one zone, one NAT gateway.
   */
  DEVELOPMENT = 'development',

  /**
   * Highly available and protected: two servers, a database with a standby, deletion protection, flow logs.
   */
  PRODUCTION = 'production',
}
