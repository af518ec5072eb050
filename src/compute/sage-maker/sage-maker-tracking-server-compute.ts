import { Token } from 'aws-cdk-lib';
import { InterfaceVpcEndpointAwsService } from 'aws-cdk-lib/aws-ec2';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { CfnMlflowTrackingServer } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { ComputeCapabilities } from '../capabilities';
import { ClientPermissions } from '../client-permissions';
import { ComputeBindOptions, ComputeConfig, ICompute } from '../contract';
import { TRACKING_SERVER_READ_ACTIONS, TRACKING_SERVER_WRITE_ACTIONS } from './actions';
import { checkName, replaceableName } from './names';
import {
  SageMakerTrackingServerComputeProps,
  SageMakerTrackingServerSize,
} from './sage-maker-tracking-server-compute-props';
import { defineSchedule } from './schedule';
import { checkServiceProps, defineService, managedCapabilities, ServiceKind } from './service';
import { Binding } from '../../private/binding';
import { Problems } from '../../private/problems';

const KIND: ServiceKind = {
  displayName: 'SageMaker tracking server',
  roleDescription: 'Assumed by an Amazon SageMaker MLflow tracking server',
  dataPlane: InterfaceVpcEndpointAwsService.SAGEMAKER_EXPERIMENTS,
};

/** From the schema of the resource type. The pattern allows more versions than SageMaker offers. */
const VERSION = /^\d+(\.\d+)+$/;
const LONGEST_VERSION = 32;

/**
 * An Amazon SageMaker tracking server. It stores the runs, and clients sign their requests with AWS credentials.
 *
 * The profile has no effect. Use `size` to choose the size.
 */
export class SageMakerTrackingServerCompute implements ICompute {
  /**
   * Returns the permissions that clients of a tracking server need, to import one that is defined elsewhere.
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

  private readonly binding = new Binding<{ trackingServer: CfnMlflowTrackingServer; role: IRole }>(
    'Compute.sageMakerTrackingServer()',
  );

  /**
   * @throws if the name, the version or the removal policy is invalid, or `clientVpc` has no subnets for endpoints
   */
  public constructor(private readonly props: SageMakerTrackingServerComputeProps = {}) {
    const problems = new Problems();
    checkName(problems, 'trackingServerName', props.trackingServerName);
    checkVersion(problems, props.mlflowVersion);
    checkServiceProps(problems, props);
    problems.throwIfAny('Compute.sageMakerTrackingServer()');
  }

  /**
   * The tracking server.
   *
   * @throws if the compute is not bound
   */
  public get trackingServer(): CfnMlflowTrackingServer {
    return this.binding.read('trackingServer');
  }

  /**
   * The IAM role that the tracking server assumes.
   *
   * @throws if the compute is not bound
   */
  public get role(): IRole {
    return this.binding.read('role');
  }

  public bind(scope: Construct, options: ComputeBindOptions): ComputeConfig {
    this.binding.claim();
    const { workingHours, mlflowVersion } = this.props;
    const { resource: server, role } = defineService(scope, KIND, this.props, (service, serviceRole) =>
      this.defineTrackingServer(service, serviceRole, options.artifactStore.artifactsUri),
    );
    this.binding.set({ trackingServer: server, role });
    const arn = server.attrTrackingServerArn;
    if (workingHours) {
      defineSchedule(new Construct(scope, 'WorkingHours'), { name: server.ref, arn }, workingHours);
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
    return new CfnMlflowTrackingServer(scope, 'TrackingServer', {
      trackingServerName: trackingServerName ?? replaceableName(scope, [mlflowVersion, this.props.role?.roleArn]),
      trackingServerSize: size ?? SageMakerTrackingServerSize.SMALL,
      mlflowVersion,
      automaticModelRegistration: automaticModelRegistration ?? false,
      weeklyMaintenanceWindowStart: maintenanceWindow?.toString(),
      artifactStoreUri,
      roleArn: role.roleArn,
    });
  }
}

/** The client of the same release: `3.0` is any `3.0.x`. */
function clientOf(version: string | undefined): string {
  if (version === undefined) return 'mlflow';
  return /^\d+\.\d+$/.test(version) ? `mlflow==${version}.*` : `mlflow==${version}`;
}

function checkVersion(problems: Problems, version: string | undefined): void {
  if (version === undefined || Token.isUnresolved(version)) return;
  problems.require(version.length <= LONGEST_VERSION && VERSION.test(version), () => {
    return `'mlflowVersion' must be a version number such as '3.0' or '2.16.2'; got '${version}'`;
  });
}
