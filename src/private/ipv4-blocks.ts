import { Token } from 'aws-cdk-lib';
import { Problems } from './problems';

/** A shorter prefix lets a large part of the internet in. */
const SHORTEST_PREFIX = 8;

const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;
const BLOCK = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** Notes what is wrong with a list of blocks of IPv4 addresses; tokens pass. */
export function requireIpv4Blocks(problems: Problems, prop: string, blocks: string[], advice: string): void {
  problems.require(blocks.length > 0, () => `'${prop}' must have at least one block; got none, name one or remove it`);
  for (const block of blocks.filter((each) => !Token.isUnresolved(each))) {
    const numbers = BLOCK.exec(block)?.slice(1).map(Number);
    const valid = numbers !== undefined && numbers.slice(0, 4).every((n) => n <= 255) && numbers[4] <= 32;
    problems.require(valid, () => {
      return `'${prop}' must be blocks of IPv4 addresses such as '203.0.113.0/24'; got '${block}'${adviceFor(block)}`;
    });
    problems.require(!valid || numbers[4] >= SHORTEST_PREFIX, () => {
      return `'${prop}' must not be wider than /${SHORTEST_PREFIX}, which lets large parts of the internet in; got '${block}', ${advice}`;
    });
  }
}

function adviceFor(block: string): string {
  if (block.includes(':')) return ', IPv6 is not supported';
  return ADDRESS.test(block) ? ', append /32 for this one address' : '';
}
