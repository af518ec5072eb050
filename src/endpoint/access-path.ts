/**
 * Options of an access path.
 */
export interface AccessPathOptions {
  /**
   * Whether only one server can be reached through it.
   *
   * @default false
   */
  readonly singleServer?: boolean;

  /**
   * Whether the servers are in public subnets, with public addresses. A new VPC then has no NAT gateways.
   *
   * @default false
   */
  readonly publicServers?: boolean;
}

/**
 * How requests get from an endpoint to a server. An endpoint uses one access path, and a compute supports some of them.
 *
 * Two access paths of the same name are the same.
 */
export class AccessPath {
  /**
   * A target group of an Application Load Balancer, which the servers are the targets of.
   */
  public static readonly LOAD_BALANCER = new AccessPath('a load balancer');

  /**
   * A fixed public address that moves with the server.
   */
  public static readonly FIXED_ADDRESS = new AccessPath('a fixed address', { singleServer: true, publicServers: true });

  /**
   * A port forwarding session of AWS Systems Manager Session Manager.
   */
  public static readonly SESSION_MANAGER = new AccessPath('Session Manager');

  /**
   * An ingress controller of a Kubernetes cluster.
   */
  public static readonly INGRESS = new AccessPath('an ingress controller');

  /**
   * Returns an access path of your own, for an endpoint and a compute of your own.
   *
   * @param name The name in error messages, such as `a service mesh`.
   * @param options The effects of the access path on the servers.
   */
  public static of(name: string, options: AccessPathOptions = {}): AccessPath {
    return new AccessPath(name, options);
  }

  /**
   * Whether only one server can be reached through it.
   */
  public readonly singleServer: boolean;

  /**
   * Whether the servers are in public subnets, with public addresses.
   */
  public readonly publicServers: boolean;

  private constructor(
    /**
     * The name in error messages.
     */
    public readonly name: string,
    options: AccessPathOptions = {},
  ) {
    this.singleServer = options.singleServer ?? false;
    this.publicServers = options.publicServers ?? false;
  }

  /**
   * Whether this is the same access path.
   *
   * @param other The other access path, if there is one.
   */
  public matches(other?: AccessPath): boolean {
    // Not by identity: it may come from another copy of this library.
    return this.name === other?.name;
  }
}
