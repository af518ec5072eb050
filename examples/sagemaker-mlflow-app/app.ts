import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ArtifactStore, Compute, DayOfWeek, MlflowTrackingServer, SageMakerMaintenanceWindow } from '../../src';

const app = new App();
const stack = new Stack(app, 'SageMakerMlflowApp');

const server = new MlflowTrackingServer(stack, 'Mlflow', {
  compute: Compute.sageMakerMlflowApp({
    automaticModelRegistration: true,
    maintenanceWindow: SageMakerMaintenanceWindow.weekly(DayOfWeek.SUNDAY, 3, 30),
  }),
  artifactStore: ArtifactStore.s3({ prefix: 'mlflow' }),
});

// A notebook that logs runs.
const notebook = new Role(stack, 'Notebook', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
server.grantAccess(notebook);
server.grantUi(notebook);

new CfnOutput(stack, 'NotebookRole', { value: notebook.roleArn });
