import { App, Stack } from 'aws-cdk-lib';
import { MlflowTrackingServer } from '../../../src';

const stack = new Stack(new App(), 'StaticPrefix');

new MlflowTrackingServer(stack, 'Mlflow', { server: { staticPrefix: '/team/mlflow' } });
