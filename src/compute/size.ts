import { Size } from 'aws-cdk-lib';

/**
 * The size and the number of the servers.
 */
export interface ComputeSize {
  /**
   * The number of vCPUs of each server.
   */
  readonly vcpus: number;

  /**
   * The memory of each server, without the part that the operating system uses.
   */
  readonly memory: Size;

  /**
   * The number of servers that run at the same time.
   */
  readonly replicas: number;
}
