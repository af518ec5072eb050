import { createHash } from 'crypto';
import { Aws, Fn, Names, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Problems } from '../../private/problems';

/** The rule of both types of resource; from their schemas, which also limit a name to 256 characters. */
const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}$/;
const LONGEST = 256;

/** Notes a name that SageMaker would refuse. */
export function requireName(problems: Problems, prop: string, name: string | undefined): void {
  if (name === undefined || Token.isUnresolved(name)) return;
  problems.require(name.length <= LONGEST && NAME.test(name), () => {
    return `'${prop}' must be 1 to ${LONGEST} letters, digits and hyphens, with a letter or digit at both ends; got '${name}'`;
  });
}

/**
 * A name that differs wherever what CloudFormation can change only by replacement differs: the new resource exists
 * before the old one is gone, and two cannot have one name. It also differs from stack to stack, even where a stack is
 * deleted and made anew, because the old one's resource may have stayed.
 *
 * @param scope The scope that the name is for.
 * @param createOnly What a replacement changes.
 */
export function replaceableName(scope: Construct, createOnly: (string | undefined)[]): string {
  const resolved = JSON.stringify(Stack.of(scope).resolve(createOnly.map((value) => value ?? null)));
  const hash = createHash('sha256').update(`${scope.node.addr} ${resolved}`).digest('hex').slice(0, 8);
  // arn:PARTITION:cloudformation:REGION:ACCOUNT:stack/NAME/UUID
  const stackHash = Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));
  return `${Names.uniqueResourceName(scope, { maxLength: 54, separator: '-' })}-${hash}-${stackHash}`;
}
