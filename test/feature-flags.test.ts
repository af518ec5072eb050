import { FeatureFlags } from 'aws-cdk-lib';
import { newStack, RECOMMENDED_FLAGS } from './support/new-app';
import { idsOf, templateWith } from './support/templates';

test('the apps of the tests have the flags that CDK_MLFLOW_TEST_FLAGS asks for', () => {
  expect(FeatureFlags.of(newStack()).isEnabled('@aws-cdk/aws-iam:minimizePolicies')).toBe(RECOMMENDED_FLAGS);
});

test('a recommended flag empties the default security group of a new VPC', () => {
  expect(idsOf(templateWith(), 'Custom::VpcRestrictDefaultSG')).toHaveLength(RECOMMENDED_FLAGS ? 1 : 0);
});
