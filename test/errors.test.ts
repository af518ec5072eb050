import { Duration, Size, Stack } from 'aws-cdk-lib';
import { IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster } from 'aws-cdk-lib/aws-ecs';
import { CaCertificate } from 'aws-cdk-lib/aws-rds';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  AccessPath,
  ArtifactStore,
  Authentication,
  BackendStore,
  Compute,
  ComputeCapabilities,
  Endpoint,
  MlflowTrackingServer,
  MlflowTrackingServerProps,
  MlflowVersion,
  ServerImage,
} from '../src';
import { EC2_DEFINING, EC2_ERRORS, EC2_PROPS } from './compute/ec2/errors';
import { ECS_ON_EC2_DEFINING, ECS_ON_EC2_ERRORS, ECS_ON_EC2_PROPS } from './compute/ecs-on-ec2/errors';
import { EKS_DEFINING, EKS_ERRORS, EKS_PROPS } from './compute/eks/errors';
import { FARGATE_DEFINING, FARGATE_ERRORS } from './compute/fargate/errors';
import { SAGE_MAKER_ERRORS } from './compute/sage-maker/errors';
import { LEGAL_NETWORKS, NETWORK_PROPS } from './core/network-errors';
import { ENDPOINT_DEFINING, ENDPOINT_ERRORS, ENDPOINT_PROPS } from './endpoint/errors';
import { MONITORING_ERRORS } from './monitoring/errors';
import { SERVER_IMAGE_ERRORS } from './server/image/errors';
import { SERVER_OPTIONS_PROPS } from './server/server-options-errors';
import {
  FakeArtifactStore,
  FakeAuthentication,
  FakeBackendStore,
  FakeCompute,
  FakeEndpoint,
  SelfContainedCompute,
} from './support/fakes';
import { messageTemplates } from './support/message-templates';
import { newStack } from './support/new-app';
import { refused } from './support/refused';
import { STORE_ERRORS } from './support/store-errors';
import { elementsIn, messageOf } from './support/templates';

/** A VPC that adds nothing to the template. */
function importedVpc(stack: Stack, id: string, privateSubnetIds: string[] = ['subnet-1', 'subnet-2']): IVpc {
  return Vpc.fromVpcAttributes(stack, id, {
    vpcId: id,
    vpcCidrBlock: '10.0.0.0/16',
    availabilityZones: ['a', 'b'],
    ...(privateSubnetIds.length > 0 ? { privateSubnetIds } : { publicSubnetIds: ['subnet-1', 'subnet-2'] }),
  });
}

function isolatedVpc(stack: Stack): IVpc {
  return Vpc.fromVpcAttributes(stack, 'Isolated', {
    vpcId: 'vpc-1',
    availabilityZones: ['a', 'b'],
    isolatedSubnetIds: ['subnet-1', 'subnet-2'],
    vpcCidrBlock: '10.0.0.0/16',
  });
}

const OTHER_REGION = newStack({ env: { region: 'xx-nowhere-1' } });

