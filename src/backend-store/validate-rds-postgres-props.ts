import { Size, SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import { RdsPostgresBackendStoreProps } from './rds-postgres-backend-store-props';
import { correctedType, hasKnownSize } from '../private/instance-type-name';
import { Problems } from '../private/problems';

const SMALLEST_GIB = 20;
const LARGEST_GIB = 65536;
const LOGS = ['postgresql', 'upgrade'];
const TIME = '([01]\\d|2[0-3]):[0-5]\\d';
const DAY = '(mon|tue|wed|thu|fri|sat|sun)';

/** Throws one error with all that RDS would refuse, and what would lose data or confidentiality. */
export function validateRdsPostgresProps(props: RdsPostgresBackendStoreProps): void {
  const problems = new Problems();
  requireInstanceType(problems, props);
  requireStorage(problems, props);
  requireBackups(problems, props);
  requireRotation(problems, props);
  for (const log of props.logExports ?? []) {
    problems.require(Token.isUnresolved(log) || LOGS.includes(log), () => {
      return `'logExports' must be of ${LOGS.join(', ')}; got '${log}'`;
    });
  }
  problems.require(!('rds.force_ssl' in (props.parameters ?? {})), () => {
    return "'parameters' cannot have rds.force_ssl, which the library sets; remove it";
  });
  problems.require(!(props.encryptionKey && props.snapshotIdentifier !== undefined), () => {
    return "'encryptionKey' cannot be set with 'snapshotIdentifier', whose own key is kept; copy the snapshot with the new key, and remove 'encryptionKey'";
  });
  problems.throwIfAny('BackendStore.rdsPostgres()');
}

/** RDS's own names begin with `db.`, which is put before the type. */
function requireInstanceType(problems: Problems, { instanceType }: RdsPostgresBackendStoreProps): void {
  const type = instanceType?.toString();
  if (type === undefined || Token.isUnresolved(type)) return;
  const isType = /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(type);
  problems
    .require(!type.startsWith('db.'), () => {
      return `'instanceType' must be a type without 'db.', which is put before it; got '${type}', use '${type.slice(3)}'`;
    })
    .require(type.startsWith('db.') || isType, () => {
      return `'instanceType' must be a type such as 't4g.small'; got '${type}'`;
    })
    .require(!isType || hasKnownSize(type), () => {
      return `'instanceType' must be a type with a size that RDS has; got '${type}', use '${correctedType(type) ?? 't4g.small'}'`;
    });
}

function requireStorage(problems: Problems, props: RdsPostgresBackendStoreProps): void {
  const allocated = gibibytes(props.allocatedStorage);
  const largest = gibibytes(props.maxAllocatedStorage);
  for (const [name, value] of Object.entries({ allocatedStorage: allocated, maxAllocatedStorage: largest })) {
    if (value === undefined) continue;
    problems.require(Number.isInteger(value) && value >= SMALLEST_GIB && value <= LARGEST_GIB, () => {
      return `'${name}' must be from ${SMALLEST_GIB} to ${LARGEST_GIB} whole GiB; got ${value} GiB`;
    });
  }
  if (largest === undefined) return;
  const smallest = Math.ceil((11 * (allocated ?? SMALLEST_GIB)) / 10);
  problems.require(largest >= smallest, () => {
    return `'maxAllocatedStorage' must be at least a tenth more than the storage to begin with, ${smallest} GiB; got ${largest} GiB`;
  });
}

function requireBackups(problems: Problems, props: RdsPostgresBackendStoreProps): void {
  const { backupRetention, backupWindow, maintenanceWindow } = props;
  if (backupRetention && !backupRetention.isUnresolved()) {
    const days = backupRetention.toDays({ integral: false });
    problems.require(Number.isInteger(days) && days >= 1 && days <= 35, () => {
      return `'backupRetention' must be from 1 to 35 whole days; got ${days} days`;
    });
  }
  requirePattern(problems, 'backupWindow', backupWindow, `${TIME}-${TIME}`, '02:00-03:00');
  requirePattern(
    problems,
    'maintenanceWindow',
    maintenanceWindow,
    `${DAY}:${TIME}-${DAY}:${TIME}`,
    'sun:03:30-sun:04:30',
  );
}

/** Secrets Manager rotates at most every four hours and at least every 1000 days. */
function requireRotation(problems: Problems, { credentialsRotation }: RdsPostgresBackendStoreProps): void {
  const period = credentialsRotation?.automaticallyAfter;
  if (!period || period.isUnresolved()) return;
  const hours = period.toHours({ integral: false });
  problems.require(hours >= 4 && hours <= 24000, () => {
    return `'credentialsRotation.automaticallyAfter' must be from 4 hours to 1000 days; got ${hours} hours`;
  });
}

function requirePattern(
  problems: Problems,
  name: string,
  value: string | undefined,
  pattern: string,
  example: string,
): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  problems.require(new RegExp(`^${pattern}$`).test(value), () => {
    return `'${name}' must be a time span in UTC such as '${example}'; got '${value}'`;
  });
}

function gibibytes(size: Size | undefined): number | undefined {
  return size && !size.isUnresolved() ? size.toGibibytes({ rounding: SizeRoundingBehavior.NONE }) : undefined;
}
