import { Binding } from '../../src/private/binding';

test('what was set is read', () => {
  const bound = new Binding<{ thing: number; other: string }>('X.y()');
  bound.claim();
  bound.set({ thing: 1, other: 'a' });
  expect([bound.read('thing'), bound.read('other')]).toEqual([1, 'a']);
});

test('fails where it is read before', () => {
  const bound = new Binding<{ thing: number }>('X.y()');
  bound.claim();
  expect(() => bound.read('thing')).toThrow(
    new Error("'thing' of X.y() does not exist yet; pass the X.y() to an MlflowTrackingServer first"),
  );
});

test('fails where it is claimed twice', () => {
  const bound = new Binding<{ thing: number }>('X.y()');
  bound.claim();
  expect(() => bound.claim()).toThrow(
    new Error('this X.y() already belongs to an MlflowTrackingServer; create another one for the second server'),
  );
});
