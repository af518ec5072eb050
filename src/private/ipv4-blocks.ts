import { Token } from 'aws-cdk-lib';
import { Problems } from './problems';

/** A shorter prefix allows a large part of the internet. */
const SHORTEST_PREFIX = 8;

const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;
const BLOCK = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** Notes an invalid list of IPv4 CIDR blocks. Tokens are accepted. */
export function checkIpv4Blocks(problems: Problems, prop: string, blocks: string[], advice: string): void {
  problems.require(
    blocks.length > 0,
    () => `'${prop}' must have at least one CIDR block; got none, add one or remove it`,
  );
  for (const block of blocks.filter((each) => !Token.isUnresolved(each))) {
    const numbers = BLOCK.exec(block)?.slice(1).map(Number);
    const valid = numbers !== undefined && numbers.slice(0, 4).every((n) => n <= 255) && numbers[4] <= 32;
    problems.require(valid, () => {
      return `'${prop}' must be IPv4 CIDR blocks such as '203.0.113.0/24'; got '${block}'${adviceFor(block)}`;
    });
    problems.require(!valid || numbers[4] >= SHORTEST_PREFIX, () => {
      return `'${prop}' must not be wider than /${SHORTEST_PREFIX}, which allows large parts of the internet; got '${block}', ${advice}`;
    });
  }
}

function adviceFor(block: string): string {
  if (block.includes(':')) return ', IPv6 is not supported';
  return ADDRESS.test(block) ? ', append /32 for this one address' : '';
}
