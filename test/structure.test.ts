import { readFileSync } from 'fs';
import * as ts from 'typescript';
import { filesUnder } from './support/files';
import { cyclesIn, moduleGraph } from './support/module-graph';

const SOURCES = filesUnder('src', '.ts');
const linesOf = (file: string) => readFileSync(file, 'utf8').split('\n');

describe('files stay small', () => {
  test.each(SOURCES)('%s', (file) => {
    const limit = /contract\.ts$/.test(file) ? 120 : 300;
    // The last line is the empty one after the last line break.
    expect(linesOf(file).length - 1).toBeLessThanOrEqual(limit);
  });
});

describe('import cycles', () => {
  test('there are none, not even of types', () => {
    expect(cyclesIn(moduleGraph('src'))).toEqual([]);
  });

  test('the whole library was looked at', () => {
    const graph = moduleGraph('src');
    expect([...graph.keys()]).toEqual(SOURCES);
    expect([...graph.values()].flat().length).toBeGreaterThan(SOURCES.length);
  });

  test('one would be found', () => {
    const directory = 'test/fixtures/cycle';
    expect(cyclesIn(moduleGraph(directory))).toEqual([
      ['first', 'second', 'third', 'first'].map((name) => `${directory}/${name}.ts`),
    ]);
  });
});

describe('only the compute’s own files know it', () => {
  // Pods of Amazon EKS may be on AWS Fargate as well, which is not the compute of that name.
  const ALLOWED =
    /^src\/(compute\/(fargate\/.*|compute|index|eks\/(eks-compute-props|validate))|core\/resolve-props)\.ts$/;
  const DEFAULT_LINE = /^src\/mlflow-tracking-server-props\.ts:\s+\* @default Compute\.fargate\(\)$/;

  const mentions = SOURCES.flatMap((file) =>
    linesOf(file)
      .filter((line) => /fargate/i.test(line))
      .map((line) => `${file}:${line}`),
  );

  test('nothing else mentions Fargate', () => {
    const others = mentions.filter((mention) => !ALLOWED.test(mention.split(':')[0]) && !DEFAULT_LINE.test(mention));
    expect(others).toEqual([]);
  });

  test('nothing else mentions EKS', () => {
    const others = SOURCES.filter((file) => !/^src\/compute\/(eks\/.*|compute|index)\.ts$/.test(file));
    expect(others.length).toBeGreaterThan(50);
    expect(others.filter((file) => /eks/i.test(readFileSync(file, 'utf8')))).toEqual([]);
  });

  test('the exceptions exist', () => {
    expect(mentions.filter((mention) => DEFAULT_LINE.test(mention))).toHaveLength(1);
    const files = new Set(mentions.map((mention) => mention.split(':')[0]).filter((file) => ALLOWED.test(file)));
    expect([...files]).toEqual(expect.arrayContaining(['src/compute/compute.ts', 'src/core/resolve-props.ts']));
  });
});

describe('the public API', () => {
  const program = ts.createProgram(['src/index.ts'], {
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    target: ts.ScriptTarget.ES2022,
    types: [],
    skipLibCheck: true,
  });
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile('src/index.ts')!)!);

  test('is this list: who changes it changes it for users in five languages', () => {
    expect(exported.map(({ name }) => name).sort()).toEqual([
      'AlarmOptions',
      'ArtifactAccess',
      'ArtifactStore',
      'ArtifactStoreBindOptions',
      'ArtifactStoreConfig',
      'AssetImageOptions',
      'Authentication',
      'AuthenticationBindOptions',
      'AuthenticationCapabilities',
      'AuthenticationConfig',
      'BackendStore',
      'BackendStoreBindOptions',
      'BackendStoreConfig',
      'BackendStoreMetrics',
      'BasicAuthentication',
      'BasicAuthenticationProps',
      'ClientPermissions',
      'ClientVpcOptions',
      'Compute',
      'ComputeBindOptions',
      'ComputeCapabilities',
      'ComputeConfig',
      'ComputeMetrics',
      'ComputeSize',
      'DayOfWeek',
      'DefaultPermission',
      'Ec2Compute',
      'Ec2ComputeProps',
      'Ec2OperatingSystem',
      'EcsComputeProps',
      'EcsOnEc2Compute',
      'EcsOnEc2ComputeProps',
      'EcsOnEc2SpotOptions',
      'EcsScalingOptions',
      'EksClusterOptions',
      'EksCompute',
      'EksComputeProps',
      'EksLoadBalancerController',
      'Endpoint',
      'EndpointBindOptions',
      'EndpointCapabilities',
      'EndpointConfig',
      'FargateCompute',
      'FargateComputeProps',
      'FrameOptions',
      'HardenedImageOptions',
      'IArtifactStore',
      'IAuthentication',
      'IBackendStore',
      'ICompute',
      'IEndpoint',
      'IMlflowTrackingServer',
      'IngressConfig',
      'InstanceAddressEndpoint',
      'InstanceAddressEndpointProps',
      'InternalLoadBalancerEndpoint',
      'InternalLoadBalancerEndpointProps',
      'IsolatedVpc',
      'IsolatedVpcProps',
      'KubernetesIngressEndpoint',
      'KubernetesIngressEndpointProps',
      'LoadBalancerEndpointOptions',
      'MaintenanceWindow',
      'MlflowTrackingServer',
      'MlflowTrackingServerAttributes',
      'MlflowTrackingServerProps',
      'MlflowVersion',
      'MonitoredTrackingServer',
      'NoAuthentication',
      'NoAuthenticationProps',
      'PortForwardingEndpoint',
      'Profile',
      'Provider',
      'PublicLoadBalancerEndpoint',
      'PublicLoadBalancerEndpointProps',
      'RdsPostgresBackendStore',
      'RdsPostgresBackendStoreProps',
      'RegistryImageOptions',
      'S3ArtifactStore',
      'S3ArtifactStoreProps',
      'SageMakerMlflowAppCompute',
      'SageMakerMlflowAppComputeProps',
      'SageMakerTrackingServerCompute',
      'SageMakerTrackingServerComputeProps',
      'ServerDefinition',
      'ServerImage',
      'ServerImageBindOptions',
      'ServerImageCapabilities',
      'ServerImageConfig',
      'ServerOptions',
      'ServerSecret',
      'TraceArchivalOptions',
      'TrackingServerSize',
      'WorkingHours',
      'WorkingHoursOptions',
    ]);
  });

  test('has nothing of what is private', () => {
    const files = exported.flatMap((symbol) => symbol.declarations!.map((node) => node.getSourceFile().fileName));
    expect(files.length).toBeGreaterThanOrEqual(exported.length);
    expect(files.filter((file) => /\/(private|core)\//.test(file))).toEqual([]);
  });
});
