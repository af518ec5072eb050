const SIZES = ['nano', 'micro', 'small', 'medium', 'large', 'xlarge'];
/** Those that AWS has. */
const SIZE = /^(nano|micro|small|medium|large|\d*xlarge|metal(-\d+xl)?)$/;

/** Whether the size of a type, such as `small` of `t4g.small`, is one that AWS has. */
export function hasKnownSize(type: string): boolean {
  return SIZE.test(type.split('.')[1]);
}

/** The type that somebody meant who mistyped its size, such as `t3.mirco`. Undefined if it is right, or no other is near. */
export function correctedType(type: string): string | undefined {
  if (hasKnownSize(type)) return undefined;
  const [family, size] = type.split('.');
  const letters = [...size].sort().join('');
  const meant =
    SIZES.find((each) => [...each].sort().join('') === letters) ?? SIZES.find((each) => isOneOff(size, each));
  return meant && `${family}.${meant}`;
}

/** Whether one letter more, less or other makes one text of the other. */
function isOneOff(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  const skipped = long.length === short.length ? 1 : 0;
  return [...long].some((_, index) => {
    const left = long.slice(0, index) + long.slice(index + 1);
    return left === short.slice(0, index) + short.slice(index + skipped);
  });
}
