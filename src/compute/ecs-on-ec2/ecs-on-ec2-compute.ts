import { Size } from 'aws-cdk-lib';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { Compatibility, Ec2Service, ICluster, NetworkMode, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ComputeCapabilities } from '../capabilities';
import { CapacitySource } from './capacity-source';
import { EcsCapacity } from './ecs-capacity';
import { EcsOnEc2ComputeProps } from './ecs-on-ec2-compute-props';
import { taskSize } from './instance-choice';
import { validateEcsOnEc2Props } from './validate';
import { AccessPath } from '../../endpoint/access-path';
import { serverSubnets } from '../../network/subnets';
import { Binding } from '../../private/binding';
import { Problems } from '../../private/problems';
import { ComputeBindOptions, ComputeConfig, ICompute } from '../contract';
import { completeService, serverServiceSettings, serviceConfig, workloadOf } from '../ecs/service';
import { addServerContainers, SCRATCH_VOLUME } from '../ecs/task';
import { checkLoadBalancer } from '../ecs/validate';
import { checkInternetAccess } from '../ecs/validate-internet-access';
import { ServerBindOptions, serverBindOptions } from '../self-hosted';

/**
 * Where the Session Manager agent writes to. On EC2, the ECS agent itself mounts the directory of its logs and its programs.
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
 * The server as an Amazon ECS service on EC2 instances of an existing or a new cluster.
 *
 * An update stops the old tasks before it starts the new ones, because MLflow does not support two versions on one database.
 */
export class EcsOnEc2Compute implements ICompute {
  public readonly capabilities: ComputeCapabilities;

  private readonly capacity: CapacitySource;
  private readonly binding = new Binding<Defined>('Compute.ecsOnEc2()');

  /**
   * @throws if a value is not valid for Amazon ECS or Amazon EC2, or values are incompatible
   */
  public constructor(private readonly props: EcsOnEc2ComputeProps = {}) {
    this.capacity = (props.capacity ?? EcsCapacity.autoScaling())._source;
    validateEcsOnEc2Props(props, this.capacity);
    this.capabilities = {
      displayName: 'ECS on EC2',
      vpc: this.capacity.cluster?.vpc,
      cpuArchitecture: this.capacity.architecture(props),
      size: {
        vcpus: props.cpu === undefined ? undefined : props.cpu / 1024,
        memory: props.memoryLimitMiB === undefined ? undefined : Size.mebibytes(props.memoryLimitMiB),
        replicas: props.scaling?.maxReplicas ?? props.replicas,
      },
      validation: {
        validate: (context) =>
          Problems.in((problems) => {
            checkLoadBalancer(problems, props, context);
            checkInternetAccess(problems, props, context);
            this.capacity.checkDeployment(problems, props, context);
          }),
      },
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
  public get service(): Ec2Service {
    return this.binding.read('service');
  }

  /**
   * The task definition, with the containers `prepare`, `migrate` and `server`. To add your own containers and volumes,
   * use `addContainer` and `addVolume`.
   *
   * @throws if the compute is not bound yet
   */
  public get taskDefinition(): TaskDefinition {
    return this.binding.read('taskDefinition');
  }

  /**
   * The Auto Scaling group of the instances. Undefined in an existing cluster.
   *
   * @throws if the compute is not bound yet
   */
  public get autoScalingGroup(): AutoScalingGroup | undefined {
    return this.binding.read('autoScalingGroup');
  }

  public bind(scope: Construct, bindOptions: ComputeBindOptions): ComputeConfig {
    this.binding.claim();
    const options = serverBindOptions(bindOptions);
    if (this.props.permissionsBoundary) PermissionsBoundary.of(scope).apply(this.props.permissionsBoundary);
    const taskDefinition = this.defineTask(scope, options);
    const vpcSubnets = this.props.vpcSubnets ?? serverSubnets(options.vpc);
    const capacity = this.capacity.define(scope, this.props, options, vpcSubnets);
    const { cluster, autoScalingGroup } = capacity;
    const service = new Ec2Service(scope, 'Service', {
      ...serverServiceSettings(options, this.props),
      ...capacity.placement,
      cluster,
      taskDefinition,
      vpcSubnets,
    });
    completeService(scope, service, this.props, options);
    this.binding.set({ cluster, taskDefinition, service, autoScalingGroup });
    // The L2 depends on the task role only. The first task also needs its image, its secrets and an instance.
    workloadOf(service).node.addDependency(
      taskDefinition.obtainExecutionRole(),
      cluster.vpc.selectSubnets(vpcSubnets).internetConnectivityEstablished,
      ...capacity.dependencies,
    );
    return serviceConfig(service, { cluster, taskDefinition }, options);
  }

  private defineTask(scope: Construct, options: ServerBindOptions): TaskDefinition {
    const { cpu, memoryMiB } = taskSize(options.size);
    // Ec2TaskDefinition does not support a size of the task.
    const taskDefinition = new TaskDefinition(scope, 'Task', {
      compatibility: Compatibility.EC2,
      networkMode: NetworkMode.AWS_VPC,
      cpu: `${cpu}`,
      memoryMiB: `${memoryMiB}`,
      taskRole: this.props.taskRole,
      executionRole: this.props.executionRole,
      volumes: [{ name: SCRATCH_VOLUME }],
    });
    addServerContainers(scope, taskDefinition, this.props, options, SESSION_PATHS);
    return taskDefinition;
  }
}
