import { Profile } from '../../src';
import { profileDefaults } from '../../src/server/profile-defaults';

test('development is small, and safe', () => {
  expect(profileDefaults(Profile.DEVELOPMENT)).toEqual({
    performanceInsights: false,
    versionedBucket: false,
    artifactAccessLogs: false,
    vcpus: 0.5,
    memoryMiB: 1024,
    replicas: 1,
    logRetentionDays: 30,
    containerInsights: false,
    controlPlaneLogs: false,
    natGateways: 1,
    flowLogs: false,
    databaseInstance: 't4g.micro',
    databaseStandby: false,
    databaseBackupDays: 7,
    deletionProtection: false,
  });
});

test('production is redundant, watched and protected', () => {
  expect(profileDefaults(Profile.PRODUCTION)).toEqual({
    performanceInsights: true,
    versionedBucket: true,
    artifactAccessLogs: true,
    vcpus: 1,
    memoryMiB: 2048,
    replicas: 2,
    logRetentionDays: 365,
    containerInsights: true,
    controlPlaneLogs: true,
    natGateways: undefined,
    flowLogs: true,
    databaseInstance: 'm7g.large',
    databaseStandby: true,
    databaseBackupDays: 30,
    deletionProtection: true,
  });
});
