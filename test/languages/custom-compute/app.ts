import { App, CfnResource, Size, Stack } from 'aws-cdk-lib';
import { Connections, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { IpTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import {
  Compute,
  ComputeBindOptions,
  ComputeCapabilities,
  ComputeConfig,
  ICompute,
  MlflowTrackingServer,
} from '../../../src';

/** A compute of a user's own: its twins in Python and Java must lead to the same template. */
class AcmeCompute implements ICompute {
  public readonly capabilities: ComputeCapabilities = {
    displayName: 'Acme',
    size: { vcpus: 2, memory: Size.gibibytes(8), replicas: 1 },
  };

  public bind(scope: Construct, options: ComputeBindOptions): ComputeConfig {
    const { server, size, vpc, endpoint } = options.selfHosted!;
    const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    const group = new SecurityGroup(scope, 'SecurityGroup', { vpc });
    const machine = new CfnResource(scope, 'Machine', {
      type: 'Acme::Compute::Machine',
      properties: {
        Image: server.imageUri,
        Arguments: server.serveArguments,
        Environment: server.environment,
        Secrets: Object.keys(server.secrets).sort(),
        Port: server.port,
        StopSeconds: server.stopTimeout.toSeconds(),
        MemoryMiB: size.memory.toMebibytes(),
        Vcpus: size.vcpus,
        Profile: options.profile,
        Bucket: options.artifactStore.bucket!.bucketName,
        Names: endpoint.hostNames,
        RoleArn: role.roleArn,
      },
    });
    return {
      grantee: role,
      connections: new Connections({ securityGroups: [group] }),
      loadBalancerTarget: new IpTarget('10.0.0.10'),
      workloads: [machine],
    };
  }
}

const app = new App();
new MlflowTrackingServer(new Stack(app, 'Custom'), 'Mlflow', { compute: new AcmeCompute() });
new MlflowTrackingServer(new Stack(app, 'Ec2'), 'Mlflow', { compute: Compute.ec2() });
app.synth();
