import { CfnResource, Duration } from 'aws-cdk-lib';
import { Connections, ISecurityGroup, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
// The public API alone: what a user of the library could write.
import {
  AccessPath,
  ArtifactStoreCapabilities,
  ArtifactStoreConfig,
  AuthenticationBindOptions,
  AuthenticationCapabilities,
  AuthenticationConfig,
  BackendStoreCapabilities,
  BackendStoreConfig,
  ComputeBindOptions,
  ComputeCapabilities,
  ComputeConfig,
  EndpointBindOptions,
  EndpointConfig,
  IArtifactStore,
  IAuthentication,
  IBackendStore,
  ICompute,
  IEndpoint,
} from '../../src';

/** A compute that runs nothing: it notes what it is bound with. */
export class FakeCompute implements ICompute {
  public readonly capabilities: ComputeCapabilities;
  public options?: ComputeBindOptions;

  public constructor(capabilities: Partial<ComputeCapabilities> = {}) {
    this.capabilities = { displayName: 'Fake', ...capabilities };
  }

  public bind(scope: Construct, options: ComputeBindOptions): ComputeConfig {
    this.options = options;
    const grantee = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    const group: ISecurityGroup | undefined =
      options.selfHosted && new SecurityGroup(scope, 'SecurityGroup', { vpc: options.selfHosted.vpc });
    const machine = new CfnResource(scope, 'Machine', { type: 'Fake::Machine' });
    return {
      grantee,
      connections: group && new Connections({ securityGroups: [group], defaultPort: Port.tcp(5000) }),
      loadBalancerTarget: { attachToApplicationTargetGroup: () => ({ targetType: 'ip' as never }) },
      workloads: [machine],
      trackingUri: this.capabilities.endpoint ? 'http://fake.example.com' : undefined,
    };
  }
}

/** A compute that brings every part itself, as a managed service does. */
export class SelfContainedCompute implements ICompute {
  public readonly capabilities: ComputeCapabilities = { displayName: 'Managed', managed: true };
  public options?: ComputeBindOptions;

  public bind(scope: Construct, options: ComputeBindOptions): ComputeConfig {
    this.options = options;
    const grantee = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
    return { grantee, trackingUri: 'arn:aws:managed:mlflow' };
  }
}

/** A database that is somewhere else. */
export class FakeBackendStore implements IBackendStore {
  public constructor(public readonly capabilities?: BackendStoreCapabilities) {}

  public bind(scope: Construct): BackendStoreConfig {
    const database = new CfnResource(scope, 'Database', { type: 'Fake::Database' });
    return {
      environment: { MLFLOW_BACKEND_STORE_URI: 'postgresql+psycopg2://', PGHOST: 'db.example.com' },
      dependencies: [database],
      maxConnections: 50,
    };
  }
}

/** An endpoint without a load balancer. */
export class FakeEndpoint implements IEndpoint {
  public readonly capabilities;
  public options?: EndpointBindOptions;

  public constructor(
    isPublic = false,
    private readonly config: Partial<EndpointConfig> = {},
    accessPath?: AccessPath,
  ) {
    this.capabilities = { displayName: isPublic ? 'a public fake' : 'a private fake', isPublic, accessPath };
  }

  public bind(_scope: Construct, options: EndpointBindOptions): EndpointConfig {
    this.options = options;
    return { origin: 'https://mlflow.example.com', hostNames: ['mlflow.example.com'], ...this.config };
  }
}

/** An authentication by a plug-in of the image. */
export class FakeAuthentication implements IAuthentication {
  public readonly capabilities: AuthenticationCapabilities;
  public options?: AuthenticationBindOptions;

  public constructor(capabilities: Partial<AuthenticationCapabilities> = {}) {
    this.capabilities = { identifiesCallers: true, ...capabilities };
  }

  public bind(_scope: Construct, options: AuthenticationBindOptions): AuthenticationConfig {
    this.options = options;
    return { appName: 'team-auth', environment: { TEAM_AUTH_URL: 'https://login.example.com' } };
  }
}

/** An artifact store that is no bucket. */
export class FakeArtifactStore implements IArtifactStore {
  public constructor(public readonly capabilities?: ArtifactStoreCapabilities) {}

  public bind(): ArtifactStoreConfig {
    return { artifactsUri: 'gs://models/mlflow', environment: { TEAM_STORE: 'yes' } };
  }
}

export const FAKE_IDLE_TIMEOUT = Duration.seconds(120);
