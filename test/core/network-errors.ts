import { Stack } from 'aws-cdk-lib';
import {
  CfnRoute,
  GatewayVpcEndpoint,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  ISubnet,
  IVpc,
  SecurityGroup,
  Subnet,
  SubnetType,
  Vpc,
  VpcAttributes,
} from 'aws-cdk-lib/aws-ec2';
import { Cluster } from 'aws-cdk-lib/aws-ecs';
import { SubnetGroup } from 'aws-cdk-lib/aws-rds';
import {
  BackendStore,
  Compute,
  Endpoint,
  IsolatedVpc,
  MlflowTrackingServerProps,
  Profile,
  ServerImage,
} from '../../src';
import { FakeBackendStore, FakeEndpoint } from '../support/fakes';

type Case = [string, (stack: Stack) => MlflowTrackingServerProps, string];

const PLAIN = { domainName: 'mlflow.example.com', plainHttp: true, openToTheWorld: true };

/** A VPC that adds nothing to the template: two zones, without its block of addresses. */
export function withoutBlock(stack: Stack, attributes: Partial<VpcAttributes> = {}): IVpc {
  return Vpc.fromVpcAttributes(stack, 'Imported', {
    vpcId: 'vpc-1',
    availabilityZones: ['a', 'b'],
    privateSubnetIds: ['s-1', 's-2'],
    publicSubnetIds: ['s-3', 's-4'],
    ...attributes,
  });
}

const ONE_ZONE = { availabilityZones: ['a'], privateSubnetIds: ['s-1'], publicSubnetIds: ['s-3'] };

/** The same with its block, in one zone. */
const inOneZone = (stack: Stack, attributes: Partial<VpcAttributes> = {}) =>
  withoutBlock(stack, { vpcCidrBlock: '10.0.0.0/16', ...ONE_ZONE, ...attributes });

/** What `natGateways: 0` makes: public and isolated subnets. */
const withoutNatGateways = (stack: Stack) =>
  withoutBlock(stack, {
    vpcCidrBlock: '10.0.0.0/16',
    privateSubnetIds: undefined,
    isolatedSubnetIds: ['s-1', 's-2'],
  });

const subnet = (stack: Stack, id: string, availabilityZone?: string): ISubnet =>
  Subnet.fromSubnetAttributes(stack, id, { subnetId: id, availabilityZone, routeTableId: 'rtb-1' });

const NO_BLOCK =
  "'vpc' must have a known CIDR block, which an internal load balancer allows by default; import it with 'vpcCidrBlock', or set 'allowedCidrs' of the endpoint";
const balancerZones = (endpoint: string) =>
  `'vpc' must have subnets in at least two Availability Zones, for ${endpoint}; got one, choose a VPC with more, such as with 'maxAzs' 2`;
const DATABASE_ZONES =
  "'vpc' must have subnets that are not public in at least two Availability Zones, for the database; got one, choose a VPC with more, such as with 'maxAzs' 2";
const selectedZones = (endpoint: string) =>
  `'vpcSubnets' of ${endpoint} must be in at least two Availability Zones; got one, choose more subnets`;
const noWayOut = (compute: string, what: string, ways: string) =>
  `'vpc' must have private subnets with internet access for ${compute} compute, ${what} over the internet; got public and isolated subnets, ${ways}`;
const all = (...messages: string[]) =>
  `MlflowTrackingServer has ${messages.length} problems:\n${messages.map((message) => `- ${message}`).join('\n')}`;

const noEndpoints = (missing: string) =>
  `'vpc' must have VPC endpoints for ${missing} if it has no internet access, because no task starts without them; add NAT gateways to the VPC, or add the endpoints before you define the server, as IsolatedVpc does`;
const NO_AGENT =
  "'vpc' must have VPC endpoints for ecs, ecs-agent, ecs-telemetry if it has no internet access, because the instances register in their cluster through them; add them, in IsolatedVpc with 'containerInstances'";
const ISOLATED = [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }];

/** Endpoints that are defined beside the VPC. */
function endpointsOf(
  vpc: IVpc,
  stack: Stack,
  services: ('ECR' | 'ECR_DOCKER' | 'CLOUDWATCH_LOGS' | 'SECRETS_MANAGER')[],
) {
  for (const name of services) {
    new InterfaceVpcEndpoint(stack, name, { vpc, service: InterfaceVpcEndpointAwsService[name] });
  }
  new GatewayVpcEndpoint(stack, 'S3', { vpc, service: GatewayVpcEndpointAwsService.S3 });
}

