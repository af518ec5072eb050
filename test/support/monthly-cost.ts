import { hoursPerMonth, prices } from './prices.json';
import { Resource } from './templates';

/** One line of a bill: what runs all month long, whether it is used or not. */
export interface CostItem {
  readonly name: string;
  readonly usd: number;
}

type Resources = Record<string, Resource>;
type PriceName = keyof typeof prices;

/** What costs nothing, or is part of what is priced here. */
const FREE = [
  'AWS::CDK::Metadata',
  ...['VPC', 'Subnet', 'RouteTable', 'SubnetRouteTableAssociation', 'Route', 'InternetGateway'].map(ec2),
  ...['VPCGatewayAttachment', 'SecurityGroup', 'SecurityGroupIngress', 'SecurityGroupEgress'].map(ec2),
  ...['Role', 'Policy', 'InstanceProfile'].map((name) => `AWS::IAM::${name}`),
  'AWS::S3::BucketPolicy',
  'AWS::RDS::DBParameterGroup',
  'AWS::RDS::DBSubnetGroup',
  'AWS::SecretsManager::SecretTargetAttachment',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  // With the feature flags that the AWS CDK recommends: it runs during deployments.
  'Custom::VpcRestrictDefaultSG',
  'AWS::Lambda::Function',
  // Priced with the service that runs it.
  'AWS::ECS::TaskDefinition',
];

/** What is paid by its use, and what counts. */
const BY_USE: Record<string, string> = {
  'AWS::S3::Bucket': 'artifacts, by the gigabyte stored and the request',
  'AWS::Logs::LogGroup': 'logs, by the gigabyte',
  'AWS::EC2::FlowLog': 'VPC flow logs, by the gigabyte',
  'AWS::SecretsManager::RotationSchedule': 'rotations of the password, by the run of their function',
  'AWS::Serverless::Application': 'rotations of the password, by the run of their function',
  'AWS::ECS::Cluster': 'Container Insights, by the metric, where they are on',
};

const PRICED: Record<string, (resource: Resource, all: Resources) => CostItem[]> = {
  'AWS::ECS::Service': tasks,
  'AWS::RDS::DBInstance': database,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': loadBalancer,
  'AWS::EC2::NatGateway': () => [item('NAT gateways', price('NAT gateway'))],
  'AWS::EC2::EIP': () => [item('public IPv4 addresses', price('public IPv4 address'))],
  'AWS::SecretsManager::Secret': () => [item('secrets', price('secret'))],
  'AWS::EC2::VPCEndpoint': gatewayEndpoint,
};

/**
 * What the resources of a template cost in a month before anything is used, in US dollars: one item of each name.
 *
 * @throws If a resource is neither priced nor known to be free.
 */
export function monthlyCost(resources: Resources): CostItem[] {
  const sums = new Map<string, number>();
  for (const [id, resource] of Object.entries(resources)) {
    if (FREE.includes(resource.Type) || resource.Type in BY_USE) continue;
    const priced = PRICED[resource.Type];
    if (!priced) throw new Error(`'${id}' of type ${resource.Type} has no price; add one, or say that it is free`);
    for (const { name, usd } of priced(resource, resources)) sums.set(name, (sums.get(name) ?? 0) + usd);
  }
  return [...sums].map(([name, usd]) => ({ name, usd }));
}

/** What of the template is paid by its use, beside the above. */
export function paidByUse(resources: Resources): string[] {
  return [...new Set(Object.values(resources).flatMap(({ Type }) => BY_USE[Type] ?? []))].sort();
}

function tasks({ Properties }: Resource, all: Resources): CostItem[] {
  if (Properties.CapacityProviderStrategy) throw new Error('the price of Fargate Spot changes by the hour');
  const count = Properties.DesiredCount;
  if (typeof count !== 'number') throw new Error('the number of tasks changes with their load');
  const task = all[Properties.TaskDefinition.Ref].Properties;
  if (task.EphemeralStorage) throw new Error('more storage of tasks has no price here');
  const architecture: string = task.RuntimePlatform.CpuArchitecture;
  const vcpu = (task.Cpu / 1024) * price(`fargate vCPU, ${architecture}`);
  const memory = (task.Memory / 1024) * price(`fargate GB, ${architecture}`);
  const addresses =
    Properties.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp === 'ENABLED'
      ? [item('public IPv4 addresses', count * price('public IPv4 address'))]
      : [];
  return [item('servers', count * (vcpu + memory)), ...addresses];
}

/** A standby is a second instance with a second copy of the storage. */
function database({ Properties }: Resource): CostItem[] {
  const copies = Properties.MultiAZ ? 2 : 1;
  return [
    item('database', copies * price(Properties.DBInstanceClass)),
    item(
      'database storage',
      copies * Number(Properties.AllocatedStorage) * price(`database storage GB, ${Properties.StorageType}`),
    ),
  ];
}

/** A public one has an address in each of its subnets. */
function loadBalancer({ Properties }: Resource): CostItem[] {
  const addresses = Properties.Scheme === 'internet-facing' ? Properties.Subnets.length : 0;
  return [
    item('load balancer', price('application load balancer')),
    ...(addresses ? [item('public IPv4 addresses', addresses * price('public IPv4 address'))] : []),
  ];
}

function gatewayEndpoint({ Properties }: Resource): CostItem[] {
  if (Properties.VpcEndpointType !== 'Gateway') throw new Error('interface endpoints have no price here');
  return [];
}

/** What one of them costs in a month. */
function price(name: string): number {
  const found = prices[name as PriceName];
  if (!found) throw new Error(`'${name}' has no price; add one`);
  return found.unit === 'hour' ? found.usd * hoursPerMonth : found.usd;
}

function item(name: string, usd: number): CostItem {
  return { name, usd };
}

function ec2(name: string): string {
  return `AWS::EC2::${name}`;
}
