import { Stack } from 'aws-cdk-lib';
import { newStack } from './new-app';
import { MlflowTrackingServer, MlflowTrackingServerProps } from '../../src';

/** Defines a server that is refused, and sees to it that nothing of it is defined by then. */
export function refused(
  props: (stack: Stack) => MlflowTrackingServerProps,
  define: () => Stack = () => newStack(),
): () => void {
  return () => {
    const stack = define();
    try {
      new MlflowTrackingServer(stack, 'Mlflow', props(stack));
    } catch (error) {
      const { children } = stack.node.findChild('Mlflow').node;
      if (children.length > 0) throw new Error(`only after constructs were defined: ${error}`);
      throw error;
    }
  };
}
