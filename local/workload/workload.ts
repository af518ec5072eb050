/**
 * What a compute runs, whatever kind it is: processes in the order in which they start. Read from the resources that
 * were deployed; each kind of compute has one file here that reads its own.
 */
export interface Workload {
  /** For people: 'ECS task'. */
  readonly kind: string;
  /** The AWS service that starts the processes, as trust policies name it. */
  readonly service: string;
  /** All but the last end by themselves, with exit code 0, before the next one starts. The last is the server. */
  readonly processes: readonly WorkloadProcess[];
  readonly healthCheck: HealthCheck;
  /** The variables by which the platform itself tells every process the region. @default - it tells none */
  readonly regionVariables?: readonly string[];
  /**
   * The files that are on the machine before anything is started, by their path there. A process of this run finds them
   * below a directory of the run, which `CDK_MLFLOW_ROOT` names.
   */
  readonly files?: Readonly<Record<string, string>>;
  /** What of the definition cannot be carried over, for the list of deviations. */
  readonly deviations: readonly string[];
}

export interface WorkloadProcess {
  readonly name: string;
  /** Exactly as the template says; the program is looked up on the PATH. */
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly SecretVariable[];
  /** Those that it reads by itself, with its own rights. The local run only has to know what they are. */
  readonly ownSecrets?: readonly SecretVariable[];
  /** Reads the secrets. */
  readonly secretsRoleArn: string;
  /** The process's own rights. */
  readonly roleArn: string;
  /** Directories that are made for it, by the variable that names them. */
  readonly directories?: Readonly<Record<string, string>>;
  /** The file that a process before it has written variables to, by its path on the machine. */
  readonly environmentFile?: string;
  /** The file with the names of the only variables that it is given. @default - all that there are */
  readonly variablesFile?: string;
  /** Directories of its own to write in, by their path there. */
  readonly scratchPaths: readonly string[];
  /** How long it may take to stop. */
  readonly stopTimeoutSeconds: number;
}

/** A variable whose value is a secret, or one field of a JSON secret. */
export interface SecretVariable {
  readonly variable: string;
  readonly secretId: string;
  readonly field?: string;
  readonly versionStage?: string;
  readonly versionId?: string;
}

/** How the load balancer judges the server. */
export interface HealthCheck {
  readonly path: string;
  readonly healthyStatus: string;
  readonly port: number;
}

export function serverOf(workload: Workload): WorkloadProcess {
  return workload.processes[workload.processes.length - 1];
}
