import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { IVpc, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  IApplicationListener,
  IApplicationLoadBalancer,
  SslPolicy,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { HostedZone, IHostedZone, PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  Compute,
  Endpoint,
  ExistingListenerEndpointProps,
  ExistingLoadBalancerEndpointProps,
  IEndpoint,
  InternalLoadBalancerEndpointProps,
  MlflowTrackingServer,
  MlflowTrackingServerProps,
  PublicLoadBalancerEndpointProps,
  ServerImage,
} from '../../src';
import { newStack } from '../support/new-app';
import { refused } from '../support/refused';

type Case = [string, () => unknown, string];

const GIVEN = newStack();
const CERTIFICATE = Certificate.fromCertificateArn(GIVEN, 'Certificate', 'arn:aws:acm:::certificate/given');
const GROUP = SecurityGroup.fromSecurityGroupId(GIVEN, 'Group', 'sg-1');
const BUCKET = Bucket.fromBucketName(GIVEN, 'Bucket', 'logs');
const ENCRYPTED = new Bucket(GIVEN, 'Encrypted', { encryptionKey: new Key(GIVEN, 'Key') });
const VPC = importedVpc(GIVEN, 'Vpc', { privateSubnetIds: ['s-1', 's-2'], publicSubnetIds: ['s-3', 's-4'] });
const PRIVATE_ZONE = new PrivateHostedZone(GIVEN, 'PrivateZone', { zoneName: 'example.com', vpc: VPC });
const NAME = 'mlflow.example.com';
const HTTPS = { certificate: CERTIFICATE, domainName: NAME };

export const LOAD_BALANCER_ARN =
  'arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/given/0123456789abcdef';
export const LISTENER_ARN =
  'arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener/app/given/0123456789abcdef/0123456789abcdef';
export const WEB_ACL_ARN = 'arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/team/0a1b-2c3d';

export function importedVpc(stack: Stack, id: string, subnets: Record<string, string[]>): IVpc {
  // Without them, the AWS CDK warns of each subnet.
  const routeTables = Object.entries(subnets).map(([name, ids]) => [
    name.replace(/Ids$/, 'RouteTableIds'),
    ids.map((subnet) => `rtb-${subnet}`),
  ]);
  return Vpc.fromVpcAttributes(stack, id, {
    vpcId: id,
    vpcCidrBlock: '10.0.0.0/16',
    availabilityZones: ['a', 'b'],
    ...subnets,
    ...Object.fromEntries(routeTables),
  });
}

export function importedZone(stack: Stack): IHostedZone {
  return HostedZone.fromHostedZoneAttributes(stack, 'GivenZone', { hostedZoneId: 'Z1', zoneName: 'example.com' });
}

export function importedLoadBalancer(stack: Stack, attributes: object = {}): IApplicationLoadBalancer {
  return ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'GivenLoadBalancer', {
    loadBalancerArn: LOAD_BALANCER_ARN,
    securityGroupId: 'sg-2',
    ...attributes,
  });
}

export function importedListener(stack: Stack): IApplicationListener {
  return ApplicationListener.fromApplicationListenerAttributes(stack, 'GivenListener', {
    listenerArn: LISTENER_ARN,
    securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'GivenListenerGroup', 'sg-0123456789abcdef3'),
  });
}

const ZONE = importedZone(GIVEN);
const LISTENER = importedListener(GIVEN);
const NAMELESS = importedLoadBalancer(GIVEN);
const OWN = new ApplicationLoadBalancer(GIVEN, 'Own', { vpc: VPC });
const FACING_BALANCER = new ApplicationLoadBalancer(GIVEN, 'Facing', { vpc: VPC, internetFacing: true });
const listenerOf = (loadBalancer: ApplicationLoadBalancer, port: number, protocol: ApplicationProtocol) =>
  loadBalancer.addListener(`Listener${port}`, { port, protocol, open: false });
