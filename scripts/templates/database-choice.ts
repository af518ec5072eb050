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
  /** Call it after the store is bound to a server. It sets what the props of the store accept no tokens for. */
  complete(): void;
}

/** The built-in database, with parameters for what differs between the profiles. */
export function chooseDatabase(form: ParameterForm): DatabaseChoice {
  const instanceType = form.add('DatabaseInstanceType', {
    group: GROUP,
    label: 'Instance type',
    description: 'The DB instance class, without the prefix "db."',
    default: DEFAULTS.databaseInstance,
    allowedValues: [...new Set([DEFAULTS.databaseInstance, 't4g.small', 't4g.medium', LARGER, 'm7g.xlarge'])],
  });
  const standby = form.addSwitch('DatabaseStandby', DEFAULTS.databaseStandby, {
    group: GROUP,
    label: 'Standby',
    description: 'Whether to create a standby in a second Availability Zone for failover',
  });
  const backupDays = form.add('BackupRetentionDays', {
    group: GROUP,
    label: 'Backup retention (days)',
    description: 'How long to keep automatic backups, in days',
    type: 'Number',
    default: DEFAULTS.databaseBackupDays,
    minValue: 1,
    maxValue: 35,
  });
  const protection = form.addSwitch('DatabaseDeletionProtection', DEFAULTS.deletionProtection, {
    group: GROUP,
    label: 'Deletion protection',
    description: 'Whether the database is protected from deletion. You cannot delete the stack while it is protected',
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