const PULLS = 'which pulls ServerImage.official()';
const FETCHES = 'whose servers fetch their packages';
const ADDRESS = "set 'assignPublicIp' of the compute to true, or add NAT gateways to the VPC";

/** What the construct refuses of a network before anything is defined. */
export const NETWORK_PROPS: Case[] = [
  ['a VPC without its block', (stack) => ({ vpc: withoutBlock(stack) }), NO_BLOCK],
  [
    'a VPC without its block, with whatever else is wrong',
    (stack) => ({ vpc: withoutBlock(stack, ONE_ZONE), server: { workers: 0 } }),
    all(
      NO_BLOCK,
      balancerZones('an internal load balancer'),
      DATABASE_ZONES,
      "'server.workers' must be a whole number of at least 1; got 0",
    ),
  ],
  [
    'a VPC with one zone',
    (stack) => ({ vpc: inOneZone(stack) }),
    all(balancerZones('an internal load balancer'), DATABASE_ZONES),
  ],
  [
    'one zone of a public load balancer',
    (stack) => ({
      vpc: inOneZone(stack),
      endpoint: Endpoint.publicLoadBalancer(PLAIN),
      backendStore: new FakeBackendStore(),
    }),
    balancerZones('a public load balancer'),
  ],
  [
    'one zone of a database alone',
    (stack) => ({ vpc: inOneZone(stack), endpoint: Endpoint.portForwarding() }),
    DATABASE_ZONES,
  ],
  [
    'one zone of a cluster’s VPC',
    (stack) => ({
      compute: Compute.fargate({
        cluster: Cluster.fromClusterAttributes(stack, 'Cluster', { clusterName: 'given', vpc: inOneZone(stack) }),
      }),
    }),
    all(balancerZones('an internal load balancer'), DATABASE_ZONES),
  ],
  [
    'isolated subnets in one zone, beside private ones in two',
    (stack) => ({
      vpc: withoutBlock(stack, { vpcCidrBlock: '10.0.0.0/16' }),
      endpoint: Endpoint.internalLoadBalancer({ vpcSubnets: { availabilityZones: ['b'] } }),
    }),
    selectedZones('an internal load balancer'),
  ],
  [
    'two subnets of one zone',
    (stack) => ({
      vpc: withoutBlock(stack),
      endpoint: Endpoint.publicLoadBalancer({
        ...PLAIN,
        vpcSubnets: { subnets: [subnet(stack, 's-3', 'a'), subnet(stack, 's-9', 'a')] },
      }),
    }),
    selectedZones('a public load balancer'),
  ],
  ...[Compute.fargate(), Compute.fargate({ assignPublicIp: false })].map((compute, index): Case => [
    `a VPC without NAT gateways, ${index}`,
    (stack) => ({ vpc: withoutNatGateways(stack), compute }),
    noWayOut('Fargate', PULLS, ADDRESS),
  ]),
  [
    'a VPC without NAT gateways, in production',
    (stack) => ({ vpc: withoutNatGateways(stack), profile: Profile.PRODUCTION }),
    noWayOut('Fargate', PULLS, ADDRESS),
  ],
  [
    'EC2 in a VPC without NAT gateways',
    (stack) => ({ vpc: withoutNatGateways(stack), compute: Compute.ec2() }),
    noWayOut('EC2', FETCHES, 'use Endpoint.instanceAddress(), or add NAT gateways to the VPC'),
  ],
  [
    'ECS on EC2 in a VPC without NAT gateways',
    (stack) => ({ vpc: withoutNatGateways(stack), compute: Compute.ecsOnEc2() }),
    noWayOut('ECS on EC2', PULLS, 'add NAT gateways to the VPC'),
  ],
  ...(
    [
      ['without NAT gateways', (stack) => new Vpc(stack, 'Own', { maxAzs: 2, natGateways: 0 })],
      ['with isolated subnets', (stack) => new Vpc(stack, 'Own', { maxAzs: 2, subnetConfiguration: ISOLATED })],
    ] as [string, (stack: Stack) => IVpc][]
  ).flatMap(([name, vpcOf]): Case[] => [
    [
      `an image in Amazon ECR for Fargate in a VPC of the app ${name}`,
      (stack) => ({ vpc: vpcOf(stack), image: ServerImage.hardened() }),
      noEndpoints('ecr.api, ecr.dkr, logs, s3, secretsmanager'),
    ],
    [
      `an image in Amazon ECR for ECS on EC2 in a VPC of the app ${name}`,
      (stack) => ({ vpc: vpcOf(stack), image: ServerImage.hardened(), compute: Compute.ecsOnEc2() }),
      all(noEndpoints('ecr.api, ecr.dkr, logs, s3, secretsmanager'), NO_AGENT),
    ],
  ]),
  [
    'an endpoint that is missing among others',
    (stack) => {
      const vpc = new Vpc(stack, 'Own', { maxAzs: 2, natGateways: 0 });
      endpointsOf(vpc, stack, ['ECR', 'CLOUDWATCH_LOGS', 'SECRETS_MANAGER']);
      return { vpc, image: ServerImage.hardened() };
    },
    noEndpoints('ecr.dkr'),
  ],
];

