/**
 * A set of defaults for sizes, redundancy and protection.
 *
 * Each value is the default of a prop, and can be overridden with that prop.
 */
export enum Profile {
  /**
   * The cheapest deployment that is still secure: one server, a small database in one Availability Zone, one NAT gateway.
   */
  DEVELOPMENT = 'development',

  /**
   * Highly available and protected: two servers, a Multi-AZ database, deletion protection, flow logs.
   */
  PRODUCTION = 'production',
}
