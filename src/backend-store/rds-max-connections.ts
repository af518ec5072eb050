import { InstanceType } from 'aws-cdk-lib/aws-ec2';

const GIB = 1024 ** 3;

// Memory of the burstable and general purpose classes (t, m); the memory optimised ones (r, x) have twice as much.
const GIB_BY_SIZE: Record<string, number> = {
  micro: 1,
  small: 2,
  medium: 4,
  large: 8,
  xlarge: 16,
  '2xlarge': 32,
  '4xlarge': 64,
  '8xlarge': 128,
};

/** RDS's `max_connections` is LEAST(DBInstanceClassMemory / 9531392, 5000). */
const BYTES_PER_CONNECTION = 9531392;

/** DBInstanceClassMemory is less than the memory of the instance, which the operating system and the RDS agents use, too. */
const DATABASE_SHARE = 0.75;

/** A conservative estimate of the connections that an instance accepts; undefined for instance classes that are unknown here. */
export function postgresMaxConnections(instanceType: InstanceType): number | undefined {
  const [, family, size] = /^(?:db\.)?([a-z]+)\d\w*\.(\w+)$/.exec(instanceType.toString()) ?? [];
  const gib = GIB_BY_SIZE[size];
  if (gib === undefined || !['t', 'm', 'r'].includes(family)) {
    return undefined;
  }
  const bytes = gib * GIB * (family === 'r' ? 2 : 1);
  return Math.min(5000, Math.floor((bytes * DATABASE_SHARE) / BYTES_PER_CONNECTION));
}