/** What the construct accepts of a network. */
export const LEGAL_NETWORKS: [string, (stack: Stack) => MlflowTrackingServerProps][] = [
  ...(
    [
      ['blocks', () => ({ allowedCidrs: ['10.0.0.0/16'] })],
      ['groups', (stack) => ({ allowedSecurityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')] })],
    ] as [string, (stack: Stack) => object][]
  ).map(([name, clients]): (typeof LEGAL_NETWORKS)[number] => [
    `a VPC without its block, with ${name} that may connect`,
    (stack) => ({ vpc: withoutBlock(stack), endpoint: Endpoint.internalLoadBalancer(clients(stack)) }),
  ]),
  [
    'a VPC without its block, for a public load balancer',
    (stack) => ({ vpc: withoutBlock(stack), endpoint: Endpoint.publicLoadBalancer(PLAIN) }),
  ],
  [
    'a VPC without its block, for port forwarding',
    (stack) => ({ vpc: withoutBlock(stack), endpoint: Endpoint.portForwarding() }),
  ],
  [
    'one zone, where nothing needs two',
    (stack) => ({ vpc: inOneZone(stack), endpoint: new FakeEndpoint(), backendStore: new FakeBackendStore() }),
  ],
  [
    'one zone of the servers, and two of the load balancer and of a given group of subnets',
    (stack) => ({
      vpc: inOneZone(stack),
      endpoint: Endpoint.internalLoadBalancer({
        vpcSubnets: { subnets: [subnet(stack, 's-5', 'a'), subnet(stack, 's-6', 'b')] },
      }),
      backendStore: BackendStore.rdsPostgres({ subnetGroup: SubnetGroup.fromSubnetGroupName(stack, 'Group', 'given') }),
    }),
  ],
  ['a new VPC with two zones', (stack) => ({ vpc: new Vpc(stack, 'New', { maxAzs: 2 }) })],
  [
    'public subnets for tasks with addresses',
    (stack) => ({ vpc: withoutNatGateways(stack), compute: Compute.fargate({ assignPublicIp: true }) }),
  ],
  [
    'public subnets for an instance with an address',
    (stack) => ({ vpc: withoutNatGateways(stack), compute: Compute.ec2(), endpoint: Endpoint.instanceAddress() }),
  ],
  [
    'an image in Amazon ECR where there are VPC endpoints',
    (stack) => ({ vpc: new IsolatedVpc(stack, 'Isolated'), image: ServerImage.hardened() }),
  ],
  [
    'the same where they are defined beside the VPC',
    (stack) => {
      const vpc = new Vpc(stack, 'Own', { maxAzs: 2, natGateways: 0 });
      endpointsOf(vpc, stack, ['ECR', 'ECR_DOCKER', 'CLOUDWATCH_LOGS', 'SECRETS_MANAGER']);
      return { vpc, image: ServerImage.hardened() };
    },
  ],
  [
    'the same where isolated subnets have a route to elsewhere',
    (stack) => {
      const vpc = new Vpc(stack, 'Own', { maxAzs: 2, natGateways: 0 });
      const { routeTableId } = vpc.isolatedSubnets[0].routeTable;
      new CfnRoute(stack, 'ToHub', { routeTableId, destinationCidrBlock: '0.0.0.0/0', transitGatewayId: 'tgw-1' });
      return { vpc, image: ServerImage.hardened() };
    },
  ],
  [
    'the same where nothing is known of the VPC',
    (stack) => ({ vpc: withoutNatGateways(stack), image: ServerImage.hardened() }),
  ],
  [
    'the same for tasks with public addresses',
    (stack) => ({
      vpc: new Vpc(stack, 'Own', { maxAzs: 2, natGateways: 0 }),
      image: ServerImage.hardened(),
      compute: Compute.fargate({ assignPublicIp: true }),
    }),
  ],
];
