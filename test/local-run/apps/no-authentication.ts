import { App, Stack } from 'aws-cdk-lib';
import { Authentication, MlflowTrackingServer } from '../../../src';

const stack = new Stack(new App(), 'NoAuthentication');

new MlflowTrackingServer(stack, 'Mlflow', { authentication: Authentication.none() });
