import {
  GatewayVpcEndpointAwsService,
  IIpAddresses,
  InterfaceVpcEndpointAwsService,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

/**
 * Settings of a VPC without a way out.
 */
export interface IsolatedVpcProps {
  /**
   * The addresses of the VPC.
   *
   * @default - 10.0.0.0/16
   */
  readonly ipAddresses?: IIpAddresses;

  /**
   * The number of availability zones. A load balancer and a database need at least two.
   *
   * @default 2
   */
  readonly maxAzs?: number;

  /**
   * Whether people open sessions to the servers with AWS Systems Manager Session Manager, as `Endpoint.portForwarding()`
   * and ECS Exec do.
   *
   * @default false
   */
  readonly sessions?: boolean;

  /**
   * Whether EC2 instances join a cluster of Amazon ECS, as those of `Compute.ecsOnEc2()` do.
   *
   * @default false
   */
  readonly containerInstances?: boolean;
}

/** What a server in a container needs of AWS, beside Amazon S3. */
const SERVICES = {
  EcrApi: InterfaceVpcEndpointAwsService.ECR,
  EcrDocker: InterfaceVpcEndpointAwsService.ECR_DOCKER,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  SecretsManager: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
};

/**
 * What the agent of ECS on an instance needs.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
 */
const AGENT_SERVICES = {
  Ecs: InterfaceVpcEndpointAwsService.ECS,
  EcsAgent: InterfaceVpcEndpointAwsService.ECS_AGENT,
  EcsTelemetry: InterfaceVpcEndpointAwsService.ECS_TELEMETRY,
};

/**
 * A VPC without a way out: no internet gateway and no NAT gateway. Servers reach AWS through VPC endpoints, and nothing else.
 *
 * The server's image must be in Amazon ECR, such as `ServerImage.hardened()`. Clients are in the VPC, or in networks that
 * are joined to it.
 */
export class IsolatedVpc extends Vpc {
  public constructor(scope: Construct, id: string, props: IsolatedVpcProps = {}) {
    super(scope, id, {
      ipAddresses: props.ipAddresses,
      maxAzs: props.maxAzs ?? 2,
      subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 20 }],
      // The layers of images come from Amazon S3, too.
      gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
    });
    const securityGroup = new SecurityGroup(this, 'EndpointSecurityGroup', {
      vpc: this,
      description: 'The endpoints of AWS services',
      // An endpoint only answers.
      allowAllOutbound: false,
    });
    const services = {
      ...SERVICES,
      ...(props.sessions ? { SessionManager: InterfaceVpcEndpointAwsService.SSM_MESSAGES } : {}),
      ...(props.containerInstances ? AGENT_SERVICES : {}),
    };
    for (const [name, service] of Object.entries(services)) {
      this.addInterfaceEndpoint(name, { service, securityGroups: [securityGroup] });
    }
  }
}
