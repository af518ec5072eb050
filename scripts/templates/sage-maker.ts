import { CfnCondition, CfnOutput, CfnParameter, CfnResource, Fn, Stack, Token } from 'aws-cdk-lib';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { TemplateDefinition } from './definition';
import { ParameterForm } from './parameter-form';
import {
  MlflowTrackingServer,
  SageMakerMlflowAppCompute,
  SageMakerTrackingServerCompute,
  SageMakerTrackingServerSize,
} from '../../src';

const GROUP = 'Server';

export const SAGE_MAKER_TRACKING_SERVER_TEMPLATE: TemplateDefinition = {
  name: 'sagemaker-tracking-server',
  title: 'An Amazon SageMaker MLflow tracking server, with artifacts in S3',
  define: (stack, form) => {
    const size = form.add('ServerSize', {
      group: GROUP,
      label: 'Size',
      description:
        'Small is for up to 25 users, Medium for up to 50, Large for up to 100. Larger sizes have a higher hourly price',
      default: SageMakerTrackingServerSize.SMALL,
      allowedValues: Object.values(SageMakerTrackingServerSize),
    });
    const window = addMaintenanceWindow(form);
    const compute = new SageMakerTrackingServerCompute({ size: size.valueAsString as SageMakerTrackingServerSize });
    const server = new MlflowTrackingServer(stack, 'Mlflow', { compute });
    setMaintenanceWindow(stack, compute.trackingServer, window);
    defineUiPolicy(stack, server);
    return server;
  },
};

export const SAGE_MAKER_MLFLOW_APP_TEMPLATE: TemplateDefinition = {
  name: 'sagemaker-mlflow-app',
  title: 'A serverless Amazon SageMaker MLflow App, with artifacts in S3',
  define: (stack, form) => {
    const window = addMaintenanceWindow(form);
    const compute = new SageMakerMlflowAppCompute();
    const server = new MlflowTrackingServer(stack, 'Mlflow', { compute });
    setMaintenanceWindow(stack, compute.app, window);
    defineUiPolicy(stack, server);
    return server;
  },
};

function addMaintenanceWindow(form: ParameterForm): CfnParameter {
  return form.add('MaintenanceWindow', {
    group: GROUP,
    label: 'Maintenance window',
    description:
      'The start of the weekly maintenance window of the server, in UTC, such as Sun:03:30. ' +
      'If it is empty, SageMaker chooses the window',
    default: '',
    allowedPattern: '^((Mon|Tue|Wed|Thu|Fri|Sat|Sun):([01][0-9]|2[0-3]):[0-5][0-9])?$',
  });
}

/** `SageMakerMaintenanceWindow` takes no tokens. */
function setMaintenanceWindow(stack: Stack, server: CfnResource, window: CfnParameter): void {
  const given = new CfnCondition(stack, 'MaintenanceWindowGiven', {
    expression: Fn.conditionNot(Fn.conditionEquals(window, '')),
  });
  const start = Fn.conditionIf(given.logicalId, window, Token.asAny({ Ref: 'AWS::NoValue' }));
  server.addPropertyOverride('WeeklyMaintenanceWindowStart', start);
}

/** Corresponds to `grantUi`, which is the same as `grantAccess` if people sign in with a password. */
function defineUiPolicy(stack: Stack, server: MlflowTrackingServer): void {
  const policy = new ManagedPolicy(stack, 'UiAccess', {
    description: 'The permissions to open the UI of the MLflow tracking server',
  });
  server.grantUi(policy);
  new CfnOutput(stack, 'UiPolicy', {
    value: policy.managedPolicyArn,
    description: 'The ARN of the policy with the permissions to open the UI',
  });
}
