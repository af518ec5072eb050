import { Duration } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { ParameterForm } from './parameter-form';
import { RdsPostgresBackendStore } from '../../src';
import { Profile } from '../../src/server';
import { profileDefaults } from '../../src/server/profile-defaults';

const GROUP = 'Database';
const DEFAULTS = profileDefaults(Profile.DEVELOPMENT);
const LARGER = profileDefaults(Profile.PRODUCTION).databaseInstance;

export interface DatabaseChoice {
  readonly store: RdsPostgresBackendStore;
  /** Call it once the store belongs to a server: what the store's own props take no tokens for. */
  complete(): void;
}

/** The library's database, with the choices between its two profiles. */
export function chooseDatabase(form: ParameterForm): DatabaseChoice {
  const instanceType = form.add('DatabaseInstanceType', {
    group: GROUP,
    label: 'Instance type',
    description: 'The size of the database instance, without the "db." that RDS writes before it',
    default: DEFAULTS.databaseInstance,
    allowedValues: [...new Set([DEFAULTS.databaseInstance, 't4g.small', 't4g.medium', LARGER, 'm7g.xlarge'])],
  });
  const standby = form.addSwitch('DatabaseStandby', DEFAULTS.databaseStandby, {
    group: GROUP,
    label: 'Standby',
    description: 'Whether a standby in a second availability zone takes over when the database fails',
  });
  const backupDays = form.add('BackupRetentionDays', {
    group: GROUP,
    label: 'Days of backups',
    description: 'For how many days automatic backups are kept',
    type: 'Number',
    default: DEFAULTS.databaseBackupDays,
    minValue: 1,
    maxValue: 35,
  });
  const protection = form.addSwitch('DatabaseDeletionProtection', DEFAULTS.deletionProtection, {
    group: GROUP,
    label: 'Deletion protection',
    description: 'Whether the database refuses to be deleted. The stack cannot be deleted while it does',
  });
  const store = new RdsPostgresBackendStore({
    instanceType: new InstanceType(instanceType.valueAsString),
    backupRetention: Duration.days(backupDays.valueAsNumber),
  });
  return {
    store,
    complete: () => {
      const instance = store.instance.node.defaultChild as CfnDBInstance;
      instance.multiAz = standby.value;
      instance.deletionProtection = protection.value;
    },
  };
}
