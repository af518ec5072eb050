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
 * Properties of `IsolatedVpc`.
 */
export interface IsolatedVpcProps {
  /**
   * The CIDR block of the VPC.
   *
   * @default - 10.0.0.0/16
   */
  readonly ipAddresses?: IIpAddresses;

  /**
   * The maximum number of Availability Zones. A load balancer and a database need at least two.
   *
   * @default 2
   */
  readonly maxAzs?: number;

  /**
   * Whether to create an interface endpoint for AWS Systems Manager Session Manager, which `Endpoint.portForwarding()` and
   * ECS Exec require.
   *
   * @default false
   */
  readonly sessions?: boolean;

  /**
   * Whether to create the interface endpoints for Amazon ECS that container instances require, such as those of
   * `Compute.ecsOnEc2()`.
   *
   * @default false
   */
  readonly containerInstances?: boolean;
}

/** The services that a server in a container requires, in addition to Amazon S3. */
const SERVICES = {
  EcrApi: InterfaceVpcEndpointAwsService.ECR,
  EcrDocker: InterfaceVpcEndpointAwsService.ECR_DOCKER,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  SecretsManager: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
};

/**
 * The services that the Amazon ECS container agent requires.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
 */
const AGENT_SERVICES = {
  Ecs: InterfaceVpcEndpointAwsService.ECS,
  EcsAgent: InterfaceVpcEndpointAwsService.ECS_AGENT,
  EcsTelemetry: InterfaceVpcEndpointAwsService.ECS_TELEMETRY,
};

/**
 * A VPC without internet access: it has no internet gateway and no NAT gateway. Servers reach AWS services through VPC
 * endpoints.
 *
 * The server's image must be in Amazon ECR, such as `ServerImage.hardened()`. Clients must be in the VPC, or in a network
 * that is connected to it.
 */
export class IsolatedVpc extends Vpc {
  public constructor(scope: Construct, id: string, props: IsolatedVpcProps = {}) {
    super(scope, id, {
      ipAddresses: props.ipAddresses,
      maxAzs: props.maxAzs ?? 2,
      subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 20 }],
      // Amazon ECR stores the layers of images in Amazon S3.
      gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
    });
    const securityGroup = new SecurityGroup(this, 'EndpointSecurityGroup', {
      vpc: this,
      description: 'The endpoints of AWS services',
      // An endpoint does not open connections.
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