const HTTP_LISTENER = listenerOf(OWN, 80, ApplicationProtocol.HTTP);
const HTTPS_LISTENER = listenerOf(OWN, 8443, ApplicationProtocol.HTTPS);
const FACING_LISTENER = listenerOf(FACING_BALANCER, 80, ApplicationProtocol.HTTP);

const internal = (props: InternalLoadBalancerEndpointProps) => () => Endpoint.internalLoadBalancer(props);
const open = (props: PublicLoadBalancerEndpointProps) => () => Endpoint.publicLoadBalancer(props);

const noName = (got: string): string =>
  `'domainName' must be a fully qualified domain name such as 'mlflow.example.com', without a scheme, a port or a trailing dot; got '${got}'`;

const NAMES: Case[] = [
  ...[
    'mlflow',
    '',
    'https://mlflow.example.com',
    'mlflow.example.com:443',
    'mlflow.example.com.',
    'mlflow..example.com',
    '-mlflow.example.com',
    'ml_flow.example.com',
    '*.example.com',
    'mlflow.example.com/ui',
    `${'a'.repeat(64)}.example.com`,
    `${'a.'.repeat(126)}aa`,
  ].map((name): Case => [`the name '${name}'`, internal({ domainName: name }), noName(name)]),
  [
    'a name outside of the zone',
    open({ domainName: 'mlflow.example.org', hostedZone: ZONE }),
    "'domainName' must be in the 'hostedZone' example.com; got 'mlflow.example.org'",
  ],
  [
    'a name that only ends like the zone',
    open({ domainName: 'mlflowexample.com', hostedZone: ZONE }),
    "'domainName' must be in the 'hostedZone' example.com; got 'mlflowexample.com'",
  ],
  [
    'a name that is too long for a certificate',
    open({ domainName: `${'a'.repeat(53)}.example.com`, hostedZone: ZONE }),
    "'domainName' must have at most 64 characters for a certificate; got 65, choose a shorter name or set 'certificate'",
  ],
  [
    'a zone without a name',
    open({ hostedZone: ZONE }),
    "'hostedZone' requires 'domainName', the name that clients use; set it, or remove 'hostedZone'",
  ],
  [
    'a certificate without a name',
    open({ certificate: CERTIFICATE }),
    "'certificate' requires 'domainName', the name that clients use; set it, or remove 'certificate'",
  ],
  [
    'a private zone without a certificate',
    internal({ domainName: NAME, hostedZone: PRIVATE_ZONE }),
    "'hostedZone' is private, and no certificate can be validated in it; set 'certificate' or 'plainHttp' true",
  ],
];

const noEffect = (prop: string): string =>
  `'${prop}' has no effect with plain HTTP; use HTTPS with 'certificate' or 'hostedZone', or remove '${prop}'`;
const UNENCRYPTED =
  "'certificate' or 'hostedZone' must be set, because passwords and data cross the internet; set one of them, or accept that they can be read in transit with 'plainHttp' true";

const ENCRYPTION: Case[] = [
  ['no certificate in public', open({}), UNENCRYPTED],
  ['no certificate for a name in public', open({ domainName: NAME }), UNENCRYPTED],
  [
    'HTTPS without a certificate',
    internal({ plainHttp: false }),
    "'plainHttp' is false, which requires 'certificate' or 'hostedZone'; set one of them, or remove 'plainHttp'",
  ],
  [
    'HTTPS without a certificate in public',
    open({ plainHttp: false }),
    "'plainHttp' is false, which requires 'certificate' or 'hostedZone'; set one of them, or remove 'plainHttp'",
  ],
  ['a certificate for plain HTTP', open({ ...HTTPS, plainHttp: true }), noEffect('certificate')],
  ['ciphers for plain HTTP', internal({ sslPolicy: SslPolicy.TLS13_13 }), noEffect('sslPolicy')],
  ['a redirect for plain HTTP', internal({ httpRedirect: true }), noEffect('httpRedirect')],
  ['no redirect for plain HTTP', internal({ httpRedirect: false }), noEffect('httpRedirect')],
  ...[0, -1, 65536, 1.5, NaN].map((port): Case => [
    `the port ${port}`,
    internal({ port }),
    `'port' must be a whole number from 1 to 65535; got ${port}`,
  ]),
  [
    'HTTPS on port 80, and a redirect',
    open({ ...HTTPS, port: 80 }),
    "'port' cannot be 80 with HTTPS, because port 80 is for the redirect; choose another port, or set 'httpRedirect' to false",
  ],
];

