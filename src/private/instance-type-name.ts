const SIZES = ['nano', 'micro', 'small', 'medium', 'large', 'xlarge'];
/** The sizes that AWS has. */
const SIZE = /^(nano|micro|small|medium|large|\d*xlarge|metal(-\d+xl)?)$/;

/** Whether the size of a type, such as `small` in `t4g.small`, is a size that AWS has. */
export function hasKnownSize(type: string): boolean {
  return SIZE.test(type.split('.')[1]);
}

/** The correction of a type with a mistyped size, such as `t3.mirco`. Undefined if the size is right, or no other size is similar. */
export function correctedType(type: string): string | undefined {
  if (hasKnownSize(type)) return undefined;
  const [family, size] = type.split('.');
  const letters = [...size].sort().join('');
  const meant =
    SIZES.find((each) => [...each].sort().join('') === letters) ?? SIZES.find((each) => isOneOff(size, each));
  return meant && `${family}.${meant}`;
}

/** Whether the texts differ in one letter: one more, one less or another one. */
function isOneOff(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  const skipped = long.length === short.length ? 1 : 0;
  return [...long].some((_, index) => {
    const left = long.slice(0, index) + long.slice(index + 1);
    return left === short.slice(0, index) + short.slice(index + skipped);
  });
}
