import { Problems } from '../../src/private/problems';
import { messageOf } from '../support/templates';

test('no problem, no error', () => {
  const message = jest.fn();
  expect(() => new Problems().require(true, message).throwIfAny('Thing')).not.toThrow();
  expect(message).not.toHaveBeenCalled();
});

test('one problem is the message', () => {
  expect(messageOf(() => new Problems().require(false, () => 'wrong').throwIfAny('Thing'))).toBe('wrong');
});

test('several problems are listed in order', () => {
  const problems = new Problems()
    .require(false, () => 'first')
    .require(true, () => 'never')
    .require(false, () => 'second');
  expect(messageOf(() => problems.throwIfAny('Thing'))).toBe('Thing has 2 problems:\n- first\n- second');
});