const CLIENTS: Case[] = [
  ...['10.0.0.0', '10.0.0.256/24', '10.0.0.0/33', 'office', ''].map((block): Case => [
    `the block '${block}'`,
    internal({ allowedCidrs: [block] }),
    `'allowedCidrs' must be IPv4 CIDR blocks such as '203.0.113.0/24'; got '${block}'${block === '10.0.0.0' ? ', append /32 for this one address' : ''}`,
  ]),
  [
    'no block',
    internal({ allowedCidrs: [] }),
    "'allowedCidrs' must have at least one CIDR block; got none, add one or remove it",
  ],
  [
    'the world as a block, inside',
    internal({ allowedCidrs: ['0.0.0.0/0'] }),
    "'allowedCidrs' must not be wider than /8, which allows large parts of the internet; got '0.0.0.0/0', specify smaller blocks",
  ],
  [
    'the world as a block, in public',
    open({ ...HTTPS, allowedCidrs: ['0.0.0.0/0'] }),
    "'allowedCidrs' must not be wider than /8, which allows large parts of the internet; got '0.0.0.0/0', specify smaller blocks or set 'openToTheWorld'",
  ],
  [
    'the world and a block',
    open({ ...HTTPS, openToTheWorld: true, allowedCidrs: ['10.0.0.0/8'] }),
    "'allowedCidrs' has no effect with 'openToTheWorld'; remove one of them",
  ],
  [
    'the world and a group',
    open({ ...HTTPS, openToTheWorld: true, allowedSecurityGroups: [GROUP] }),
    "'allowedSecurityGroups' has no effect with 'openToTheWorld'; remove one of them",
  ],
];

const SETTINGS: Case[] = [
  ...[0, 4001].map((seconds): Case => [
    `an idle timeout of ${seconds} s`,
    internal({ idleTimeout: Duration.seconds(seconds) }),
    `'idleTimeout' must be a whole number of seconds from 1 to 4000; got ${seconds} seconds`,
  ]),
  [
    'an idle timeout of a second and a half',
    internal({ idleTimeout: Duration.millis(1500) }),
    "'idleTimeout' must be a whole number of seconds from 1 to 4000; got 1.5 seconds",
  ],
  [
    'an idle timeout that is not known',
    internal({ idleTimeout: Duration.seconds(Lazy.number({ produce: () => 300 })) }),
    "'idleTimeout' must be known at synthesis, because the server's keep-alive timeout follows from it; got a token",
  ],
  ...[
    'team',
    'arn:aws:wafv2:us-east-1:111122223333:global/webacl/team/0a1b-2c3d',
    'arn:aws:waf-regional:eu-central-1:111122223333:webacl/0a1b-2c3d',
  ].map((arn): Case => [
    `the web ACL ${arn}`,
    open({ ...HTTPS, webAclArn: arn }),
    `'webAclArn' must be the ARN of a regional web ACL such as 'arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/name/id'; got '${arn}'`,
  ]),
  [
    'a bucket for logs with a key of its own',
    internal({ accessLogsBucket: ENCRYPTED }),
    "'accessLogsBucket' must be encrypted with keys that Amazon S3 manages, because load balancers cannot write to other buckets; got one with an AWS KMS key",
  ],
  [
    'several problems',
    open({ port: 0, domainName: 'mlflow', allowedCidrs: [], idleTimeout: Duration.hours(2) }),
    'Endpoint.publicLoadBalancer() has 5 problems:\n' +
      [
        noName('mlflow'),
        UNENCRYPTED,
        "'port' must be a whole number from 1 to 65535; got 0",
        "'allowedCidrs' must have at least one CIDR block; got none, add one or remove it",
        "'idleTimeout' must be a whole number of seconds from 1 to 4000; got 7200 seconds",
      ]
        .map((message) => `- ${message}`)
        .join('\n'),
  ],
];

