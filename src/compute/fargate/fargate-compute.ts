import { Lazy, Size, Token } from 'aws-cdk-lib';
import {
  CpuArchitecture,
  FargateService,
  FargateTaskDefinition,
  ICluster,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ComputeCapabilities, ComputeDeploymentContext } from '../capabilities';
import { FargateComputeProps } from './fargate-compute-props';
import { defineService, subnetsFor } from './service';
import { validateFargateProps } from './validate';
import { AccessPath } from '../../endpoint/access-path';
import { Binding } from '../../private/binding';
import { Problems } from '../../private/problems';
import { serverLogGroup } from '../common/log-group';
import { ComputeBindOptions, ComputeConfig, ICompute } from '../contract';
import { architectureOf } from '../ecs/architecture';
import { checkLoadBalancer, defineCluster, serviceConfig, workloadOf } from '../ecs/service';
import { addServerContainers, openToSessionManager, SCRATCH_VOLUME } from '../ecs/task';
import { checkWayOut } from '../ecs/validate-way-out';
import { ServerBindOptions, serverBindOptions } from '../self-hosted';

interface Defined {
  readonly cluster: ICluster;
  readonly taskDefinition: FargateTaskDefinition;
  readonly service: FargateService;
}

/**
 * What the agent of Session Manager writes to beside the server; ECS starts it as root, and the root is read-only.
 *
 * @see https://github.com/aws/containers-roadmap/issues/1359
 */
const SESSION_PATHS = {
  managedAgents: '/managed-agents',
  ssmState: '/var/lib/amazon/ssm',
  ssmLogs: '/var/log/amazon/ssm',
};

/**
 * The server as an Amazon ECS service on AWS Fargate.
 *
 * An update stops the old tasks before it starts the new ones, because MLflow forbids two versions on one database.
 */
export class FargateCompute implements ICompute {
  public readonly capabilities: ComputeCapabilities;

  private readonly bound = new Binding<Defined>('Compute.fargate()');

  /**
   * @throws If a value is not one that Fargate offers, or two of them contradict each other.
   */
  public constructor(private readonly props: FargateComputeProps = {}) {
    validateFargateProps(props);
    this.capabilities = {
      displayName: 'Fargate',
      vpc: props.cluster?.vpc,
      cpuArchitecture: architectureOf(cpuArchitectureOf(props)),
      size: {
        vcpus: props.cpu === undefined ? undefined : vcpusOf(props.cpu),
        memory: props.memoryLimitMiB === undefined ? undefined : Size.mebibytes(props.memoryLimitMiB),
        replicas: props.scaling?.maxReplicas ?? props.replicas,
      },
      publicServersProp: 'assignPublicIp',
      publicServers: props.assignPublicIp,
      validation: { validate: (context) => this.problemsIn(context) },
      accessPaths: [AccessPath.LOAD_BALANCER, AccessPath.SESSION_MANAGER],
    };
  }

  /**
   * The cluster that the server runs in.
   *
   * @throws If the compute is not bound yet.
   */
  public get cluster(): ICluster {
    return this.bound.read('cluster');
  }

  /**
   * The service that keeps the tasks running.
   *
   * @throws If the compute is not bound yet.
   */
  public get service(): FargateService {
    return this.bound.read('service');
  }

  /**
   * The definition of the tasks, with the containers `prepare`, `migrate` and `server`. Add containers and volumes of
   * your own to it with `addContainer` and `addVolume`.
   *
   * @throws If the compute is not bound yet.
   */
  public get taskDefinition(): FargateTaskDefinition {
    return this.bound.read('taskDefinition');
  }

  public bind(scope: Construct, bindOptions: ComputeBindOptions): ComputeConfig {
    this.bound.claim();
    const options = serverBindOptions(bindOptions);
    if (this.props.permissionsBoundary) PermissionsBoundary.of(scope).apply(this.props.permissionsBoundary);
    const cluster = this.props.cluster ?? defineCluster(scope, this.props, options);
    const taskDefinition = this.defineTask(scope, options);
    const service = defineService(scope, this.props, options, { cluster, taskDefinition });
    this.bound.set({ cluster, taskDefinition, service });
    // The L2 waits for the task's role only. The first task also needs its image and its secrets.
    workloadOf(service).node.addDependency(
      taskDefinition.obtainExecutionRole(),
      cluster.vpc.selectSubnets(subnetsFor(this.props, cluster)).internetConnectivityEstablished,
    );
    return serviceConfig(service, { cluster, taskDefinition }, options);
  }

  /** What is known only with the other parts. */
  private problemsIn(context: ComputeDeploymentContext): string[] {
    return Problems.in((problems) => {
      checkLoadBalancer(problems, this.props, context);
      checkWayOut(problems, this.props, context);
    });
  }

  private defineTask(scope: Construct, options: ServerBindOptions): FargateTaskDefinition {
    const taskDefinition = new FargateTaskDefinition(scope, 'Task', {
      cpu: this.props.cpu ?? options.size.vcpus * 1024,
      memoryLimitMiB: options.size.memory.toMebibytes(),
      ephemeralStorageGiB: this.props.ephemeralStorage?.toGibibytes(),
      runtimePlatform: {
        cpuArchitecture: cpuArchitectureOf(this.props),
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
      volumes: [{ name: SCRATCH_VOLUME }],
    });
    addServerContainers(taskDefinition, options.server, serverLogGroup(scope, options.profile, this.props));
    if (options.endpoint.sessionManager || this.props.enableExecuteCommand) {
      openToSessionManager(taskDefinition, SESSION_PATHS);
    }
    return taskDefinition;
  }
}

/** A token that is divided is none any more: the division waits until it is resolved. */
function vcpusOf(cpu: number): number {
  if (!Token.isUnresolved(cpu)) return cpu / 1024;
  return Lazy.uncachedNumber({ produce: (context) => context.resolve(cpu) / 1024 });
}

function cpuArchitectureOf({ cpuArchitecture }: FargateComputeProps): CpuArchitecture {
  return cpuArchitecture ?? CpuArchitecture.ARM64;
}