/** What no constructor of a strategy accepts. */
const STRATEGIES: [() => unknown, string][] = [
  ...STORE_ERRORS,
  [
    () => Compute.fargate({ cpu: 512 }),
    "'cpu' and 'memoryLimitMiB' must be set together, because Fargate supports certain combinations only; set both or neither",
  ],
  [
    () => Compute.fargate({ memoryLimitMiB: 1024 }),
    "'cpu' and 'memoryLimitMiB' must be set together, because Fargate supports certain combinations only; set both or neither",
  ],
  [
    () => Compute.fargate({ cpu: 1000, memoryLimitMiB: 2048 }),
    "'cpu' must be one of 256, 512, 1024, 2048, 4096, 8192, 16384; got 1000",
  ],
  [
    () => Compute.fargate({ cpu: 2, memoryLimitMiB: 4096 }),
    "'cpu' must be one of 256, 512, 1024, 2048, 4096, 8192, 16384; got 2, 1 vCPU is 1024 units: 2048 for 2",
  ],
  [
    () => Compute.fargate({ cpu: 512, memoryLimitMiB: 512 }),
    "'memoryLimitMiB' with 'cpu' 512 must be from 1024 to 4096 in steps of 1024; got 512",
  ],
  [() => Compute.fargate({ replicas: 0 }), "'replicas' must be a whole number of at least 1; got 0"],
  [() => Compute.fargate({ replicas: 1.5 }), "'replicas' must be a whole number of at least 1; got 1.5"],
  [
    () => Compute.fargate({ ephemeralStorage: Size.gibibytes(20) }),
    "'ephemeralStorage' must be a whole number of GiB from 21 to 200; got 20 GiB",
  ],
  [
    () => Compute.fargate({ ephemeralStorage: Size.gibibytes(201) }),
    "'ephemeralStorage' must be a whole number of GiB from 21 to 200; got 201 GiB",
  ],
  [
    () => Compute.fargate({ ephemeralStorage: Size.mebibytes(22016) }),
    "'ephemeralStorage' must be a whole number of GiB from 21 to 200; got 21.5 GiB",
  ],
  [
    () => Compute.fargate({ cpu: 1, memoryLimitMiB: 1, replicas: -1, ephemeralStorage: Size.gibibytes(1) }),
    'Compute.fargate() has 3 problems:\n' +
      "- 'cpu' must be one of 256, 512, 1024, 2048, 4096, 8192, 16384; got 1, 1 vCPU is 1024 units: 1024 for 1\n" +
      "- 'ephemeralStorage' must be a whole number of GiB from 21 to 200; got 1 GiB\n" +
      "- 'replicas' must be a whole number of at least 1; got -1",
  ],
  [
    () => ArtifactStore.s3({ prefix: '' }),
    "'prefix' must not be empty, and must not start or end with a slash; got ''",
  ],
  [
    () => ArtifactStore.s3({ prefix: '/a' }),
    "'prefix' must not be empty, and must not start or end with a slash; got '/a'",
  ],
  [
    () => ArtifactStore.s3({ prefix: 'a/' }),
    "'prefix' must not be empty, and must not start or end with a slash; got 'a/'",
  ],
  [
    () => ArtifactStore.s3({ prefix: '/' }),
    "'prefix' must not be empty, and must not start or end with a slash; got '/'",
  ],
  [
    () => Authentication.basic({ cacheTtl: Duration.millis(1500) }),
    "'cacheTtl' must be a whole number of seconds; got 1500 milliseconds",
  ],
  [
    () => MlflowVersion.of(Stack.of(OTHER_REGION).stackId),
    "the MLflow version must be known at synthesis; got a token, pass a string such as '3.17.2'",
  ],
  [() => MlflowVersion.of('3.17'), "the MLflow version must be a full version number such as '3.17.2'; got '3.17'"],
  [
    () => MlflowVersion.of('v3.17.2'),
    "the MLflow version must be a full version number such as '3.17.2'; got 'v3.17.2'",
  ],
  [
    () => MlflowVersion.of('3.17.2rc1'),
    "the MLflow version must be a full version number such as '3.17.2'; got '3.17.2rc1'",
  ],
  [() => MlflowVersion.of('3.16.9'), "the MLflow version must be 3.17.0 or newer; got '3.16.9'"],
  [() => MlflowVersion.of('2.22.1'), "the MLflow version must be 3.17.0 or newer; got '2.22.1'"],
  [
    () => Compute.fargate().service,
    "'service' of Compute.fargate() does not exist yet; pass the Compute.fargate() to an MlflowTrackingServer first",
  ],
  [
    () => Compute.fargate().cluster,
    "'cluster' of Compute.fargate() does not exist yet; pass the Compute.fargate() to an MlflowTrackingServer first",
  ],
  [
    () => Compute.fargate().taskDefinition,
    "'taskDefinition' of Compute.fargate() does not exist yet; pass the Compute.fargate() to an MlflowTrackingServer first",
  ],
  [
    () => BackendStore.rdsPostgres().instance,
    "'instance' of BackendStore.rdsPostgres() does not exist yet; pass the BackendStore.rdsPostgres() to an MlflowTrackingServer first",
  ],
  [
    () => ArtifactStore.s3().bucket,
    "'bucket' of ArtifactStore.s3() does not exist yet; pass the ArtifactStore.s3() to an MlflowTrackingServer first",
  ],
  [
    () => Endpoint.internalLoadBalancer().loadBalancer,
    "'loadBalancer' of Endpoint.internalLoadBalancer() does not exist yet; pass the Endpoint.internalLoadBalancer() to an MlflowTrackingServer first",
  ],
  [
    () => Authentication.basic().administrator,
    "'administrator' of Authentication.basic() does not exist yet; pass the Authentication.basic() to an MlflowTrackingServer first",
  ],
];

const managed = (prop: keyof MlflowTrackingServerProps, reason: string) =>
  `'${prop}' cannot be set with Managed compute, which ${reason}; remove '${prop}' or choose another compute`;

/** A compute's own endpoint. */
const OWN = { isPublic: false, hostNames: ['fake.example.com'] };