const onLoadBalancer = (loadBalancer: IApplicationLoadBalancer, props?: ExistingLoadBalancerEndpointProps) => () =>
  Endpoint.onLoadBalancer(loadBalancer, props);
const RULE = { domainName: NAME, priority: 7 };
const onListener =
  (listener: IApplicationListener, props: Partial<ExistingListenerEndpointProps> = {}) =>
  () =>
    Endpoint.onListener(listener, { ...RULE, ...props });

const INTERNAL_ONLY =
  "'openToTheWorld' requires an internet-facing load balancer; got an internal one, specify clients with 'allowedCidrs'";
const NOT_FACING =
  "'internetFacing' must be true, because the scheme of the load balancer is internet-facing; got false, remove 'internetFacing'";
const FACING =
  "'internetFacing' must be false, because the scheme of the load balancer is internal; got true, remove 'internetFacing'";
const UNENCRYPTED_LISTENER =
  "the listener must be for HTTPS, because passwords and data cross the internet; choose another listener, or accept that they can be read in transit with 'plainHttp' true";

const EXISTING: Case[] = [
  [
    'an imported load balancer that is not said to be internal, without a certificate',
    onLoadBalancer(NAMELESS, { domainName: NAME }),
    "'certificate' or 'hostedZone' must be set, because passwords and data cross the internet; set one of them, set 'internetFacing' to false if the load balancer is internal, or accept that they can be read in transit with 'plainHttp' true",
  ],
  [
    'an imported load balancer that is internet-facing, without a certificate',
    onLoadBalancer(NAMELESS, { domainName: NAME, internetFacing: true }),
    UNENCRYPTED,
  ],
  ['an internet-facing load balancer without a certificate', onLoadBalancer(FACING_BALANCER), UNENCRYPTED],
  [
    'an internet-facing load balancer as internal',
    onLoadBalancer(FACING_BALANCER, { internetFacing: false, plainHttp: true }),
    NOT_FACING,
  ],
  ['an internal load balancer as internet-facing', onLoadBalancer(OWN, { internetFacing: true }), FACING],
  [
    'a listener of an internet-facing load balancer as internal',
    onListener(FACING_LISTENER, { internetFacing: false, plainHttp: true }),
    NOT_FACING,
  ],
  [
    'a listener of an internal load balancer as internet-facing',
    onListener(HTTPS_LISTENER, { internetFacing: true }),
    FACING,
  ],
  ['the world in an internal load balancer', onLoadBalancer(OWN, { openToTheWorld: true }), INTERNAL_ONLY],
  [
    'the world in an imported load balancer that is internal',
    onLoadBalancer(NAMELESS, { domainName: NAME, internetFacing: false, openToTheWorld: true }),
    INTERNAL_ONLY,
  ],
  [
    'the world in a listener of an internal load balancer',
    onListener(HTTPS_LISTENER, { openToTheWorld: true }),
    INTERNAL_ONLY,
  ],
  [
    'the world and a block, on an existing listener',
    onListener(LISTENER, { openToTheWorld: true, allowedCidrs: ['10.0.0.0/8'] }),
    "'allowedCidrs' has no effect with 'openToTheWorld'; remove one of them",
  ],
  [
    'an idle timeout of an existing load balancer',
    onLoadBalancer(OWN, { idleTimeout: Duration.hours(2) }),
    "'idleTimeout' must be a whole number of seconds from 1 to 4000; got 7200 seconds",
  ],
  ...[0, 50001, 1.5].map((priority): Case => [
    `the priority ${priority}`,
    onListener(LISTENER, { priority }),
    `'priority' must be a whole number from 1 to 50000; got ${priority}`,
  ]),
  [
    'no condition',
    onListener(LISTENER, { conditions: [] }),
    "'conditions' must have at least one condition; got none, add one or remove 'conditions'",
  ],
  [
    'a load balancer without a known name',
    onLoadBalancer(NAMELESS, { internetFacing: false }),
    "the DNS name of the load balancer is not known; import it with 'loadBalancerDnsName', or set 'domainName'",
  ],
  [
    'a load balancer that cannot have an alias',
    onLoadBalancer(NAMELESS, { domainName: NAME, hostedZone: ZONE }),
    "'hostedZone' requires a load balancer whose DNS name and hosted zone are known; import it with 'loadBalancerDnsName' and 'loadBalancerCanonicalHostedZoneId', or remove 'hostedZone'",
  ],
  [
    'plain HTTP on a listener for HTTPS',
    onListener(HTTPS_LISTENER, { plainHttp: true }),
    "'plainHttp' cannot be true with a listener for HTTPS; remove 'plainHttp'",
  ],
  [
    'HTTPS on a listener for plain HTTP',
    onListener(HTTP_LISTENER, { plainHttp: false }),
    "'plainHttp' cannot be false with a listener for HTTP; choose a listener for HTTPS, or remove 'plainHttp'",
  ],
  ['a listener for plain HTTP in public', onListener(FACING_LISTENER), UNENCRYPTED_LISTENER],
  [
    'another port than the listener’s',
    onListener(HTTPS_LISTENER, { port: 443 }),
    "'port' must be 8443, the port of the listener; got 443, remove 'port'",
  ],
  [
    'a port that does not exist, of an imported listener',
    onListener(LISTENER, { port: 0 }),
    "'port' must be a whole number from 1 to 65535; got 0",
  ],
  ['a name of an existing listener', onListener(LISTENER, { domainName: 'mlflow' }), noName('mlflow')],
  [
    'several problems of an existing listener',
    onListener(LISTENER, { domainName: '', priority: 0 }),
    'Endpoint.onListener() has 2 problems:\n' +
      `- ${noName('')}\n- 'priority' must be a whole number from 1 to 50000; got 0`,
  ],
  [
    'several problems of an existing load balancer',
    onLoadBalancer(FACING_BALANCER, { domainName: '' }),
    `Endpoint.onLoadBalancer() has 2 problems:\n- ${noName('')}\n- ${UNENCRYPTED}`,
  ],
];

