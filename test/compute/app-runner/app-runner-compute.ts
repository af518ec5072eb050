import { Aws, Size } from 'aws-cdk-lib';
import { CfnService, CfnVpcConnector } from 'aws-cdk-lib/aws-apprunner';
import { Connections, InstanceArchitecture, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
// The public API alone: what a user of the library could write.
import {
  ComputeBindOptions,
  ComputeCapabilities,
  ComputeConfig,
  ComputeDeploymentContext,
  ICompute,
  SelfHostedBindOptions,
  ServerDefinition,
  ServerSecret,
} from '../../../src';

/** App Runner starts one program: no container comes before it. */
const PROGRAM_VARIABLE = 'MLFLOW_PROGRAM';

/**
 * The server as an AWS App Runner service: it runs our process and brings its own public HTTPS endpoint, whose name is known
 * only once the service exists.
 */
export class AppRunnerCompute implements ICompute {
  public readonly capabilities: ComputeCapabilities = {
    displayName: 'App Runner',
    endpoint: {
      isPublic: true,
      usesHttps: true,
      hostNames: [`*.${Aws.REGION}.awsapprunner.com`],
      serverPort: 8080,
    },
    size: { vcpus: 1, memory: Size.gibibytes(2), replicas: 1 },
    cpuArchitecture: InstanceArchitecture.X86_64,
    validation: { validate: imageProblems },
  };

  public bind(scope: Construct, { selfHosted }: ComputeBindOptions): ComputeConfig {
    const { server, size, vpc } = selfHosted!;
    const group = new SecurityGroup(scope, 'SecurityGroup', { vpc });
    const instanceRole = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('tasks.apprunner.amazonaws.com') });
    for (const { secret } of Object.values(server.secrets)) secret.grantRead(instanceRole);
    const service = new CfnService(scope, 'Service', {
      sourceConfiguration: this.source(scope, server),
      instanceConfiguration: {
        cpu: `${size.vcpus * 1024}`,
        memory: `${size.memory.toMebibytes()}`,
        instanceRoleArn: instanceRole.roleArn,
      },
      healthCheckConfiguration: { protocol: 'HTTP', path: server.healthCheckPath, unhealthyThreshold: 20 },
      networkConfiguration: {
        ingressConfiguration: { isPubliclyAccessible: true },
        egressConfiguration: { egressType: 'VPC', vpcConnectorArn: connectorArn(scope, selfHosted!, group) },
      },
    });
    service.node.addDependency(instanceRole);
    return {
      grantee: instanceRole,
      connections: new Connections({ securityGroups: [group] }),
      workloads: [service],
      trackingUri: `https://${service.attrServiceUrl}`,
    };
  }

  private source(scope: Construct, server: ServerDefinition): CfnService.SourceConfigurationProperty {
    const accessRole = new Role(scope, 'AccessRole', {
      assumedBy: new ServicePrincipal('build.apprunner.amazonaws.com'),
    });
    server.imageRepository?.grantPull(accessRole);
    const run = (...words: string[]) => `python -c "$${PROGRAM_VARIABLE}" ${words.join(' ')}`;
    const variables = { ...server.environment, [PROGRAM_VARIABLE]: server.program };
    return {
      autoDeploymentsEnabled: false,
      authenticationConfiguration: { accessRoleArn: accessRole.roleArn },
      imageRepository: {
        imageIdentifier: server.imageUri!,
        imageRepositoryType: 'ECR',
        imageConfiguration: {
          port: `${server.port}`,
          startCommand: `sh -c '${run(...server.migrateArguments)} && exec ${run(...server.serveArguments)}'`,
          runtimeEnvironmentVariables: Object.entries(variables).map(([name, value]) => ({ name, value })),
          runtimeEnvironmentSecrets: Object.entries(server.secrets).map(([name, secret]) => ({
            name,
            value: referenceTo(secret),
          })),
        },
      },
    };
  }
}

/** App Runner pulls from Amazon ECR only. */
function imageProblems({ image }: ComputeDeploymentContext): string[] {
  return image?.needsInternet ? [`'image' must be in Amazon ECR with App Runner; got ${image.displayName}`] : [];
}

function referenceTo({ secret, field }: ServerSecret): string {
  return field === undefined ? secret.secretArn : `${secret.secretArn}:${field}::`;
}

function connectorArn(scope: Construct, { vpc }: SelfHostedBindOptions, group: SecurityGroup): string {
  const { subnetIds } = vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_WITH_EGRESS });
  const securityGroups = [group.securityGroupId];
  return new CfnVpcConnector(scope, 'Connector', { subnets: subnetIds, securityGroups }).attrVpcConnectorArn;
}