/** What the construct refuses before anything is defined. */
const PROPS: [string, (stack: Stack) => MlflowTrackingServerProps, string][] = [
  [
    'port forwarding to a compute without Session Manager',
    () => ({ compute: new FakeCompute(), endpoint: Endpoint.portForwarding() }),
    "'endpoint' cannot be port forwarding with Fake compute, whose servers cannot be reached through Session Manager; choose an endpoint that uses a load balancer, or another compute",
  ],
  [
    'any endpoint to a compute that supports no access path',
    () => ({ compute: new FakeCompute({ accessPaths: [] }) }),
    "'endpoint' cannot be an internal load balancer with Fake compute, whose servers cannot be reached through a load balancer; choose another compute",
  ],
  [
    'a managed compute whose capabilities say more',
    () => ({ compute: new FakeCompute({ managed: true, size: { replicas: 2 }, needsInternet: false }) }),
    'MlflowTrackingServer has 2 problems:\n' +
      ["'size'", "'needsInternet'"]
        .map((name) => `- ${name} in the capabilities of Fake compute has no effect with 'managed'; remove one of them`)
        .join('\n'),
  ],
  [
    'a compute with its own endpoint that supports access paths, too',
    () => ({
      compute: new FakeCompute({
        endpoint: OWN,
        accessPaths: [AccessPath.LOAD_BALANCER],
      }),
    }),
    "'accessPaths' in the capabilities of Fake compute has no effect with its own 'endpoint'; remove one of them",
  ],
  [
    'a compute with its own endpoint without names',
    () => ({ compute: new FakeCompute({ endpoint: { isPublic: false, hostNames: [] } }) }),
    "'endpoint.hostNames' in the capabilities of Fake compute must have a name or a pattern, because the server refuses requests for any other; got none",
  ],
  [
    'endpoint and a compute that has its own and runs the server',
    () => ({
      compute: new FakeCompute({ endpoint: OWN }),
      endpoint: Endpoint.internalLoadBalancer(),
    }),
    "'endpoint' cannot be set with Fake compute, which has its own endpoint; remove 'endpoint' or choose another compute",
  ],
  ...(['single sign-on', undefined] as const).map((displayName): (typeof PROPS)[number] => [
    `${displayName ?? 'an authentication without a name'} over plain HTTP`,
    () => ({ authentication: new FakeAuthentication({ displayName, needsHttps: true }) }),
    `'authentication' cannot be ${displayName ?? 'this authentication'} with an internal load balancer, which uses plain HTTP; choose an endpoint that uses HTTPS or another authentication`,
  ]),
  ...(
    [
      ['ServerImage.official()', undefined],
      ['ServerImage.hardened()', ServerImage.hardened()],
      ['ServerImage.fromRegistry()', ServerImage.fromRegistry('e.com/m:1', { pythonPackages: ['mlflow-oidc'] })],
    ] as const
  ).map(([name, image]): (typeof PROPS)[number] => [
    `a plugin that ${name} does not contain`,
    () => ({ authentication: new FakeAuthentication({ pythonPackages: ['mlflow-oidc-auth'] }), image }),
    `'image' must contain the Python package 'mlflow-oidc-auth', for this authentication; got ${name}, choose an image that contains it and name it in its 'pythonPackages'`,
  ]),
  [
    'a plugin that the packages of a compute do not contain',
    () => ({
      compute: Compute.ec2(),
      authentication: new FakeAuthentication({ displayName: 'single sign-on', pythonPackages: ['mlflow-oidc-auth'] }),
    }),
    "the packages of this EC2 compute must contain 'mlflow-oidc-auth', for single sign-on; add it to them, or choose an 'image' that contains it",
  ],
  ...([undefined, 'the Acme store'] as const).map((displayName): (typeof PROPS)[number] => [
    `a VPC without a way to ${displayName ?? 'the artifact store'}`,
    (stack) => ({
      artifactStore: new FakeArtifactStore({ displayName, needsInternet: true }),
      image: ServerImage.hardened(),
      vpc: isolatedVpc(stack),
    }),
    `'vpc' must have private subnets with internet access for ${displayName ?? 'the artifact store'}; got none, add some or choose another artifact store`,
  ]),
  [
    'rules of each part, and all at once',
    () => ({
      compute: new FakeCompute({ validation: { validate: ({ size }) => [`'x' of ${size!.replicas}`, "'y'"] } }),
      backendStore: new FakeBackendStore({ validation: { validate: ({ profile }) => [`'z' of ${profile}`] } }),
      server: { workers: 0 },
    }),
    "MlflowTrackingServer has 4 problems:\n- 'server.workers' must be a whole number of at least 1; got 0\n- 'z' of development\n- 'x' of 1\n- 'y'",
  ],
  ...([undefined, 'the Acme database'] as const).map((displayName): (typeof PROPS)[number] => [
    `another VPC than that of ${displayName ?? 'the backend store'}`,
    (stack) => ({
      backendStore: new FakeBackendStore({ displayName, vpc: importedVpc(stack, 'vpc-1') }),
      vpc: importedVpc(stack, 'vpc-2'),
    }),
    `'vpc' must be the VPC that ${displayName ?? 'the backend store'} is in; got another one, remove 'vpc' or choose another backend store`,
  ]),
  [
    'backendStore and a compute that keeps its own',
    () => ({ compute: new SelfContainedCompute(), backendStore: BackendStore.rdsPostgres() }),
    managed('backendStore', 'keeps its own metadata store'),
  ],
  [
    'endpoint and a compute that has its own',
    () => ({ compute: new SelfContainedCompute(), endpoint: Endpoint.internalLoadBalancer() }),
    managed('endpoint', 'has its own endpoint'),
  ],
  [
    'vpc and a compute that has its own network',
    (stack) => ({ compute: new SelfContainedCompute(), vpc: importedVpc(stack, 'vpc-1') }),
    managed('vpc', 'has its own network'),
  ],
  ...(
    [
      ['authentication', Authentication.none()],
      ['version', MlflowVersion.V3_17_2],
      ['image', ServerImage.official()],
      ['server', {}],
    ] as const
  ).map(([prop, value]): (typeof PROPS)[number] => [
    `${prop} and a compute that runs its own process`,
    () => ({ compute: new SelfContainedCompute(), [prop]: value }),
    managed(prop, 'runs its own server process'),
  ]),
  [
    'another VPC than the cluster’s',
    (stack) => ({
      compute: Compute.fargate({
        cluster: Cluster.fromClusterAttributes(stack, 'Cluster', {
          clusterName: 'given',
          vpc: importedVpc(stack, 'vpc-1'),
        }),
      }),
      vpc: importedVpc(stack, 'vpc-2'),
    }),
    "'vpc' must be the VPC of the compute; got another one, remove 'vpc' or choose a cluster in it",
  ],
  [
    'a VPC without private subnets',
    (stack) => ({ vpc: importedVpc(stack, 'vpc-1', []) }),
    "'vpc' must have private subnets with internet access, for the server and its load balancer; got none, add them or choose another VPC",
  ],
  [
    'no authentication in public',
    () => ({ endpoint: new FakeEndpoint(true), authentication: Authentication.none() }),
    "'authentication' cannot be none with a public fake, which anyone on the internet can reach; use Authentication.basic() or an internal endpoint, or accept it with 'acknowledgePublicAccess' of Authentication.none()",
  ],
  ...[0, -1, 1.5, NaN].map((replicas): (typeof PROPS)[number] => [
    `a compute with ${replicas} replicas`,
    () => ({ compute: new FakeCompute({ size: { replicas } }) }),
    `the compute's number of replicas must be a whole number of at least 1; got ${replicas}`,
  ]),
  ...[0, 2.5].map((workers): (typeof PROPS)[number] => [
    `${workers} workers`,
    () => ({ server: { workers } }),
    `'server.workers' must be a whole number of at least 1; got ${workers}`,
  ]),
  [
    'more workers than the memory holds',
    () => ({ server: { workers: 5 } }),
    "'server.workers' is 5, which need 1185 MiB before the first request; got 1024 MiB for each server, lower it or give the compute more memory",
  ],
  ...['mlflow', '/', '/a/', '', '/a//b', '/a*', '/a b', '//a', '/a/..', '/./a'].map(
    (staticPrefix): (typeof PROPS)[number] => [
      `the static prefix '${staticPrefix}'`,
      () => ({ server: { staticPrefix } }),
      `'server.staticPrefix' must be a path such as '/mlflow', with a leading slash and without a trailing slash; got '${staticPrefix}'`,
    ],
  ),
  ...(
    [
      ['/static', '/static'],
      ['/static-mlflow', '/static'],
      ['/static-files/a', '/static'],
      ['/health', '/health'],
      ['/healthcare/mlflow', '/health'],
      ['/favicon.ico', '/favicon.ico'],
    ] as const
  ).map(([staticPrefix, path]): (typeof PROPS)[number] => [
    `the open static prefix '${staticPrefix}'`,
    () => ({ server: { staticPrefix } }),
    `'server.staticPrefix' cannot begin with ${path}, because MLflow requires no credentials for such paths; got '${staticPrefix}', choose another such as '/mlflow'`,
  ]),
  ...(
    [
      ['/api', '/api'],
      ['/api/2.0/mlflow-artifacts/artifacts', '/api'],
      ['/ajax-api', '/ajax-api'],
      ['/gateway/mlflow', '/gateway'],
      ['/graphql', '/graphql'],
      ['/metrics', '/metrics'],
      ['/v1', '/v1'],
    ] as const
  ).map(([staticPrefix, path]): (typeof PROPS)[number] => [
    `the taken static prefix '${staticPrefix}'`,
    () => ({ server: { staticPrefix } }),
    `'server.staticPrefix' cannot be in ${path}, which is a path of MLflow; got '${staticPrefix}', choose another such as '/mlflow'`,
  ]),
  ...['1A', 'A-B', '', 'A B'].map((name): (typeof PROPS)[number] => [
    `a variable named '${name}'`,
    () => ({ server: { environment: { [name]: 'x' } } }),
    `'server.environment' must have names of letters, digits and underscores; got '${name}'`,
  ]),
  ...Object.entries({
    MLFLOW_WORKERS: "'server.workers'",
    MLFLOW_STATIC_PREFIX: "'server.staticPrefix'",
    MLFLOW_BACKEND_STORE_URI: "'backendStore'",
    MLFLOW_ARTIFACTS_DESTINATION: "'artifactStore'",
    MLFLOW_S3_EXPECTED_BUCKET_OWNER: "'artifactStore'",
    MLFLOW_S3_UPLOAD_EXTRA_ARGS: "'artifactStore'",
    MLFLOW_SERVE_ARTIFACTS: "'artifactStore'",
    MLFLOW_DEFAULT_ARTIFACT_ROOT: "'artifactStore'",
    MLFLOW_REGISTRY_STORE_URI: "'backendStore'",
    MLFLOW_READ_REPLICA_BACKEND_STORE_URI: "'backendStore'",
    MLFLOW_WORKSPACE_STORE_URI: "'backendStore'",
    MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX: "'server.allowedModelVersionSources'",
    MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH: "'server.customArtifactLocations'",
    MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE: "'endpoint' or 'server.corsAllowedOrigins'",
    MLFLOW_GUNICORN_OPTS: "'endpoint'",
    MLFLOW_AUTH_DATABASE_URI: "'authentication'",
    CDK_MLFLOW_TRACE_ARCHIVAL: "'server.traceArchival'",
    MLFLOW_SERVER_ALLOWED_HOSTS: "'endpoint'",
    MLFLOW_SERVER_CORS_ALLOWED_ORIGINS: "'server.corsAllowedOrigins'",
    MLFLOW_SERVER_X_FRAME_OPTIONS: "'server.frameOptions'",
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "'server.jobs'",
    MLFLOW_SERVER_JOB_HUEY_REDIS_URL: "'server.jobQueueUrl'",
    MLFLOW_TRACE_ARCHIVAL_CONFIG: "'server.traceArchival'",
    MLFLOW_EXPOSE_PROMETHEUS: "'server.prometheusMetrics'",
    MLFLOW_ENABLE_AI_GATEWAY: "'server.aiGateway'",
    MLFLOW_ENABLE_WORKSPACES: "'server.workspaces'",
    MLFLOW_UVICORN_OPTS: "'endpoint'",
    MLFLOW_FLASK_SERVER_SECRET_KEY: "'authentication'",
    MLFLOW_AUTH_CONFIG_PATH: "'authentication'",
    MLFLOW_AUTH_ADMIN_USERNAME: "'authentication'",
    MLFLOW_AUTH_ADMIN_PASSWORD: "'authentication'",
  }).map(([name, instead]): (typeof PROPS)[number] => [
    `the variable ${name}`,
    () => ({ server: { environment: { [name]: 'x' } } }),
    `'server.environment' cannot set ${name}; use ${instead}`,
  ]),
  ...[
    'HOME',
    'TMPDIR',
    'PYTHONUNBUFFERED',
    'MLFLOW_HOST',
    'MLFLOW_PORT',
    'MLFLOW_WORKSPACE',
    'MLFLOW_SQLALCHEMYSTORE_POOL_SIZE',
    'MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW',
    'MLFLOW_DISABLE_TELEMETRY',
    'MLFLOW_CRYPTO_KEK_PASSPHRASE',
    'MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY',
    'PGPASSWORD',
    'PGHOST',
    'CDK_MLFLOW_AUTH_CONFIG',
    'AWS_REGION',
    'AWS_DEFAULT_REGION',
    'MLFLOW_ARTIFACTS_ONLY',
    '_MLFLOW_STATIC_PREFIX',
    'UVICORN_PROXY_HEADERS',
    'FORWARDED_ALLOW_IPS',
    'WEB_CONCURRENCY',
    'RUNTIME_DIRECTORY',
    'STATE_DIRECTORY',
    'LOGS_DIRECTORY',
  ].map((name): (typeof PROPS)[number] => [
    `the variable ${name}`,
    () => ({ server: { environment: { [name]: 'x' } } }),
    `'server.environment' cannot set ${name}, which the library sets; remove it`,
  ]),
  ...(
    [
      ['--app-name', '--app-name', "'authentication'"],
      ['--workers=3', '--workers', "'server.workers'"],
      ['-w', '-w', "'server.workers'"],
      ['-w3', '-w', "'server.workers'"],
      ['--static-prefix', '--static-prefix', "'server.staticPrefix'"],
      ['--backend-store-uri', '--backend-store-uri', "'backendStore'"],
      ['--registry-store-uri', '--registry-store-uri', "'backendStore'"],
      ['--artifacts-destination', '--artifacts-destination', "'artifactStore'"],
      ['--default-artifact-root', '--default-artifact-root', "'artifactStore'"],
      ['--no-serve-artifacts', '--no-serve-artifacts', "'artifactStore'"],
      ['--serve-artifacts', '--serve-artifacts', "'artifactStore'"],
      ['--read-replica-backend-store-uri=x', '--read-replica-backend-store-uri', "'backendStore'"],
      ['--workspace-store-uri', '--workspace-store-uri', "'backendStore'"],
      ['--disable-security-middleware', '--disable-security-middleware', "'endpoint' or 'server.corsAllowedOrigins'"],
      ['--allowed-hosts=*', '--allowed-hosts', "'endpoint'"],
      ['--cors-allowed-origins', '--cors-allowed-origins', "'server.corsAllowedOrigins'"],
      ['--x-frame-options=DENY', '--x-frame-options', "'server.frameOptions'"],
      ['--expose-prometheus', '--expose-prometheus', "'server.prometheusMetrics'"],
      ['--trace-archival-config=x', '--trace-archival-config', "'server.traceArchival'"],
      ['--enable-workspaces', '--enable-workspaces', "'server.workspaces'"],
      ['--disable-workspaces', '--disable-workspaces', "'server.workspaces'"],
      ['--uvicorn-opts', '--uvicorn-opts', "'endpoint'"],
      ['--gunicorn-opts', '--gunicorn-opts', "'endpoint'"],
      ['--waitress-opts', '--waitress-opts', "'endpoint'"],
    ] as const
  ).map(([argument, option, instead]): (typeof PROPS)[number] => [
    `the argument ${argument}`,
    () => ({ server: { extraArguments: [argument] } }),
    `'server.extraArguments' cannot contain ${option}; use ${instead}`,
  ]),
  ...(
    [
      ['--host=0.0.0.0', '--host'],
      ['-h', '-h'],
      ['--port', '--port'],
      ['-p80', '-p'],
      ['--dev', '--dev'],
      ['--artifacts-only', '--artifacts-only'],
    ] as const
  ).map(([argument, option]): (typeof PROPS)[number] => [
    `the argument ${argument}`,
    () => ({ server: { extraArguments: ['--secrets-cache-ttl', '30', argument] } }),
    `'server.extraArguments' cannot contain ${option}, which the library sets; remove it`,
  ]),
  [
    'several problems at once',
    (stack) => ({
      vpc: importedVpc(stack, 'vpc-1', []),
      endpoint: new FakeEndpoint(true),
      authentication: Authentication.none(),
      server: { workers: 0, staticPrefix: 'x', environment: { HOME: '/' }, extraArguments: ['-w'] },
    }),
    'MlflowTrackingServer has 6 problems:\n' +
      "- 'vpc' must have private subnets with internet access, for the server and its load balancer; got none, add them or choose another VPC\n" +
      "- 'authentication' cannot be none with a public fake, which anyone on the internet can reach; use Authentication.basic() or an internal endpoint, or accept it with 'acknowledgePublicAccess' of Authentication.none()\n" +
      "- 'server.workers' must be a whole number of at least 1; got 0\n" +
      "- 'server.staticPrefix' must be a path such as '/mlflow', with a leading slash and without a trailing slash; got 'x'\n" +
      "- 'server.environment' cannot set HOME, which the library sets; remove it\n" +
      "- 'server.extraArguments' cannot contain -w; use 'server.workers'",
  ],
  [
    'every prop that contradicts a compute',
    (stack) => ({
      compute: new SelfContainedCompute(),
      backendStore: BackendStore.rdsPostgres(),
      endpoint: Endpoint.internalLoadBalancer(),
      vpc: importedVpc(stack, 'vpc-1'),
      authentication: Authentication.basic(),
      version: MlflowVersion.V3_17_2,
      image: ServerImage.official(),
      server: { workers: 0 },
    }),
    'MlflowTrackingServer has 7 problems:\n' +
      [
        managed('backendStore', 'keeps its own metadata store'),
        managed('endpoint', 'has its own endpoint'),
        managed('vpc', 'has its own network'),
        managed('authentication', 'runs its own server process'),
        managed('version', 'runs its own server process'),
        managed('image', 'runs its own server process'),
        managed('server', 'runs its own server process'),
      ]
        .map((message) => `- ${message}`)
        .join('\n'),
  ],
];