const unbound = (property: string, name: string): string =>
  `'${property}' of ${name} does not exist yet; pass the ${name} to an MlflowTrackingServer first`;
const GETTERS: Case[] = [
  ...(['loadBalancer', 'listener', 'targetGroup'] as const).flatMap((property): Case[] => [
    [
      `${property} of an internal endpoint, too early`,
      () => Endpoint.internalLoadBalancer()[property],
      unbound(property, 'Endpoint.internalLoadBalancer()'),
    ],
    [
      `${property} of a public endpoint, too early`,
      () => Endpoint.publicLoadBalancer(HTTPS)[property],
      unbound(property, 'Endpoint.publicLoadBalancer()'),
    ],
  ]),
  ...(['listener', 'targetGroup'] as const).map((property): Case => [
    `${property} of an endpoint on a load balancer, too early`,
    () => Endpoint.onLoadBalancer(OWN)[property],
    unbound(property, 'Endpoint.onLoadBalancer()'),
  ]),
  ...(['rule', 'targetGroup'] as const).map((property): Case => [
    `${property} of an endpoint on a listener, too early`,
    () => Endpoint.onListener(HTTPS_LISTENER, RULE)[property],
    unbound(property, 'Endpoint.onListener()'),
  ]),
];

/** What no endpoint with a load balancer accepts. */
export const ENDPOINT_ERRORS: Case[] = [...NAMES, ...ENCRYPTION, ...CLIENTS, ...SETTINGS, ...EXISTING, ...GETTERS];

const ISOLATED = { isolatedSubnetIds: ['s-1', 's-2'] };
const notInEcr = (image: string): string =>
  `'image' must be in Amazon ECR where 'vpc' has isolated subnets only; got ${image}, use ServerImage.hardened(), fromAsset() or fromEcrRepository(), or choose a VPC with internet access`;

