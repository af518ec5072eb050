import { App, CfnOutput, Stack, TimeZone } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ArtifactStore,
  Compute,
  DayOfWeek,
  MlflowTrackingServer,
  SageMakerMaintenanceWindow,
  WorkingHours,
} from '../../src';

const app = new App();
const stack = new Stack(app, 'SageMakerTrackingServer');

const server = new MlflowTrackingServer(stack, 'Mlflow', {
  compute: Compute.sageMakerTrackingServer({
    mlflowVersion: '3.0',
    maintenanceWindow: SageMakerMaintenanceWindow.weekly(DayOfWeek.SUNDAY, 3, 30),
    // The server is billed by the hour, so stop it at night and on weekends.
    workingHours: WorkingHours.weekdays({ startHour: 7, stopHour: 20, timeZone: TimeZone.EUROPE_BERLIN }),
  }),
  artifactStore: ArtifactStore.s3({ prefix: 'mlflow' }),
});

// A notebook that logs runs, and one with read-only access.
const notebook = new Role(stack, 'Notebook', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
server.grantAccess(notebook);
server.grantUi(notebook);
const reader = new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
server.grantRead(reader);

new CfnOutput(stack, 'NotebookRole', { value: notebook.roleArn });
new CfnOutput(stack, 'ReaderRole', { value: reader.roleArn });
