import { ArnFormat, CfnResource, RemovalPolicies, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { InterfaceVpcEndpointAwsService } from 'aws-cdk-lib/aws-ec2';
import {
  Grant,
  IRole,
  PermissionsBoundary,
  PrincipalWithConditions,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { Construct } from 'constructs';
import { MODEL_REGISTRY_ACTIONS } from './actions';
import { checkClientVpc, defineClientEndpoints } from './client-vpc';
import { SageMakerComputeProps } from './sage-maker-compute-props';
import { ArtifactAccess } from '../../artifact-store/artifact-access';
import { Problems } from '../../private/problems';
import { ComputeCapabilities, ComputeDeploymentContext } from '../capabilities';

/** The partitions that the `sagemaker-mlflow` client plugin supports. */
const PARTITIONS = ['aws', 'aws-us-gov'];

/** What distinguishes the two managed services. */
export interface ServiceKind {
  /** The name in error messages. */
  readonly displayName: string;
  readonly roleDescription: string;
  /** The service of the VPC endpoint for the data plane. */
  readonly dataPlane: InterfaceVpcEndpointAwsService;
}

/** The capabilities of a managed service. It must be available in the Region, and stores artifacts in Amazon S3 only. */
export function managedCapabilities({ displayName }: ServiceKind): ComputeCapabilities {
  return {
    displayName,
    managed: true,
    validation: { validate: (context) => Problems.in((problems) => checkDeployment(problems, displayName, context)) },
  };
}

function checkDeployment(problems: Problems, kind: string, { region, artifactStore }: ComputeDeploymentContext): void {
  const { displayName = 'the artifact store', isBucket, access } = artifactStore;
  const partition = Token.isUnresolved(region) ? undefined : RegionInfo.get(region).partition;
  problems
    .require(partition === undefined || PARTITIONS.includes(partition), () => {
      return `the Region must be in one of the partitions ${PARTITIONS.join(' and ')} with ${kind} compute; got ${region}, choose another Region or another compute`;
    })
    .require(isBucket === true, () => {
      return `'artifactStore' must be an Amazon S3 bucket with ${kind} compute; got ${displayName}, use ArtifactStore.s3() or choose another compute`;
    })
    .require(access !== ArtifactAccess.PROXIED, () => {
      return `'artifactStore' cannot have ArtifactAccess.PROXIED with ${kind} compute, whose clients access artifacts in Amazon S3 directly; remove 'access'`;
    });
}

/** A managed service that is defined, and the role that it assumes. */
export interface Service<T extends CfnResource> {
  readonly resource: T;
  readonly role: IRole;
}

/** Notes what is invalid for both services. */
export function checkServiceProps(problems: Problems, { removalPolicy, clientVpc }: SageMakerComputeProps): void {
  problems.require(removalPolicy !== RemovalPolicy.SNAPSHOT, () => {
    return "'removalPolicy' cannot be RemovalPolicy.SNAPSHOT, because managed MLflow has no snapshots; retain or destroy the server";
  });
  checkClientVpc(problems, clientVpc);
}

/**
 * Defines a managed service with its role and the endpoints for its clients.
 *
 * @param defineResource Defines the service itself.
 */
export function defineService<T extends CfnResource>(
  scope: Construct,
  kind: ServiceKind,
  props: SageMakerComputeProps,
  defineResource: (service: Construct, role: IRole) => T,
): Service<T> {
  const { automaticModelRegistration, permissionsBoundary, removalPolicy, clientVpc } = props;
  if (permissionsBoundary) PermissionsBoundary.of(scope).apply(permissionsBoundary);
  const service = new Construct(scope, 'Service');
  const role = props.role ?? defineRole(service, kind);
  if (automaticModelRegistration) grantModelRegistry(service, role);
  const resource = defineResource(service, role);
  // On the permissions of the role too: SageMaker checks the bucket when it creates the service.
  resource.node.addDependency(role);
  // The service and its permissions are retained or deleted together: a retained server still writes with the role. The
  // scope includes the policies that later grants define.
  RemovalPolicies.of(service).apply(removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  if (clientVpc) defineClientEndpoints(new Construct(scope, 'ClientVpc'), kind.dataPlane, clientVpc);
  return { resource, role };
}

/** Defines the role that SageMaker assumes to store artifacts and register models. Its permissions are granted later. */
function defineRole(scope: Construct, { roleDescription }: ServiceKind): IRole {
  const stack = Stack.of(scope);
  return new Role(scope, 'Role', {
    description: roleDescription,
    assumedBy: new PrincipalWithConditions(new ServicePrincipal('sagemaker.amazonaws.com'), {
      StringEquals: { 'aws:SourceAccount': stack.account },
      // The pattern that SageMaker documents; it is not documented that narrower ones work.
      // https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html
      ArnLike: { 'aws:SourceArn': sageMakerArn(stack, '*') },
    }),
  });
}

/** Grants the permissions to register models. Each becomes a group with the name of the model. */
function grantModelRegistry(scope: Construct, role: IRole): Grant {
  const stack = Stack.of(scope);
  return Grant.addToPrincipal({
    grantee: role,
    actions: MODEL_REGISTRY_ACTIONS,
    resourceArns: [sageMakerArn(stack, 'model-package-group/*'), sageMakerArn(stack, 'model-package/*')],
  });
}

function sageMakerArn(stack: Stack, resource: string): string {
  return stack.formatArn({ service: 'sagemaker', resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });
}
