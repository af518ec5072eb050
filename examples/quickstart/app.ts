import { App, Stack } from 'aws-cdk-lib';
import { MlflowTrackingServer } from '../../src';

const app = new App();
const stack = new Stack(app, 'Quickstart');

new MlflowTrackingServer(stack, 'Mlflow');
