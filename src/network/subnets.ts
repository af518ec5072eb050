import { CfnRoute, CfnVPC, CfnVPCEndpoint, IVpc, SubnetSelection, SubnetType } from 'aws-cdk-lib/aws-ec2';

/** The subnets for a database: isolated subnets or, if there are none, private subnets. Never public ones. */
export function databaseSubnets(vpc: IVpc): SubnetSelection {
  return vpc.isolatedSubnets.length > 0
    ? { subnetType: SubnetType.PRIVATE_ISOLATED }
    : { subnetType: SubnetType.PRIVATE_WITH_EGRESS };
}

/** The subnets for servers and their load balancer: private subnets or, if there are none, isolated subnets. */
export function serverSubnets(vpc: IVpc): SubnetSelection {
  return {
    subnetType: isIsolated(vpc) ? SubnetType.PRIVATE_ISOLATED : SubnetType.PRIVATE_WITH_EGRESS,
  };
}

/** The CIDR block of a VPC: the literal value if the app defines the VPC. */
export function cidrBlockOf(vpc: IVpc): string {
  const resource = vpc.node.defaultChild;
  return (resource && CfnVPC.isCfnVPC(resource) && resource.cidrBlock) || vpc.vpcCidrBlock;
}

/** Whether the CIDR block is known: that of an imported VPC need not be. */
export function hasKnownCidrBlock(vpc: IVpc): boolean {
  try {
    return cidrBlockOf(vpc) !== undefined;
  } catch {
    return false;
  }
}

/** Whether the VPC has no internet access, so that servers reach AWS services through VPC endpoints only. */
export function isIsolated(vpc: IVpc): boolean {
  return vpc.privateSubnets.length === 0 && vpc.isolatedSubnets.length > 0;
}

/** The endpoints that an isolated VPC of the same app has. */
export function vpcEndpoints(vpc: IVpc): CfnVPCEndpoint[] {
  const children = isIsolated(vpc) ? vpc.node.findAll() : [];
  return children.filter((child): child is CfnVPCEndpoint => CfnVPCEndpoint.isCfnVPCEndpoint(child));
}

/** The services that no endpoint of the VPC leads to, whether the VPC or something else defines it. */
export function servicesWithoutEndpoint(vpc: IVpc, services: string[]): string[] {
  const elsewhere = vpc.node.root.node
    .findAll()
    .filter((child): child is CfnVPCEndpoint => CfnVPCEndpoint.isCfnVPCEndpoint(child))
    .filter(({ vpcId }) => vpcId === vpc.vpcId);
  const names = [...vpcEndpoints(vpc), ...elsewhere].map(({ stack, serviceName }) =>
    JSON.stringify(stack.resolve(serviceName)),
  );
  return services.filter((service) => !names.some((name) => name.includes(`.${service}"`)));
}

/** Whether the app itself shows that there is no way out: its own VPC, in which no route was added to an isolated subnet. */
export function isClosed(vpc: IVpc): boolean {
  if (!isIsolated(vpc) || !vpc.node.findAll().some((child) => CfnVPC.isCfnVPC(child))) return false;
  const tables = vpc.isolatedSubnets.map(({ routeTable }) => routeTable.routeTableId);
  return !vpc.node.root.node
    .findAll()
    .some((child) => CfnRoute.isCfnRoute(child) && tables.includes(`${child.routeTableId}`));
}
