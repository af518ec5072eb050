import { Token } from 'aws-cdk-lib';
import { EcsContainer } from './containers';
import { isOneToken, TOKENS } from '../../private/tokens';
import { ServerDefinition } from '../../server';

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
const TASK_DEFINITION_BYTES = 64 * 1024;

/** What a value takes that is known only at deployment: most are names and ARNs, a whole one may be a certificate. */
const TOKEN_BYTES = 100;
const WHOLE_TOKEN_BYTES = 160;
const CERTIFICATE_BYTES = 1600;

/** Image, log, limits, dependencies and roles: what has much the same size for every server. */
const CONTAINER_BYTES = 800;

/** Throws if ECS would refuse the task definition, whose programs leave the user a few kilobytes. */
export function requireRoomInTask(containers: EcsContainer[], { environment, secrets }: ServerDefinition): void {
  const sizes = containers.map(({ program, command = [], healthCheck, configured }) => {
    const given = configured ? { environment: Object.entries(environment), secrets: Object.keys(secrets) } : {};
    const values = Object.values(configured ? environment : {});
    const certificates = values.filter((value) => isOneToken(value) && value === environment.CDK_MLFLOW_DATABASE_CA);
    return (
      CONTAINER_BYTES +
      certificates.length * CERTIFICATE_BYTES +
      Object.keys(configured ? secrets : {}).length * WHOLE_TOKEN_BYTES +
      bytesOf(JSON.stringify({ program, command, healthCheck: healthCheck?.command, ...given }))
    );
  });
  const estimate = sizes.reduce((sum, size) => sum + size, 0);
  if (estimate <= TASK_DEFINITION_BYTES) return;
  throw new Error(
    `the task definition of the server takes about ${estimate} bytes, and Amazon ECS accepts ${TASK_DEFINITION_BYTES}; ` +
      "shorten 'server.environment' or 'server.extraArguments'",
  );
}

function bytesOf(text: string): number {
  const parts = text.split(TOKENS);
  return parts.reduce((sum, part) => sum + (Token.isUnresolved(part) ? TOKEN_BYTES : Buffer.byteLength(part)), 0);
}
