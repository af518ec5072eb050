import { CfnResource, Size } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  Cluster,
  ContainerInsights,
  CpuArchitecture,
  FargateService,
  FargateTaskDefinition,
  ICluster,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { ComputeCapabilities } from './capabilities';
import { ComputeBindOptions, ComputeConfig, ICompute } from './contract';
import { FargateComputeProps } from './fargate-compute-props';
import { validateFargateProps } from './fargate-sizes';
import { Bound } from '../private/bound';
import { addServerContainers, SCRATCH_VOLUME, serverLogGroup, serverServiceSettings } from '../private/ecs-task';
import { profileDefaults } from '../private/profile-defaults';

const SUBNETS = { subnetType: SubnetType.PRIVATE_WITH_EGRESS };

interface Defined {
  readonly cluster: ICluster;
  readonly taskDefinition: FargateTaskDefinition;
  readonly service: FargateService;
}

/**
 * The server as an Amazon ECS service on AWS Fargate.
 *
 * An update stops the old tasks before it starts the new ones, because MLflow forbids two versions on one database.
 */
export class FargateCompute implements ICompute {
  public readonly capabilities: ComputeCapabilities;

  private readonly bound = new Bound<Defined>('Compute.fargate()');

  /**
   * @throws If the CPU, the memory, the disk or the number of tasks is not one that Fargate offers.
   */
  public constructor(private readonly props: FargateComputeProps = {}) {
    validateFargateProps(props);
    this.capabilities = {
      displayName: 'Fargate',
      vpc: props.cluster?.vpc,
      vcpus: props.cpu === undefined ? undefined : props.cpu / 1024,
      memory: props.memoryLimitMiB === undefined ? undefined : Size.mebibytes(props.memoryLimitMiB),
      replicas: props.replicas,
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
   * The definition of the tasks, with the containers `prepare`, `migrate` and `server`.
   *
   * @throws If the compute is not bound yet.
   */
  public get taskDefinition(): FargateTaskDefinition {
    return this.bound.read('taskDefinition');
  }

  public bind(scope: Construct, options: ComputeBindOptions): ComputeConfig {
    this.bound.claim();
    const cluster = this.props.cluster ?? defineCluster(scope, options);
    const taskDefinition = this.defineTask(scope, options);
    const service = new FargateService(scope, 'Service', {
      ...serverServiceSettings(options),
      cluster,
      taskDefinition,
      assignPublicIp: false,
      vpcSubnets: SUBNETS,
    });
    this.bound.set({ cluster, taskDefinition, service });
    const workload = service.node.findChild('Service') as CfnResource;
    // The L2 waits for the task's role only. The first task also needs its image and its secrets.
    workload.node.addDependency(
      taskDefinition.obtainExecutionRole(),
      cluster.vpc.selectSubnets(SUBNETS).internetConnectivityEstablished,
    );
    return {
      grantee: taskDefinition.taskRole,
      connections: service.connections,
      loadBalancerTarget: service.loadBalancerTarget({ containerName: 'server' }),
      workloads: [workload],
    };
  }

  private defineTask(scope: Construct, options: ComputeBindOptions): FargateTaskDefinition {
    const taskDefinition = new FargateTaskDefinition(scope, 'Task', {
      cpu: options.size.vcpus * 1024,
      memoryLimitMiB: options.size.memory.toMebibytes(),
      ephemeralStorageGiB: this.props.ephemeralStorage?.toGibibytes(),
      runtimePlatform: {
        cpuArchitecture: this.props.cpuArchitecture ?? CpuArchitecture.ARM64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
      volumes: [{ name: SCRATCH_VOLUME }],
    });
    addServerContainers(taskDefinition, options.server!, serverLogGroup(scope, options));
    return taskDefinition;
  }
}

function defineCluster(scope: Construct, options: ComputeBindOptions): Cluster {
  const { containerInsights } = profileDefaults(options.profile);
  return new Cluster(scope, 'Cluster', {
    vpc: options.vpc,
    containerInsightsV2: containerInsights ? ContainerInsights.ENABLED : ContainerInsights.DISABLED,
  });
}
