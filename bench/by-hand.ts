import { readFileSync } from 'fs';
import { join } from 'path';
import { CfnMapping, CfnOutput, CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import { serverProgram } from '../src/private/server-program';

const ASSETS = join(__dirname, '..', 'assets');
const PREPARATION = readFileSync(join(ASSETS, 'server', 'prepare.py'), 'utf8');
const PREPARED =
  'import os, runpy; runpy.run_path(os.environ["TMPDIR"] + "/cdk-mlflow/bootstrap.py", run_name="__main__")';
const CERTIFICATES = JSON.parse(readFileSync(join(ASSETS, 'rds-ca', 'rsa2048-g1.json'), 'utf8'));
const KEPT = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

/** The resources of the default stack as somebody who knows all of them would write them, with no library between. */
export function defineByHand(stack: Stack): void {
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    maxAzs: 2,
    natGateways: 1,
    subnetConfiguration: [
      { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
      { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
      { name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
    ],
    gatewayEndpoints: { S3: { service: ec2.GatewayVpcEndpointAwsService.S3 } },
  });
  const bucket = new s3.Bucket(stack, 'Bucket', {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    versioned: false,
    lifecycleRules: [{ id: 'IncompleteUploads', abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    removalPolicy: KEPT,
  });
  const database = defineDatabase(stack, vpc);
  const administrator = generated(stack, 'Administrator', 'The administrator of the MLflow server', {
    secretStringTemplate: JSON.stringify({ username: 'admin' }),
    generateStringKey: 'password',
    passwordLength: 32,
  });
  const flaskKey = generated(stack, 'FlaskKey', 'Signs the sessions of the MLflow UI', { passwordLength: 64 });
  const passphrase = generated(stack, 'Passphrase', 'Encrypts the credentials that MLflow stores', {
    passwordLength: 64,
  });
  const webhookKey = generated(stack, 'WebhookKey', 'Encrypts the secrets of MLflow webhooks', { passwordLength: 43 });
  const loadBalancer = new elb.ApplicationLoadBalancer(stack, 'LoadBalancer', {
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, onePerAz: true },
    internetFacing: false,
    idleTimeout: Duration.seconds(300),
    dropInvalidHeaderFields: true,
    deletionProtection: false,
  });
  const name = loadBalancer.loadBalancerDnsName;
  const hosts = [name, 'localhost', '127.0.0.1', '0.0.0.0'].flatMap((host) => [host, `${host}:*`]);
  const mapping = new CfnMapping(stack, 'CertificateAuthority', {
    mapping: Object.fromEntries(Object.entries(CERTIFICATES).map(([region, pem]) => [region, { pem }])),
  });
  const environment = {
    MLFLOW_HOST: '0.0.0.0',
    MLFLOW_PORT: '5000',
    MLFLOW_WORKERS: '1',
    MLFLOW_SQLALCHEMYSTORE_POOL_SIZE: '10',
    MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW: '31',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    HOME: '/tmp',
    TMPDIR: '/tmp',
    PYTHONUNBUFFERED: '1',
    MLFLOW_ARTIFACTS_DESTINATION: `s3://${bucket.bucketName}`,
    MLFLOW_SERVER_ALLOWED_HOSTS: hosts.join(','),
    MLFLOW_SERVER_CORS_ALLOWED_ORIGINS: `http://${name}`,
    MLFLOW_UVICORN_OPTS: '--timeout-graceful-shutdown 105 --timeout-keep-alive 315 --no-proxy-headers',
    MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX:
      '^(mlflow-artifacts:/|runs:/|models:/|(dummy-source|prompt-template)$)',
    MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH: '0',
    AWS_REGION: stack.region,
    AWS_DEFAULT_REGION: stack.region,
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
    MLFLOW_BACKEND_STORE_URI: 'postgresql+psycopg2://',
    PGHOST: database.instanceEndpoint.hostname,
    PGPORT: database.dbInstanceEndpointPort,
    PGDATABASE: 'mlflow_tracking',
    PGSSLMODE: 'verify-full',
    PGCONNECT_TIMEOUT: '10',
    CDK_MLFLOW_DATABASE_CA: mapping.findInMap(stack.region, 'pem'),
    MLFLOW_S3_EXPECTED_BUCKET_OWNER: stack.account,
    CDK_MLFLOW_AUTH_CONFIG: JSON.stringify({ default_permission: 'READ', auth_cache_ttl_seconds: '60' }),
  };
  const secret = ecs.Secret.fromSecretsManager;
  const task = defineTask(stack, environment, {
    MLFLOW_CRYPTO_KEK_PASSPHRASE: secret(passphrase),
    MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY: secret(webhookKey),
    PGUSER: secret(database.secret!, 'username'),
    PGPASSWORD: secret(database.secret!, 'password'),
    MLFLOW_AUTH_ADMIN_USERNAME: secret(administrator, 'username'),
    MLFLOW_AUTH_ADMIN_PASSWORD: secret(administrator, 'password'),
    MLFLOW_FLASK_SERVER_SECRET_KEY: secret(flaskKey),
  });
  grantBucket(task, bucket);
  const service = defineService(stack, vpc, task);
  database.connections.allowDefaultPortFrom(service, 'MLflow server');
  service.node.addDependency(database.node.defaultChild as CfnResource);
  const targets = new elb.ApplicationTargetGroup(stack, 'Targets', {
    vpc,
    port: 5000,
    protocol: elb.ApplicationProtocol.HTTP,
    deregistrationDelay: Duration.seconds(30),
    targets: [service.loadBalancerTarget({ containerName: 'server' })],
    healthCheck: {
      path: '/health',
      healthyHttpCodes: '200',
      interval: Duration.seconds(10),
      timeout: Duration.seconds(5),
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 5,
    },
  });
  loadBalancer.addListener('Http', {
    port: 80,
    protocol: elb.ApplicationProtocol.HTTP,
    open: false,
    defaultTargetGroups: [targets],
  });
  loadBalancer.connections.allowFrom(ec2.Peer.ipv4(vpc.vpcCidrBlock), ec2.Port.tcp(80), 'MLflow clients in the VPC');
  new CfnOutput(stack, 'TrackingUri', { value: `http://${name}` });
  new CfnOutput(stack, 'CredentialsSecret', { value: administrator.secretName });
}

function generated(
  stack: Stack,
  id: string,
  description: string,
  generator: secrets.SecretStringGenerator,
): secrets.Secret {
  const generateSecretString = { ...generator, excludePunctuation: true };
  return new secrets.Secret(stack, id, { description, generateSecretString, removalPolicy: KEPT });
}

function defineDatabase(stack: Stack, vpc: ec2.IVpc): rds.DatabaseInstance {
  const engine = rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17 });
  return new rds.DatabaseInstance(stack, 'Database', {
    engine,
    vpc,
    databaseName: 'mlflow_tracking',
    credentials: rds.Credentials.fromSecret(new rds.DatabaseSecret(stack, 'Credentials', { username: 'mlflow' })),
    instanceType: new ec2.InstanceType('t4g.micro'),
    parameterGroup: new rds.ParameterGroup(stack, 'Parameters', { engine, parameters: { 'rds.force_ssl': '1' } }),
    subnetGroup: new rds.SubnetGroup(stack, 'Subnets', {
      description: 'The private subnets of the MLflow database',
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    }),
    publiclyAccessible: false,
    caCertificate: rds.CaCertificate.RDS_CA_RSA2048_G1,
    multiAz: false,
    storageEncrypted: true,
    storageType: rds.StorageType.GP3,
    allocatedStorage: 20,
    maxAllocatedStorage: 200,
    backupRetention: Duration.days(7),
    enablePerformanceInsights: false,
    deletionProtection: false,
    removalPolicy: RemovalPolicy.SNAPSHOT,
  });
}

function defineTask(
  stack: Stack,
  environment: Record<string, string>,
  secretVariables: Record<string, ecs.Secret>,
): ecs.FargateTaskDefinition {
  const task = new ecs.FargateTaskDefinition(stack, 'Task', {
    cpu: 512,
    memoryLimitMiB: 1024,
    runtimePlatform: {
      cpuArchitecture: ecs.CpuArchitecture.ARM64,
      operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
    },
    volumes: [{ name: 'scratch' }],
  });
  const logGroup = new logs.LogGroup(stack, 'Logs', { retention: logs.RetentionDays.ONE_MONTH, removalPolicy: KEPT });
  const add = (id: string, options: Partial<ecs.ContainerDefinitionOptions>) => {
    const linuxParameters = new ecs.LinuxParameters(stack, `Linux-${id}`, { initProcessEnabled: true });
    linuxParameters.dropCapabilities(ecs.Capability.ALL);
    const container = task.addContainer(id, {
      image: ecs.ContainerImage.fromRegistry('ghcr.io/mlflow/mlflow:v3.17.2-full'),
      entryPoint: ['python', '-c', PREPARED],
      readonlyRootFilesystem: true,
      linuxParameters,
      logging: ecs.LogDriver.awsLogs({ logGroup, streamPrefix: 'mlflow' }),
      ...options,
    });
    container.addMountPoints({ sourceVolume: 'scratch', containerPath: '/tmp', readOnly: false });
    return container;
  };
  const condition = ecs.ContainerDependencyCondition.SUCCESS;
  const configured = { user: '1000:1000', environment, secrets: secretVariables };
  const prepare = add('prepare', {
    entryPoint: ['python', '-c', PREPARATION],
    command: [serverProgram()],
    user: '0:0',
    essential: false,
    environment: { TMPDIR: '/tmp' },
  });
  const migrate = add('migrate', {
    command: ['migrate'],
    essential: false,
    ...configured,
  });
  migrate.addContainerDependencies({ container: prepare, condition });
  const server = add('server', {
    command: ['serve', '--app-name', 'basic-auth'],
    essential: true,
    ...configured,
    portMappings: [{ containerPort: 5000 }],
    stopTimeout: Duration.seconds(120),
    healthCheck: {
      command: [
        'CMD',
        'python',
        '-c',
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:5000/health', timeout=8)",
      ],
      interval: Duration.seconds(30),
      timeout: Duration.seconds(10),
      retries: 5,
      startPeriod: Duration.seconds(300),
    },
  });
  server.addContainerDependencies({ container: migrate, condition });
  return task;
}

/** What MLflow does with its bucket; `grantReadWrite` would allow more. */
function grantBucket(task: ecs.FargateTaskDefinition, bucket: s3.Bucket): void {
  task.addToTaskRolePolicy(
    new iam.PolicyStatement({
      actions: ['s3:ListBucket', 's3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
      resources: [bucket.bucketArn],
    }),
  );
  task.addToTaskRolePolicy(
    new iam.PolicyStatement({
      actions: [
        's3:GetObject',
        's3:PutObject',
        's3:DeleteObject',
        's3:AbortMultipartUpload',
        's3:ListMultipartUploadParts',
      ],
      resources: [bucket.arnForObjects('*')],
    }),
  );
}

function defineService(stack: Stack, vpc: ec2.IVpc, taskDefinition: ecs.FargateTaskDefinition): ecs.FargateService {
  return new ecs.FargateService(stack, 'Service', {
    cluster: new ecs.Cluster(stack, 'Cluster', { vpc, containerInsightsV2: ecs.ContainerInsights.DISABLED }),
    taskDefinition,
    desiredCount: 1,
    minHealthyPercent: 0,
    maxHealthyPercent: 100,
    circuitBreaker: { enable: true, rollback: true },
    availabilityZoneRebalancing: ecs.AvailabilityZoneRebalancing.DISABLED,
    healthCheckGracePeriod: Duration.minutes(10),
    enableECSManagedTags: true,
    propagateTags: ecs.PropagatedTagSource.SERVICE,
    assignPublicIp: false,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
  });
}
