import { App, AppProps, Stack, StackProps } from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';

// The check takes seconds in every process that synthesises; one file has it for all: cloudformation.newest.ts.
process.env.CDK_VALIDATION = 'false';

/** Whether the tests run as in an app that `cdk init` made today, or as in one that sets no feature flags. */
export const RECOMMENDED_FLAGS = process.env.CDK_MLFLOW_TEST_FLAGS === 'recommended';

/** Every app of the tests is made here: `CDK_MLFLOW_TEST_FLAGS=recommended` sets the recommended feature flags. */
export function newApp(props: AppProps = {}): App {
  return new App({ context: RECOMMENDED_FLAGS ? recommendedFlags : {}, ...props });
}

export function newStack(props: StackProps = {}): Stack {
  return new Stack(newApp(), 'Stack', props);
}
