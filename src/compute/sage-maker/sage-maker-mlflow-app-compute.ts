import { CfnResource } from 'aws-cdk-lib';
import { InterfaceVpcEndpointAwsService } from 'aws-cdk-lib/aws-ec2';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ComputeCapabilities } from '../capabilities';
import { ClientPermissions } from '../client-permissions';
import { ComputeBindOptions, ComputeConfig, ICompute } from '../contract';
import { APP_ACTIONS } from './actions';
import { MlflowAppResource } from './mlflow-app-resource';
import { checkName, replaceableName } from './names';
import { SageMakerMlflowAppComputeProps } from './sage-maker-mlflow-app-compute-props';
import { checkServiceProps, defineService, managedCapabilities, ServiceKind } from './service';
import { Binding } from '../../private/binding';
import { Problems } from '../../private/problems';

const KIND: ServiceKind = {
  displayName: 'SageMaker MLflow App',
  roleDescription: 'Assumed by an Amazon SageMaker MLflow App',
  dataPlane: new InterfaceVpcEndpointAwsService('mlflow', 'aws.sagemaker'),
};

/**
 * A serverless Amazon SageMaker MLflow App. It stores the runs and has no size or version to choose, and clients sign their
 * requests with AWS credentials.
 *
 * The profile has no effect.
 */
export class SageMakerMlflowAppCompute implements ICompute {
  /**
   * Returns the permissions that clients of an App need, to import one that is defined elsewhere.
   *
   * @param appArn The ARN of the App.
   */
  public static clientPermissions(appArn: string): ClientPermissions {
    return {
      resourceArns: [appArn],
      accessActions: APP_ACTIONS,
      uiActions: ['sagemaker:CreatePresignedMlflowAppUrl'],
      directArtifacts: true,
    };
  }

  public readonly capabilities: ComputeCapabilities = managedCapabilities(KIND);

  private readonly binding = new Binding<{ app: CfnResource; role: IRole }>('Compute.sageMakerMlflowApp()');

  /**
   * @throws if the name or the removal policy is invalid, or `clientVpc` has no subnets for endpoints
   */
  public constructor(private readonly props: SageMakerMlflowAppComputeProps = {}) {
    const problems = new Problems();
    checkName(problems, 'appName', props.appName);
    checkServiceProps(problems, props);
    problems.throwIfAny('Compute.sageMakerMlflowApp()');
  }

  /**
   * The App: a resource of the type `AWS::SageMaker::MlflowApp`.
   *
   * @throws if the compute is not bound
   */
  public get app(): CfnResource {
    return this.binding.read('app');
  }

  /**
   * The IAM role that the App assumes.
   *
   * @throws if the compute is not bound
   */
  public get role(): IRole {
    return this.binding.read('role');
  }

  public bind(scope: Construct, options: ComputeBindOptions): ComputeConfig {
    this.binding.claim();
    const { resource: app, role } = defineService(scope, KIND, this.props, (service, serviceRole) =>
      this.defineApp(service, serviceRole, options.artifactStore.artifactsUri),
    );
    this.binding.set({ app, role });
    return {
      grantee: role,
      trackingUri: app.attrArn,
      clientPermissions: SageMakerMlflowAppCompute.clientPermissions(app.attrArn),
      clientPackages: [`mlflow==${app.attrMlflowVersion}`, 'sagemaker-mlflow'],
    };
  }

  private defineApp(scope: Construct, role: IRole, artifactStoreUri: string): MlflowAppResource {
    const { appName, automaticModelRegistration, maintenanceWindow } = this.props;
    return new MlflowAppResource(scope, 'App', {
      Name: appName ?? replaceableName(scope, [this.props.role?.roleArn]),
      ArtifactStoreUri: artifactStoreUri,
      RoleArn: role.roleArn,
      // The defaults of creation and update differ.
      ModelRegistrationMode: automaticModelRegistration
        ? 'AutoModelRegistrationEnabled'
        : 'AutoModelRegistrationDisabled',
      WeeklyMaintenanceWindowStart: maintenanceWindow?.toString(),
    });
  }
}
