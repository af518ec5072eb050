import { Size } from 'aws-cdk-lib';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { Compatibility, Ec2Service, ICluster, NetworkMode, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ComputeCapabilities, ComputeDeploymentContext } from '../capabilities';
import { defineCapacity } from './capacity';
import { EcsOnEc2ComputeProps } from './ecs-on-ec2-compute-props';
import { instanceArchitecture, instanceTypeFor } from './instance-choice';
import { defineEc2Service, PlacedTask } from './service';
import { validateEcsOnEc2Props } from './validate';
import { checkFit, taskRoom } from './validate-fit';
import { AccessPath } from '../../endpoint/access-path';
import { serverSubnets } from '../../network/subnets';
import { Binding } from '../../private/binding';
import { Problems } from '../../private/problems';
import { serverLogGroup } from '../common/log-group';
import { ComputeBindOptions, ComputeConfig, ICompute } from '../contract';
import { checkLoadBalancer, defineCluster, serviceConfig, workloadOf } from '../ecs/service';
import { addServerContainers, openToSessionManager, SCRATCH_VOLUME } from '../ecs/task';
import { checkWayOut } from '../ecs/validate-way-out';
import { ServerBindOptions, serverBindOptions } from '../self-hosted';

/**
 * What the agent of Session Manager writes to beside the server. On EC2, the agent of ECS itself mounts its log's directory
 * and its programs.
 *
 * @see https://github.com/aws/amazon-ecs-agent/blob/master/agent/engine/execcmd/manager_init_task_linux.go
 */
const SESSION_PATHS = { ssmState: '/var/lib/amazon/ssm' };

interface Defined {
  readonly cluster: ICluster;
  readonly taskDefinition: TaskDefinition;
  readonly service: Ec2Service;
  readonly autoScalingGroup?: AutoScalingGroup;
}

/**
 * The server as an Amazon ECS service on EC2 instances: those of a given cluster, or of its own.
 *
 * An update stops the old tasks before it starts the new ones, because MLflow forbids two versions on one database.
 */
export class EcsOnEc2Compute implements ICompute {
  public readonly capabilities: ComputeCapabilities;

  private readonly bound = new Binding<Defined>('Compute.ecsOnEc2()');

  /**
   * @throws If a value is not one that ECS or EC2 offers, two of them contradict each other, or a given cluster has no
   * EC2 capacity.
   */
  public constructor(private readonly props: EcsOnEc2ComputeProps = {}) {
    validateEcsOnEc2Props(props);
    this.capabilities = {
      displayName: 'ECS on EC2',
      vpc: props.cluster?.vpc,
      cpuArchitecture: instanceArchitecture(props),
      size: {
        vcpus: props.cpu === undefined ? undefined : props.cpu / 1024,
        memory: props.memoryLimitMiB === undefined ? undefined : Size.mebibytes(props.memoryLimitMiB),
        replicas: props.scaling?.maxReplicas ?? props.replicas,
      },
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
  public get service(): Ec2Service {
    return this.bound.read('service');
  }

  /**
   * The definition of the tasks, with the containers `prepare`, `migrate` and `server`. Add containers and volumes of
   * your own to it with `addContainer` and `addVolume`.
   *
   * @throws If the compute is not bound yet.
   */
  public get taskDefinition(): TaskDefinition {
    return this.bound.read('taskDefinition');
  }

  /**
   * The group of the instances; none with a given cluster.
   *
   * @throws If the compute is not bound yet.
   */
  public get autoScalingGroup(): AutoScalingGroup | undefined {
    return this.bound.read('autoScalingGroup');
  }

  public bind(scope: Construct, bindOptions: ComputeBindOptions): ComputeConfig {
    this.bound.claim();
    const options = serverBindOptions(bindOptions);
    if (this.props.permissionsBoundary) PermissionsBoundary.of(scope).apply(this.props.permissionsBoundary);
    const taskDefinition = this.defineTask(scope, options);
    const { autoScalingGroup, awaited, ...place } = this.definePlace(scope, options);
    const task = { ...place, taskDefinition };
    const service = defineEc2Service(scope, this.props, options, task);
    this.bound.set({ cluster: place.cluster, taskDefinition, service, autoScalingGroup });
    // The L2 waits for the task's role only. The first task also needs its image, its secrets and a place to run.
    workloadOf(service).node.addDependency(
      taskDefinition.obtainExecutionRole(),
      place.cluster.vpc.selectSubnets(place.vpcSubnets).internetConnectivityEstablished,
      ...awaited,
    );
    return serviceConfig(service, task, options);
  }

  /** What is known only with the other parts. */
  private problemsIn(context: ComputeDeploymentContext): string[] {
    return Problems.in((problems) => {
      checkLoadBalancer(problems, this.props, context);
      checkWayOut(problems, this.props, context);
      if (!this.props.cluster) checkFit(problems, this.props, context);
    });
  }

  private defineTask(scope: Construct, options: ServerBindOptions): TaskDefinition {
    const { cpu, memoryMiB } = taskRoom(options);
    // The class for EC2 alone takes no size of the task as a whole.
    const taskDefinition = new TaskDefinition(scope, 'Task', {
      compatibility: Compatibility.EC2,
      networkMode: NetworkMode.AWS_VPC,
      cpu: `${cpu}`,
      memoryMiB: `${memoryMiB}`,
      volumes: [{ name: SCRATCH_VOLUME }],
    });
    addServerContainers(taskDefinition, options.server, serverLogGroup(scope, options.profile, this.props));
    if (options.endpoint.sessionManager || this.props.enableExecuteCommand) {
      openToSessionManager(taskDefinition, SESSION_PATHS);
    }
    return taskDefinition;
  }

  /** Where the tasks run, and what must be there before. */
  private definePlace(scope: Construct, options: ServerBindOptions): Place {
    const { cluster: given, capacityProviderStrategies } = this.props;
    const vpcSubnets = this.props.vpcSubnets ?? serverSubnets(options.vpc);
    if (given) return { cluster: given, vpcSubnets, capacityProviderStrategies, awaited: [] };
    const cluster = defineCluster(scope, this.props, options);
    // `checkFit` has refused a task that no type holds.
    const instanceType = instanceTypeFor(this.props, taskRoom(options))!;
    const { autoScalingGroup, capacityProvider, removal } = defineCapacity(scope, this.props, options, {
      cluster,
      instanceType,
      vpcSubnets,
    });
    return {
      cluster,
      vpcSubnets,
      autoScalingGroup,
      capacityProviderStrategies: [{ capacityProvider: capacityProvider.capacityProviderName, weight: 1 }],
      // The cluster as a whole: an aspect adds to it what joins it to its capacity provider.
      awaited: [cluster, ...(removal ? [removal] : [])],
    };
  }
}

interface Place extends Omit<PlacedTask, 'taskDefinition'> {
  readonly autoScalingGroup?: AutoScalingGroup;
  readonly awaited: Construct[];
}
