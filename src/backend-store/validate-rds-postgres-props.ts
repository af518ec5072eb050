import { Size, SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import { RdsPostgresBackendStoreProps } from './rds-postgres-backend-store-props';
import { correctedType, hasKnownSize } from '../private/instance-type-name';
import { Problems } from '../private/problems';

const SMALLEST_GIB = 20;
const LARGEST_GIB = 65536;
const LOGS = ['postgresql', 'upgrade'];
const TIME = '([01]\\d|2[0-3]):[0-5]\\d';
const DAY = '(mon|tue|wed|thu|fri|sat|sun)';

/** Throws one error with every value that Amazon RDS would reject, or that would lose data or confidentiality. */
export function validateRdsPostgresProps(props: RdsPostgresBackendStoreProps): void {
  const problems = new Problems();
  checkInstanceType(problems, props);
  checkStorage(problems, props);
  checkBackups(problems, props);
  checkRotationPeriod(problems, props);
  for (const log of props.cloudwatchLogsExports ?? []) {
    problems.require(Token.isUnresolved(log) || LOGS.includes(log), () => {
      return `'cloudwatchLogsExports' must contain only ${LOGS.join(', ')}; got '${log}'`;
    });
  }
  problems.require(!('rds.force_ssl' in (props.parameters ?? {})), () => {
    return "'parameters' cannot contain rds.force_ssl, which the library sets; remove it";
  });
  problems.require(!(props.storageEncryptionKey && props.snapshotIdentifier !== undefined), () => {
    return "'storageEncryptionKey' cannot be set with 'snapshotIdentifier', because the database keeps the key of the snapshot; copy the snapshot with the new key, and remove 'storageEncryptionKey'";
  });
  problems.throwIfAny('BackendStore.rdsPostgres()');
}

/** The L2 adds the prefix `db.` of the RDS instance classes. */
function checkInstanceType(problems: Problems, { instanceType }: RdsPostgresBackendStoreProps): void {
  const type = instanceType?.toString();
  if (type === undefined || Token.isUnresolved(type)) return;
  const isType = /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(type);
  problems
    .require(!type.startsWith('db.'), () => {
      return `'instanceType' must not start with 'db.', which is added automatically; got '${type}', use '${type.slice(3)}'`;
    })
    .require(type.startsWith('db.') || isType, () => {
      return `'instanceType' must be an instance type such as 't4g.small'; got '${type}'`;
    })
    .require(!isType || hasKnownSize(type), () => {
      return `'instanceType' must be an instance type with a size that Amazon RDS offers; got '${type}', use '${correctedType(type) ?? 't4g.small'}'`;
    });
}

function checkStorage(problems: Problems, props: RdsPostgresBackendStoreProps): void {
  const allocated = gibibytes(props.allocatedStorage);
  const largest = gibibytes(props.maxAllocatedStorage);
  for (const [name, value] of Object.entries({ allocatedStorage: allocated, maxAllocatedStorage: largest })) {
    if (value === undefined) continue;
    problems.require(Number.isInteger(value) && value >= SMALLEST_GIB && value <= LARGEST_GIB, () => {
      return `'${name}' must be a whole number of GiB from ${SMALLEST_GIB} to ${LARGEST_GIB}; got ${value} GiB`;
    });
  }
  if (largest === undefined) return;
  const smallest = Math.ceil((11 * (allocated ?? SMALLEST_GIB)) / 10);
  problems.require(largest >= smallest, () => {
    return `'maxAllocatedStorage' must be at least ${smallest} GiB, 10 % more than the initial storage; got ${largest} GiB`;
  });
}

function checkBackups(problems: Problems, props: RdsPostgresBackendStoreProps): void {
  const { backupRetention, preferredBackupWindow, preferredMaintenanceWindow } = props;
  if (backupRetention && !backupRetention.isUnresolved()) {
    const days = backupRetention.toDays({ integral: false });
    problems.require(Number.isInteger(days) && days >= 1 && days <= 35, () => {
      return `'backupRetention' must be a whole number of days from 1 to 35; got ${days} days`;
    });
  }
  checkPattern(problems, 'preferredBackupWindow', preferredBackupWindow, `${TIME}-${TIME}`, '02:00-03:00');
  checkPattern(
    problems,
    'preferredMaintenanceWindow',
    preferredMaintenanceWindow,
    `${DAY}:${TIME}-${DAY}:${TIME}`,
    'sun:03:30-sun:04:30',
  );
}

/** @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html */
function checkRotationPeriod(problems: Problems, { credentialsRotation }: RdsPostgresBackendStoreProps): void {
  const period = credentialsRotation?.automaticallyAfter;
  if (!period || period.isUnresolved()) return;
  const hours = period.toHours({ integral: false });
  problems.require(hours >= 4 && hours <= 24000, () => {
    return `'credentialsRotation.automaticallyAfter' must be from 4 hours to 1000 days; got ${hours} hours`;
  });
}

function checkPattern(
  problems: Problems,
  name: string,
  value: string | undefined,
  pattern: string,
  example: string,
): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  problems.require(new RegExp(`^${pattern}$`).test(value), () => {
    return `'${name}' must be a time range in UTC such as '${example}'; got '${value}'`;
  });
}

function gibibytes(size: Size | undefined): number | undefined {
  return size && !size.isUnresolved() ? size.toGibibytes({ rounding: SizeRoundingBehavior.NONE }) : undefined;
}
