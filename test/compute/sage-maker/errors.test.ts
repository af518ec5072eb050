import { Lazy, Stack } from 'aws-cdk-lib';
import { limitedRole, SAGE_MAKER_ERRORS } from './errors';
import { Compute, MlflowTrackingServer, WorkingHours } from '../../../src';
import { newStack } from '../../support/new-app';
import { elementsIn, messageOf } from '../../support/templates';

test('there are at least 40', () => {
  expect(SAGE_MAKER_ERRORS.length).toBeGreaterThanOrEqual(40);
});

test.each(SAGE_MAKER_ERRORS)('%s', (_name, action, message) => {
  expect(messageOf(action)).toBe(message);
});

test('a permissions boundary is accepted with an existing role and working hours, whose role it limits', () => {
  const workingHours = WorkingHours.weekdays({ startHour: 8, stopHour: 18 });
  expect(() => Compute.sageMakerTrackingServer({ ...limitedRole(), workingHours })).not.toThrow();
});

test('a contradiction is found before anything is defined', () => {
  const stack = newStack();
  messageOf(
    () => new MlflowTrackingServer(stack, 'Mlflow', { compute: Compute.sageMakerTrackingServer(), server: {} }),
  );
  expect(elementsIn(stack)).toEqual([]);
});

test.each(['a', 'A-1', 'a--b', 'a'.repeat(256), Lazy.string({ produce: () => 'later' })])(
  'the name %s is accepted, also where it is known later',
  (name) => {
    expect(() => Compute.sageMakerTrackingServer({ trackingServerName: name })).not.toThrow();
    expect(() => Compute.sageMakerMlflowApp({ appName: name })).not.toThrow();
  },
);

test.each(['3.0', '2.16.2', '1.2.3.4', Lazy.string({ produce: () => 'later' })])('the version %s', (mlflowVersion) => {
  expect(() => Compute.sageMakerTrackingServer({ mlflowVersion })).not.toThrow();
});

test.each(['eu-central-1', 'us-gov-west-1', 'xx-new-1', undefined])('the region %s is not refused', (region) => {
  const stack: Stack = newStack({ env: { region } });
  expect(() => new MlflowTrackingServer(stack, 'Mlflow', { compute: Compute.sageMakerMlflowApp() })).not.toThrow();
});

test.each([() => Compute.sageMakerTrackingServer(), () => Compute.sageMakerMlflowApp()])(
  'one compute belongs to one server',
  (create) => {
    const stack = newStack();
    const compute = create();
    new MlflowTrackingServer(stack, 'First', { compute });
    expect(messageOf(() => new MlflowTrackingServer(stack, 'Second', { compute }))).toMatch(
      /^this Compute\.sageMaker\w+\(\) already belongs to an MlflowTrackingServer; create another one for the second server$/,
    );
  },
);
