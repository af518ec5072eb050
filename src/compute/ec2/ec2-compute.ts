import { Lazy, Stack } from 'aws-cdk-lib';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Connections, LaunchTemplate, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ComputeCapabilities } from '../capabilities';
import { defineGroup, defineLaunchTemplate, resourceOf, subnetsFor } from './auto-scaling-group';
import { Ec2ComputeProps } from './ec2-compute-props';
import { architectureOf } from './machine';
import { instanceMemory, systemMemory } from './memory';
import { installedVersion, packagesOf } from './requirements';
import { defineIdentity } from './role';
import { validateEc2Props } from './validate';
import { AccessPath } from '../../endpoint/access-path';
import { Binding } from '../../private/binding';
import { groupConnectCommand } from '../common/connect-command';
import { instanceSize } from '../common/instances';
import { serverLogGroup } from '../common/log-group';
import { ComputeBindOptions, ComputeConfig, ICompute } from '../contract';
import { ServerBindOptions, serverBindOptions } from '../self-hosted';

interface Defined {
  readonly autoScalingGroup: AutoScalingGroup;
  readonly launchTemplate: LaunchTemplate;
  readonly securityGroup: SecurityGroup;
  readonly role: IRole;
}

/**
 * The server as a systemd unit on Amazon EC2, in an Auto Scaling group that replaces a failed instance. It runs in a
 * virtual environment, or in a container where an image is chosen.
 *
 * An update stops the old instances before it starts the new ones, because MLflow forbids two versions on one database.
 */
export class Ec2Compute implements ICompute {
  public readonly capabilities: ComputeCapabilities;

  private readonly bound = new Binding<Defined>('Compute.ec2()');

  /**
   * @throws If the instances' size, disk, SSH access, packages or boot are none that EC2, or MLflow on it, would accept.
   */
  public constructor(private readonly props: Ec2ComputeProps = {}) {
    validateEc2Props(props);
    const { instanceType, replicas, requirements } = props;
    this.capabilities = {
      displayName: 'EC2',
      cpuArchitecture: architectureOf(props),
      accessPaths: [AccessPath.LOAD_BALANCER, AccessPath.FIXED_ADDRESS, AccessPath.SESSION_MANAGER],
      size: {
        vcpus: instanceType && (props.vcpus ?? instanceSize(instanceType)?.vcpus),
        // The default types have the memory of the profile.
        memory: instanceType && instanceMemory(instanceType, props),
        systemMemory: systemMemory(false),
        containerSystemMemory: systemMemory(true),
        replicas,
      },
      software: {
        containerImages: requirements === undefined,
        pythonPackages: requirements === undefined ? undefined : packagesOf(requirements),
        mlflowVersion: installedVersion(requirements),
      },
      needsInternet: true,
    };
  }

  /**
   * The group that keeps the instances running.
   *
   * @throws If the compute is not bound yet.
   */
  public get autoScalingGroup(): AutoScalingGroup {
    return this.bound.read('autoScalingGroup');
  }

  /**
   * What the instances are launched from.
   *
   * @throws If the compute is not bound yet.
   */
  public get launchTemplate(): LaunchTemplate {
    return this.bound.read('launchTemplate');
  }

  /**
   * The instances' security group.
   *
   * @throws If the compute is not bound yet.
   */
  public get securityGroup(): SecurityGroup {
    return this.bound.read('securityGroup');
  }

  /**
   * The instances' identity.
   *
   * @throws If the compute is not bound yet.
   */
  public get role(): IRole {
    return this.bound.read('role');
  }

  public bind(scope: Construct, bindOptions: ComputeBindOptions): ComputeConfig {
    this.bound.claim();
    const options = serverBindOptions(bindOptions);
    const securityGroup = this.defineSecurityGroup(scope, options);
    const logGroup = serverLogGroup(scope, options.profile);
    const identity = defineIdentity(scope, this.props.role, logGroup, options);
    // Each names the other: the ids are written in once both exist.
    const filesResource = Lazy.string({ produce: () => resourceOf(launchTemplate).logicalId });
    const signalResource = Lazy.string({ produce: () => resourceOf(autoScalingGroup).logicalId });
    const names = { filesResource, signalResource, logGroup };
    const launchTemplate = defineLaunchTemplate(scope, this.props, options, {
      securityGroup,
      profile: identity.profile,
      ...names,
    });
    const autoScalingGroup = defineGroup(scope, this.props, options, launchTemplate);
    this.bound.set({ autoScalingGroup, launchTemplate, securityGroup, role: identity.role });

    const workload = resourceOf(autoScalingGroup);
    // The L2 waits for neither. The first instance needs its rights and a way to the internet.
    workload.node.addDependency(
      identity.role,
      options.vpc.selectSubnets(subnetsFor(options)).internetConnectivityEstablished,
    );
    if (options.endpoint.targetGroup) {
      workload.node.addDependency(options.endpoint.targetGroup.loadBalancerAttached);
    }
    return {
      grantee: identity.role,
      connections: new Connections({
        securityGroups: [securityGroup],
        defaultPort: Port.tcp(options.server.port),
      }),
      loadBalancerTarget: autoScalingGroup,
      workloads: [workload],
      metrics: {
        // The L2 has no metrics of its own.
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

  private defineSecurityGroup(scope: Construct, { vpc }: ServerBindOptions): SecurityGroup {
    const securityGroup = new SecurityGroup(scope, 'SecurityGroup', {
      vpc,
      description: 'The instances of the MLflow server',
    });
    for (const block of this.props.sshCidrs ?? []) {
      securityGroup.addIngressRule(Peer.ipv4(block), Port.SSH, 'SSH');
    }
    return securityGroup;
  }
}
