import { MONITORING_ERRORS } from './errors';
import { messageOf } from '../support/templates';

test.each(MONITORING_ERRORS)('%s', (_name, action, message) => {
  expect(messageOf(action)).toBe(message);
});
