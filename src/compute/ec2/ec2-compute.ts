import { Lazy, Size, Stack } from 'aws-cdk-lib';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Connections, LaunchTemplate, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { IRole, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ComputeCapabilities } from '../capabilities';
import { defineGroup, defineLaunchTemplate, resourceOf, subnetsFor } from './auto-scaling-group';
import { Ec2ComputeProps } from './ec2-compute-props';
import { architectureOf, systemMemory } from './machine';
import { installedVersion, packagesOf } from './requirements';
import { defineIdentity } from './role';
import { checkSubnets, validateEc2Props } from './validate';
import { AccessPath } from '../../endpoint/access-path';
import { Binding } from '../../private/binding';
import { Problems } from '../../private/problems';
import { groupConnectCommand } from '../common/connect-command';
import { sizeOf } from '../common/instance-sizes';
import { serverLogGroup } from '../common/log-group';
import { ComputeBindOptions, ComputeConfig, ICompute } from '../contract';
import { ServerBindOptions, serverBindOptions } from '../self-hosted';

interface Defined {
  readonly autoScalingGroup: AutoScalingGroup;
  readonly launchTemplate: LaunchTemplate;
  readonly connections: Connections;
  readonly role: IRole;
}

/**
 * The server as a systemd unit on Amazon EC2, in an Auto Scaling group that replaces a failed instance. It runs in a
 * Python virtual environment or, if you set `image`, in a container.
 *
 * An update stops the old instances before it starts the new ones, because MLflow does not support two versions on one database.
 */
export class Ec2Compute implements ICompute {
  public readonly capabilities: ComputeCapabilities;

  private readonly binding = new Binding<Defined>('Compute.ec2()');

  /**
   * @throws if a value is not valid for Amazon EC2, or values are incompatible
   */
  public constructor(private readonly props: Ec2ComputeProps = {}) {
    validateEc2Props(props);
    const { replicas, requirements } = props;
    // The size of the default types is that of the profile.
    const size = sizeOf(props);
    this.capabilities = {
      displayName: 'EC2',
      cpuArchitecture: architectureOf(props),
      accessPaths: [AccessPath.LOAD_BALANCER, AccessPath.FIXED_ADDRESS, AccessPath.SESSION_MANAGER],
      size: {
        vcpus: size?.vcpus,
        memory: size && Size.mebibytes(size.memoryMiB),
        systemMemory: systemMemory(false),
        containerSystemMemory: systemMemory(true),
        replicas,
      },
      runtime: {
        containerImages: requirements === undefined,
        pythonPackages: requirements === undefined ? undefined : packagesOf(requirements),
        mlflowVersion: installedVersion(requirements),
      },
      needsInternet: true,
      validation: { validate: (context) => Problems.in((problems) => checkSubnets(problems, props, context)) },
    };
  }

  /**
   * The Auto Scaling group of the instances.
   *
   * @throws if the compute is not bound yet
   */
  public get autoScalingGroup(): AutoScalingGroup {
    return this.binding.read('autoScalingGroup');
  }

  /**
   * The launch template of the instances.
   *
   * @throws if the compute is not bound yet
   */
  public get launchTemplate(): LaunchTemplate {
    return this.binding.read('launchTemplate');
  }

  /**
   * The network connections of the instances.
   *
   * @throws if the compute is not bound yet
   */
  public get connections(): Connections {
    return this.binding.read('connections');
  }

  /**
   * The IAM role of the instances.
   *
   * @throws if the compute is not bound yet
   */
  public get role(): IRole {
    return this.binding.read('role');
  }

  public bind(scope: Construct, bindOptions: ComputeBindOptions): ComputeConfig {
    this.binding.claim();
    const options = serverBindOptions(bindOptions);
    if (this.props.permissionsBoundary) PermissionsBoundary.of(scope).apply(this.props.permissionsBoundary);
    const connections = this.defineConnections(scope, options);
    const logGroup = serverLogGroup(scope, options.profile, this.props);
    const identity = defineIdentity(scope, this.props.role, logGroup, options);
    // The launch template and the group refer to each other.
    const filesResource = Lazy.string({ produce: () => resourceOf(launchTemplate).logicalId });
    const signalResource = Lazy.string({ produce: () => resourceOf(autoScalingGroup).logicalId });
    const names = { filesResource, signalResource, logGroup };
    const launchTemplate = defineLaunchTemplate(scope, this.props, options, {
      securityGroups: connections.securityGroups,
      profile: identity.profile,
      ...names,
    });
    const autoScalingGroup = defineGroup(scope, this.props, options, launchTemplate);
    this.binding.set({ autoScalingGroup, launchTemplate, connections, role: identity.role });

    const workload = resourceOf(autoScalingGroup);
    // The L2 depends on neither. The first instance needs its permissions and internet access.
    workload.node.addDependency(
      identity.role,
      options.vpc.selectSubnets(subnetsFor(this.props, options)).internetConnectivityEstablished,
    );
    if (options.endpoint.targetGroup) {
      workload.node.addDependency(options.endpoint.targetGroup.loadBalancerAttached);
    }
    return {
      grantee: identity.role,
      connections,
      loadBalancerTarget: autoScalingGroup,
      workloads: [workload],
      metrics: {
        // The L2 has no metrics.
        cpuUtilization: new Metric({
          namespace: 'AWS/EC2',
          metricName: 'CPUUtilization',
          dimensionsMap: { AutoScalingGroupName: autoScalingGroup.autoScalingGroupName },
        }),
      },
      connectCommand: options.endpoint.sessionManager
        ? groupConnectCommand(Stack.of(scope).region, options.server.port, autoScalingGroup.autoScalingGroupName)
        : undefined,
    };
  }

  private defineConnections(scope: Construct, { vpc, server }: ServerBindOptions): Connections {
    const { securityGroups, sshCidrs = [] } = this.props;
    const connections = new Connections({
      securityGroups: securityGroups ?? [
        new SecurityGroup(scope, 'SecurityGroup', { vpc, description: 'The instances of the MLflow server' }),
      ],
      defaultPort: Port.tcp(server.port),
    });
    for (const block of sshCidrs) connections.allowFrom(Peer.ipv4(block), Port.SSH, 'SSH');
    return connections;
  }
}
