import { Token } from 'aws-cdk-lib';
import { InterfaceVpcEndpointAwsService } from 'aws-cdk-lib/aws-ec2';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { CfnMlflowTrackingServer } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { ComputeCapabilities } from '../capabilities';
import { ClientPermissions } from '../client-permissions';
import { ComputeBindOptions, ComputeConfig, ICompute } from '../contract';
import { TRACKING_SERVER_READ_ACTIONS, TRACKING_SERVER_WRITE_ACTIONS } from './actions';
import { defineClientEndpoints, requireClientSubnets } from './client-vpc';
import { replaceableName, requireName } from './names';
import { applyRemovalPolicy, requireRemovalPolicy } from './removal-policy';
import { SageMakerTrackingServerComputeProps, TrackingServerSize } from './sage-maker-tracking-server-compute-props';
import { defineSchedule } from './schedule';
import { defineServiceRole, grantModelRegistry, managedCapabilities } from './service';
import { Binding } from '../../private/binding';
import { Problems } from '../../private/problems';

const KIND = 'SageMaker tracking server';

/** From the schema of the resource type; the pattern allows more than SageMaker offers. */
const VERSION = /^\d+(\.\d+)+$/;
const LONGEST_VERSION = 32;

/**
 * A tracking server that Amazon SageMaker manages: it keeps the runs, and clients sign their requests with AWS
 * credentials.
 *
 * Its profile changes nothing: the size is a setting of its own.
 */
export class SageMakerTrackingServerCompute implements ICompute {
  /**
   * What the clients of a tracking server need, for the import of one that was defined elsewhere.
   *
   * @param trackingServerArn The ARN of the tracking server.
   */
  public static clientPermissions(trackingServerArn: string): ClientPermissions {
    return {
      resourceArns: [trackingServerArn],
      accessActions: [...TRACKING_SERVER_READ_ACTIONS, ...TRACKING_SERVER_WRITE_ACTIONS],
      readActions: TRACKING_SERVER_READ_ACTIONS,
      uiActions: ['sagemaker:CreatePresignedMlflowTrackingServerUrl'],
      uiActionsOnAnyResource: ['sagemaker-mlflow:AccessUI'],
      directArtifacts: true,
    };
  }

  public readonly capabilities: ComputeCapabilities = managedCapabilities(KIND);

  private readonly bound = new Binding<{ trackingServer: CfnMlflowTrackingServer; role: IRole }>(
    'Compute.sageMakerTrackingServer()',
  );

  /**
   * @throws If the name or the version is one that SageMaker refuses, or `clientVpc` has no subnets for endpoints.
   */
  public constructor(private readonly props: SageMakerTrackingServerComputeProps = {}) {
    const { trackingServerName, mlflowVersion, removalPolicy, clientVpc } = props;
    const problems = new Problems();
    requireName(problems, 'trackingServerName', trackingServerName);
    requireVersion(problems, mlflowVersion);
    requireRemovalPolicy(problems, removalPolicy);
    requireClientSubnets(problems, clientVpc);
    problems.throwIfAny('Compute.sageMakerTrackingServer()');
  }

  /**
   * The tracking server.
   *
   * @throws If the compute is not bound yet.
   */
  public get trackingServer(): CfnMlflowTrackingServer {
    return this.bound.read('trackingServer');
  }

  /**
   * The role that the tracking server takes on.
   *
   * @throws If the compute is not bound yet.
   */
  public get role(): IRole {
    return this.bound.read('role');
  }

  public bind(scope: Construct, options: ComputeBindOptions): ComputeConfig {
    this.bound.claim();
    const service = new Construct(scope, 'Service');
    const role =
      this.props.role ?? defineServiceRole(service, 'Taken on by an MLflow tracking server of Amazon SageMaker');
    if (this.props.automaticModelRegistration) {
      grantModelRegistry(service, role);
    }
    const server = this.defineTrackingServer(service, role, options.artifactStore.artifactsUri);
    this.bound.set({ trackingServer: server, role });
    applyRemovalPolicy(service, this.props.removalPolicy);

    const { workingHours, clientVpc, mlflowVersion } = this.props;
    const arn = server.attrTrackingServerArn;
    if (workingHours) {
      defineSchedule(new Construct(scope, 'WorkingHours'), { name: server.ref, arn }, workingHours);
    }
    if (clientVpc) {
      const dataPlane = InterfaceVpcEndpointAwsService.SAGEMAKER_EXPERIMENTS;
      defineClientEndpoints(new Construct(scope, 'ClientVpc'), dataPlane, clientVpc);
    }
    return {
      grantee: role,
      trackingUri: arn,
      clientPermissions: SageMakerTrackingServerCompute.clientPermissions(arn),
      clientPackages: [clientOf(mlflowVersion), 'sagemaker-mlflow'],
    };
  }

  private defineTrackingServer(scope: Construct, role: IRole, artifactStoreUri: string): CfnMlflowTrackingServer {
    const { trackingServerName, mlflowVersion, size, automaticModelRegistration, maintenanceWindow } = this.props;
    const server = new CfnMlflowTrackingServer(scope, 'TrackingServer', {
      trackingServerName: trackingServerName ?? replaceableName(scope, [mlflowVersion, this.props.role?.roleArn]),
      trackingServerSize: size ?? TrackingServerSize.SMALL,
      mlflowVersion,
      automaticModelRegistration: automaticModelRegistration ?? false,
      weeklyMaintenanceWindowStart: maintenanceWindow?.toString(),
      artifactStoreUri,
      roleArn: role.roleArn,
    });
    // The role's rights too: SageMaker looks at the bucket when it creates the server.
    server.node.addDependency(role);
    return server;
  }
}

/** The client of the same release: `3.0` stands for any `3.0.x`. */
function clientOf(version: string | undefined): string {
  if (version === undefined) return 'mlflow';
  return /^\d+\.\d+$/.test(version) ? `mlflow==${version}.*` : `mlflow==${version}`;
}

function requireVersion(problems: Problems, version: string | undefined): void {
  if (version === undefined || Token.isUnresolved(version)) return;
  problems.require(version.length <= LONGEST_VERSION && VERSION.test(version), () => {
    return `'mlflowVersion' must be a version number such as '3.0' or '2.16.2'; got '${version}'`;
  });
}
