import { CfnResource } from 'aws-cdk-lib';
import { InterfaceVpcEndpointAwsService } from 'aws-cdk-lib/aws-ec2';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ComputeCapabilities } from '../capabilities';
import { ClientPermissions } from '../client-permissions';
import { ComputeBindOptions, ComputeConfig, ICompute } from '../contract';
import { APP_ACTIONS } from './actions';
import { defineClientEndpoints, requireClientSubnets } from './client-vpc';
import { MlflowAppResource } from './mlflow-app-resource';
import { replaceableName, requireName } from './names';
import { applyRemovalPolicy, requireRemovalPolicy } from './removal-policy';
import { SageMakerMlflowAppComputeProps } from './sage-maker-mlflow-app-compute-props';
import { defineServiceRole, grantModelRegistry, managedCapabilities } from './service';
import { Binding } from '../../private/binding';
import { Problems } from '../../private/problems';

const KIND = 'SageMaker MLflow App';

/**
 * A serverless MLflow App of Amazon SageMaker: it keeps the runs, has no size and no version to choose, and clients sign
 * their requests with AWS credentials.
 *
 * Its profile changes nothing.
 */
export class SageMakerMlflowAppCompute implements ICompute {
  /**
   * What the clients of an App need, for the import of one that was defined elsewhere.
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

  private readonly bound = new Binding<{ app: CfnResource; role: IRole }>('Compute.sageMakerMlflowApp()');

  /**
   * @throws If the name is one that SageMaker refuses, or `clientVpc` has no subnets for endpoints.
   */
  public constructor(private readonly props: SageMakerMlflowAppComputeProps = {}) {
    const problems = new Problems();
    requireName(problems, 'appName', props.appName);
    requireRemovalPolicy(problems, props.removalPolicy);
    requireClientSubnets(problems, props.clientVpc);
    problems.throwIfAny('Compute.sageMakerMlflowApp()');
  }

  /**
   * The App: a resource of the type `AWS::SageMaker::MlflowApp`.
   *
   * @throws If the compute is not bound yet.
   */
  public get app(): CfnResource {
    return this.bound.read('app');
  }

  /**
   * The role that the App takes on.
   *
   * @throws If the compute is not bound yet.
   */
  public get role(): IRole {
    return this.bound.read('role');
  }

  public bind(scope: Construct, options: ComputeBindOptions): ComputeConfig {
    this.bound.claim();
    const service = new Construct(scope, 'Service');
    const role = this.props.role ?? defineServiceRole(service, 'Taken on by an MLflow App of Amazon SageMaker');
    if (this.props.automaticModelRegistration) {
      grantModelRegistry(service, role);
    }
    const app = this.defineApp(service, role, options.artifactStore.artifactsUri);
    this.bound.set({ app, role });
    applyRemovalPolicy(service, this.props.removalPolicy);

    if (this.props.clientVpc) {
      const dataPlane = new InterfaceVpcEndpointAwsService('mlflow', 'aws.sagemaker');
      defineClientEndpoints(new Construct(scope, 'ClientVpc'), dataPlane, this.props.clientVpc);
    }
    return {
      grantee: role,
      trackingUri: app.attrArn,
      clientPermissions: SageMakerMlflowAppCompute.clientPermissions(app.attrArn),
      clientPackages: [`mlflow==${app.attrMlflowVersion}`, 'sagemaker-mlflow'],
    };
  }

  private defineApp(scope: Construct, role: IRole, artifactStoreUri: string): MlflowAppResource {
    const { appName, automaticModelRegistration, maintenanceWindow } = this.props;
    const app = new MlflowAppResource(scope, 'App', {
      Name: appName ?? replaceableName(scope, [this.props.role?.roleArn]),
      ArtifactStoreUri: artifactStoreUri,
      RoleArn: role.roleArn,
      // The API and its update do not agree on a default.
      ModelRegistrationMode: automaticModelRegistration
        ? 'AutoModelRegistrationEnabled'
        : 'AutoModelRegistrationDisabled',
      WeeklyMaintenanceWindowStart: maintenanceWindow?.toString(),
    });
    // The role's rights too: SageMaker looks at the bucket when it creates the App.
    app.node.addDependency(role);
    return app;
  }
}
