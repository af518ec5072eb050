/**
 * What a backend store needs, as data. It is judged before anything is defined.
 */
export interface BackendStoreCapabilities {
  /**
   * Whether the store is in subnets of at least two availability zones, isolated ones where the VPC has such, as a
   * database on Amazon RDS must be.
   *
   * @default false
   */
  readonly needsTwoAvailabilityZones?: boolean;
}