/** Defines a server, one of whose parts returns something else than it says. */
function returning(props: MlflowTrackingServerProps, part: 'compute' | 'artifactStore' | 'endpoint', config: object) {
  return () => {
    const strategy = props[part] as { bind(...args: unknown[]): object };
    const bind = strategy.bind.bind(strategy);
    strategy.bind = (...args) => ({ ...bind(...args), ...config });
    new MlflowTrackingServer(newStack(), 'Mlflow', props);
  };
}

/** What is known only while the parts are defined, or only with each other. */
const DEFINING: [string, () => unknown, string][] = [
  ...(
    [
      ['Compute.fargate()', { compute: Compute.fargate() }],
      ['BackendStore.rdsPostgres()', { backendStore: BackendStore.rdsPostgres() }],
      ['ArtifactStore.s3()', { artifactStore: ArtifactStore.s3() }],
      [
        'ArtifactStore.fromBucket()',
        { artifactStore: ArtifactStore.fromBucket(Bucket.fromBucketName(newStack(), 'Given', 'given')) },
      ],
      ['Endpoint.internalLoadBalancer()', { endpoint: Endpoint.internalLoadBalancer() }],
      ['Authentication.basic()', { authentication: Authentication.basic() }],
    ] as const
  ).map(([name, props]): (typeof DEFINING)[number] => [
    `one ${name} for two servers`,
    () => {
      const stack = newStack();
      new MlflowTrackingServer(stack, 'One', props);
      new MlflowTrackingServer(stack, 'Two', props);
    },
    `this ${name} already belongs to an MlflowTrackingServer; create another one for the second server`,
  ]),
  [
    'a region that RDS was not known to have',
    refused(
      () => ({}),
      () => newStack({ env: { account: '111111111111', region: 'xx-nowhere-1' } }),
    ),
    "the root certificate of Amazon RDS in the Region 'xx-nowhere-1' is not included in this version of cdk-mlflow; " +
      "set 'certificateAuthority' of BackendStore.rdsPostgres() to its PEM text",
  ],
  [
    'a certificate authority that the library does not carry',
    refused(() => ({
      backendStore: BackendStore.rdsPostgres({ caCertificate: CaCertificate.of('rds-ca-2019') }),
    })),
    "'caCertificate' 'rds-ca-2019' is not included in this version of cdk-mlflow; " +
      "set 'certificateAuthority' of BackendStore.rdsPostgres() to its PEM text",
  ],
  [
    'a password that is changed where nothing leads to Secrets Manager',
    refused(() => ({
      compute: Compute.fargate({ assignPublicIp: true }),
      backendStore: BackendStore.rdsPostgres({ credentialsRotation: {} }),
    })),
    "'credentialsRotation' requires a NAT gateway or an interface endpoint for AWS Secrets Manager in the VPC, which the rotation function needs; got neither, add one of them or set 'credentialsRotation.endpoint'",
  ],
  ...[Compute.fargate(), Compute.sageMakerMlflowApp()].map((compute): (typeof DEFINING)[number] => [
    `a bucket in another region, for ${compute.capabilities.displayName}`,
    () => {
      const stack = newStack({ env: { region: 'eu-central-1' } });
      const bucket = Bucket.fromBucketAttributes(stack, 'Given', { bucketName: 'data', region: 'us-west-2' });
      return new MlflowTrackingServer(stack, 'Mlflow', { compute, artifactStore: ArtifactStore.fromBucket(bucket) });
    },
    "'bucket' must be in the region of the stack, because addresses of artifacts are signed for it; got a bucket in us-west-2 and a stack in eu-central-1, choose another bucket or deploy the server in us-west-2",
  ]),
  [
    'a managed compute that gives no address',
    returning({ compute: new SelfContainedCompute() }, 'compute', { trackingUri: undefined }),
    "the bind of Managed compute must return 'trackingUri', because the compute has its own endpoint; got none",
  ],
  [
    'a compute with its own endpoint that gives no address',
    returning({ compute: new FakeCompute({ endpoint: OWN }) }, 'compute', { trackingUri: undefined }),
    "the bind of Fake compute must return 'trackingUri', because the compute has its own endpoint; got none",
  ],
  [
    'a compute that is no target behind a load balancer',
    returning({ compute: new FakeCompute() }, 'compute', { loadBalancerTarget: undefined }),
    "the bind of Fake compute must return 'loadBalancerTarget', because it supports AccessPath.LOAD_BALANCER; got none, return it or set 'accessPaths' in its capabilities",
  ],
  ...([undefined, 'the Acme store'] as const).map((displayName): (typeof DEFINING)[number] => [
    `a bucket that ${displayName ?? 'the artifact store'} does not give`,
    returning({ artifactStore: new FakeArtifactStore({ displayName, isBucket: true }) }, 'artifactStore', {}),
    `the bind of ${displayName ?? 'the artifact store'} must return 'bucket', because 'isBucket' is set in its capabilities; got none`,
  ]),
  ...(
    [
      [AccessPath.LOAD_BALANCER, 'LOAD_BALANCER', 'targetGroup'],
      [AccessPath.FIXED_ADDRESS, 'FIXED_ADDRESS', 'elasticIpAllocationId'],
      [AccessPath.SESSION_MANAGER, 'SESSION_MANAGER', 'sessionManager'],
      [AccessPath.INGRESS, 'INGRESS', 'ingress'],
    ] as const
  ).flatMap(([accessPath, constant, member]): (typeof DEFINING)[number][] => [
    [
      `an endpoint of ${constant} without ${member}`,
      returning(
        { compute: new FakeCompute({ accessPaths: [accessPath] }), endpoint: new FakeEndpoint(false, {}, accessPath) },
        'endpoint',
        { [member]: undefined },
      ),
      `the bind of a private fake must return '${member}', because its access path is AccessPath.${constant}; got none`,
    ],
    [
      `an endpoint with ${member} without ${constant}`,
      returning({ endpoint: new FakeEndpoint() }, 'endpoint', { [member]: 'something' }),
      `the bind of a private fake cannot return '${member}' without AccessPath.${constant}; set 'accessPath' in its capabilities`,
    ],
  ]),
];

