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
import { ComputeBindOptions, ComputeConfig, ICompute } from '../contract';
import { defineCluster, serviceConfig, workloadOf } from '../ecs/service';
import { addServerContainers, architectureOf, SCRATCH_VOLUME } from '../ecs/task';
import { checkLoadBalancer } from '../ecs/validate';
import { checkInternetAccess } from '../ecs/validate-internet-access';
import { ServerBindOptions, serverBindOptions } from '../self-hosted';

interface Defined {
  readonly cluster: ICluster;
  readonly taskDefinition: FargateTaskDefinition;
  readonly service: FargateService;
}

/**
 * Where the Session Manager agent writes to. ECS starts it as root in the container, whose root file system is read-only.
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
 * An update stops the old tasks before it starts the new ones, because MLflow does not support two versions on one database.
 */
export class FargateCompute implements ICompute {
  public readonly capabilities: ComputeCapabilities;

  private readonly binding = new Binding<Defined>('Compute.fargate()');

  /**
   * @throws if a value is not valid for Fargate, or values are incompatible
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
   * The cluster of the tasks.
   *
   * @throws if the compute is not bound yet
   */
  public get cluster(): ICluster {
    return this.binding.read('cluster');
  }

  /**
   * The service that keeps the tasks running.
   *
   * @throws if the compute is not bound yet
   */
  public get service(): FargateService {
    return this.binding.read('service');
  }

  /**
   * The task definition, with the containers `prepare`, `migrate` and `server`. To add your own containers and volumes,
   * use `addContainer` and `addVolume`.
   *
   * @throws if the compute is not bound yet
   */
  public get taskDefinition(): FargateTaskDefinition {
    return this.binding.read('taskDefinition');
  }

  public bind(scope: Construct, bindOptions: ComputeBindOptions): ComputeConfig {
    this.binding.claim();
    const options = serverBindOptions(bindOptions);
    if (this.props.permissionsBoundary) PermissionsBoundary.of(scope).apply(this.props.permissionsBoundary);
    const cluster = this.props.cluster ?? defineCluster(scope, this.props.containerInsights, options);
    const taskDefinition = this.defineTask(scope, options);
    const service = defineService(scope, this.props, options, { cluster, taskDefinition });
    this.binding.set({ cluster, taskDefinition, service });
    // The L2 depends on the task role only. The first task also needs its image and its secrets.
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
      checkInternetAccess(problems, this.props, context);
    });
  }

  private defineTask(scope: Construct, options: ServerBindOptions): FargateTaskDefinition {
    const taskDefinition = new FargateTaskDefinition(scope, 'Task', {
      cpu: this.props.cpu ?? options.size.vcpus * 1024,
      memoryLimitMiB: options.size.memory.toMebibytes(),
      taskRole: this.props.taskRole,
      executionRole: this.props.executionRole,
      ephemeralStorageGiB: this.props.ephemeralStorage?.toGibibytes(),
      runtimePlatform: {
        cpuArchitecture: cpuArchitectureOf(this.props),
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
      volumes: [{ name: SCRATCH_VOLUME }],
    });
    addServerContainers(scope, taskDefinition, this.props, options, SESSION_PATHS);
    return taskDefinition;
  }
}

/** Divides a token when it is resolved: the result of a division is not a token. */
function vcpusOf(cpu: number): number {
  if (!Token.isUnresolved(cpu)) return cpu / 1024;
  return Lazy.uncachedNumber({ produce: (context) => context.resolve(cpu) / 1024 });
}

function cpuArchitectureOf({ cpuArchitecture }: FargateComputeProps): CpuArchitecture {
  return cpuArchitecture ?? CpuArchitecture.ARM64;
}
