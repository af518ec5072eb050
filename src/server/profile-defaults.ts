import { Profile } from './profile';

/** The values of a profile. Each is the default of a prop. */
export interface ProfileDefaults {
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly replicas: number;
  readonly logRetentionDays: number;
  readonly containerInsights: boolean;
  readonly controlPlaneLogs: boolean;
  /** Undefined: one in each Availability Zone. */
  readonly natGateways?: number;
  readonly flowLogs: boolean;
  readonly versionedBucket: boolean;
  readonly artifactAccessLogs: boolean;
  readonly databaseInstance: string;
  readonly databaseStandby: boolean;
  readonly databaseBackupDays: number;
  readonly performanceInsights: boolean;
  readonly deletionProtection: boolean;
}

const DEFAULTS: Record<Profile, ProfileDefaults> = {
  [Profile.DEVELOPMENT]: {
    vcpus: 0.5,
    memoryMiB: 1024,
    replicas: 1,
    logRetentionDays: 30,
    containerInsights: false,
    controlPlaneLogs: false,
    natGateways: 1,
    flowLogs: false,
    versionedBucket: false,
    artifactAccessLogs: false,
    databaseInstance: 't4g.micro',
    databaseStandby: false,
    databaseBackupDays: 7,
    performanceInsights: false,
    deletionProtection: false,
  },
  [Profile.PRODUCTION]: {
    vcpus: 1,
    memoryMiB: 2048,
    replicas: 2,
    logRetentionDays: 365,
    containerInsights: true,
    controlPlaneLogs: true,
    natGateways: undefined,
    flowLogs: true,
    versionedBucket: true,
    artifactAccessLogs: true,
    databaseInstance: 'm7g.large',
    databaseStandby: true,
    databaseBackupDays: 30,
    performanceInsights: true,
    deletionProtection: true,
  },
};

export function profileDefaults(profile: Profile): ProfileDefaults {
  return DEFAULTS[profile];
}