test.each(STRATEGIES)('%s', (action, message) => {
  expect(messageOf(action)).toBe(message);
});

test.each([...PROPS, ...NETWORK_PROPS])('%s, before anything is defined', (_name, props, message) => {
  const stack = newStack();
  let before: string[] = [];
  const define = () => {
    const given = props(stack);
    before = elementsIn(stack);
    return new MlflowTrackingServer(stack, 'Mlflow', given);
  };
  expect(messageOf(define)).toBe(message);
  expect(elementsIn(stack)).toEqual(before);
  expect(stack.node.findChild('Mlflow').node.children).toEqual([]);
});

test.each(DEFINING)('%s', (_name, action, message) => {
  expect(messageOf(action)).toBe(message);
});

describe('the tables are complete', () => {
  const messages = [
    ...STRATEGIES.map(([, message]) => message),
    ...[
      ...PROPS,
      ...DEFINING,
      ...EC2_ERRORS,
      ...EC2_PROPS,
      ...EC2_DEFINING,
      ...ECS_ON_EC2_ERRORS,
      ...ECS_ON_EC2_PROPS,
      ...ECS_ON_EC2_DEFINING,
      ...EKS_ERRORS,
      ...EKS_PROPS,
      ...EKS_DEFINING,
      ...ENDPOINT_ERRORS,
      ...ENDPOINT_PROPS,
      ...ENDPOINT_DEFINING,
      ...FARGATE_ERRORS,
      ...FARGATE_DEFINING,
      ...MONITORING_ERRORS,
      ...NETWORK_PROPS,
      ...SAGE_MAKER_ERRORS,
      ...SERVER_OPTIONS_PROPS,
      ...SERVER_IMAGE_ERRORS,
    ].map(([, action, message]) => (typeof message === 'string' ? message : messageOf(action as () => unknown))),
  ];

  test.each(messageTemplates('src').map(({ file, fragments }) => [file, fragments] as const))(
    '%s: %j',
    (_file, fragments) => {
      const covered = messages.some((message) => fragments.every((fragment) => message.includes(fragment)));
      expect(covered).toBe(true);
    },
  );

  test('and every message begins in lower case or with a name, and ends without a full stop', () => {
    for (const message of messages.flatMap((text) => text.split('\n- '))) {
      expect(message).toMatch(/^('|the |this |(Fake|Managed) compute|MlflowTrackingServer has|\w+\.\w+\(\) has)/);
      expect(message).not.toMatch(/\.$/);
    }
  });
});

test('what a compute says of itself is its own: no problem, no error', () => {
  const capabilities: Partial<ComputeCapabilities> = { size: { replicas: 7, vcpus: 3, memory: Size.gibibytes(3) } };
  expect(
    () => new MlflowTrackingServer(newStack(), 'Mlflow', { compute: new FakeCompute(capabilities) }),
  ).not.toThrow();
});

describe('what is not refused', () => {
  test.each<[string, MlflowTrackingServerProps]>([
    ['as many workers as the memory holds', { server: { workers: 4 } }],
    [
      'variables of MLflow that the library does not set',
      { server: { environment: { MLFLOW_LOGGING_LEVEL: 'DEBUG' } } },
    ],
    ['a variable that only looks like the library’s', { server: { environment: { HOME_PAGE: 'x', PATH_PG: 'x' } } }],
    [
      'a variable named like a method of objects',
      { server: { environment: { toString: 'x', constructor: 'x' } as never } },
    ],
    ['an argument named like a method of objects', { server: { extraArguments: ['--name', 'constructor'] } }],
    ['an argument that begins like the library’s', { server: { extraArguments: ['--hostile', '--porthole=1'] } }],
    ['a deep static prefix', { server: { staticPrefix: '/a/b-c/d.e/f_g/~h' } }],
    ['no authentication in private', { authentication: Authentication.none(), endpoint: new FakeEndpoint(false) }],
    ['basic authentication in public', { endpoint: new FakeEndpoint(true) }],
  ])('%s', (_name, props) => {
    expect(() => new MlflowTrackingServer(newStack(), 'Mlflow', props)).not.toThrow();
  });

  test.each(LEGAL_NETWORKS)('%s', (_name, props) => {
    const stack = newStack();
    expect(() => new MlflowTrackingServer(stack, 'Mlflow', props(stack))).not.toThrow();
  });

  test('prefixes of one letter and of many parts', () => {
    expect(() => [ArtifactStore.s3({ prefix: 'a' }), ArtifactStore.s3({ prefix: 'a/b/c' })]).not.toThrow();
  });

  test('no seconds, and whole seconds in another unit', () => {
    const times = [Duration.seconds(0), Duration.millis(2000), Duration.hours(1)];
    expect(() => times.map((cacheTtl) => Authentication.basic({ cacheTtl }))).not.toThrow();
  });
});