/** What the construct refuses before anything is defined. */
export const ENDPOINT_PROPS: [string, (stack: Stack) => MlflowTrackingServerProps, string][] = [
  [
    'a load balancer in another VPC',
    (stack) => ({
      vpc: importedVpc(stack, 'vpc-1', { privateSubnetIds: ['s-1', 's-2'] }),
      endpoint: Endpoint.onLoadBalancer(OWN),
    }),
    "'vpc' must be the VPC that an existing load balancer is in; got another one, remove 'vpc' or choose another endpoint",
  ],
  [
    'a listener in a VPC that is not known',
    () => ({ endpoint: Endpoint.onListener(LISTENER, RULE) }),
    "'vpc' must be set, because the VPC of an existing listener is not known; set it to that VPC",
  ],
  [
    'a public load balancer in a VPC without public subnets',
    (stack) => ({
      vpc: importedVpc(stack, 'vpc-1', { privateSubnetIds: ['s-1', 's-2'] }),
      endpoint: Endpoint.publicLoadBalancer(HTTPS),
    }),
    "'vpc' must have public subnets, for a public load balancer; got none, add them or choose another VPC",
  ],
  [
    'an image of another registry in a VPC without a way out',
    (stack) => ({
      vpc: importedVpc(stack, 'vpc-1', ISOLATED),
      image: ServerImage.fromRegistry('public.ecr.aws/team/mlflow:3.17.2'),
    }),
    notInEcr('ServerImage.fromRegistry()'),
  ],
  [
    'the official image in a VPC without a way out',
    (stack) => ({ vpc: importedVpc(stack, 'vpc-1', ISOLATED) }),
    notInEcr('ServerImage.official()'),
  ],
  ...[undefined, ServerImage.hardened(), ServerImage.official()].map((image): (typeof ENDPOINT_PROPS)[number] => [
    `EC2 in a VPC without a way out, with ${image?.capabilities.displayName ?? 'no image'}`,
    (stack) => ({ vpc: importedVpc(stack, 'vpc-1', ISOLATED), compute: Compute.ec2(), image }),
    "'vpc' must have private subnets with internet access for EC2 compute, whose servers fetch their packages; got isolated subnets only, add some or choose another compute",
  ]),
];

/** What is known only while the parts are defined. */
export const ENDPOINT_DEFINING: Case[] = [
  [
    'access logs in a region that is not known',
    refused(() => ({ endpoint: Endpoint.internalLoadBalancer({ accessLogsBucket: BUCKET }) })),
    "'accessLogsBucket' of the endpoint requires a stack with an explicit Region; set 'region' in the 'env' of the stack, or remove 'accessLogsBucket'",
  ],
  [
    'one Endpoint.publicLoadBalancer() for two servers',
    () => {
      const stack = newStack();
      const endpoint = Endpoint.publicLoadBalancer(HTTPS);
      new MlflowTrackingServer(stack, 'One', { endpoint });
      new MlflowTrackingServer(stack, 'Two', { endpoint });
    },
    'this Endpoint.publicLoadBalancer() already belongs to an MlflowTrackingServer; create another one for the second server',
  ],
  ...(
    [
      ['Endpoint.onLoadBalancer()', (balancer) => Endpoint.onLoadBalancer(balancer)],
      [
        'Endpoint.onListener()',
        (balancer) => Endpoint.onListener(listenerOf(balancer, 80, ApplicationProtocol.HTTP), RULE),
      ],
    ] as [string, (balancer: ApplicationLoadBalancer) => IEndpoint][]
  ).map(([name, make]): Case => [
    `one ${name} for two servers`,
    () => {
      const stack = newStack();
      const vpc = importedVpc(stack, 'vpc-1', { privateSubnetIds: ['s-1', 's-2'] });
      const endpoint = make(new ApplicationLoadBalancer(stack, 'Existing', { vpc }));
      new MlflowTrackingServer(stack, 'One', { endpoint });
      new MlflowTrackingServer(stack, 'Two', { endpoint });
    },
    `this ${name} already belongs to an MlflowTrackingServer; create another one for the second server`,
  ]),
];
