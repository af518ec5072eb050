import { createHash } from 'crypto';
import { Aws, Fn, Names, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Problems } from '../../private/problems';

/** The pattern in the schemas of both resource types, which also limit a name to 256 characters. */
const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}$/;
const LONGEST = 256;

/** Notes a name that SageMaker would reject. */
export function checkName(problems: Problems, prop: string, name: string | undefined): void {
  if (name === undefined || Token.isUnresolved(name)) return;
  problems.require(name.length <= LONGEST && NAME.test(name), () => {
    return `'${prop}' must be 1 to ${LONGEST} letters, digits and hyphens, with a letter or digit at both ends; got '${name}'`;
  });
}

/**
 * Returns a name that changes with each property whose update requires a replacement: the new resource exists before the
 * old one is deleted, and two cannot have the same name. It also differs between stacks, even if a stack is deleted and
 * created again, because the resource of the old stack may have been retained.
 *
 * @param scope The scope of the resource.
 * @param createOnly The values whose change requires a replacement.
 */
export function replaceableName(scope: Construct, createOnly: (string | undefined)[]): string {
  const resolved = JSON.stringify(Stack.of(scope).resolve(createOnly.map((value) => value ?? null)));
  const hash = createHash('sha256').update(`${scope.node.addr} ${resolved}`).digest('hex').slice(0, 8);
  // arn:PARTITION:cloudformation:REGION:ACCOUNT:stack/NAME/UUID
  const stackHash = Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));
  return `${Names.uniqueResourceName(scope, { maxLength: 54, separator: '-' })}-${hash}-${stackHash}`;
}
