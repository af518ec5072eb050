import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import { Grant, IRole, PrincipalWithConditions, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { Construct } from 'constructs';
import { MODEL_REGISTRY_ACTIONS } from './actions';
import { ArtifactAccess } from '../../artifact-store/artifact-access';
import { Problems } from '../../private/problems';
import { ComputeCapabilities, ComputeDeploymentContext } from '../capabilities';

/** The partitions that the `sagemaker-mlflow` client plugin knows. */
const PARTITIONS = ['aws', 'aws-us-gov'];

/** The capabilities of a managed MLflow: there must be one in the Region, and it stores artifacts in Amazon S3 only. */
export function managedCapabilities(displayName: string): ComputeCapabilities {
  return {
    displayName,
    managed: true,
    validation: { validate: (context) => Problems.in((problems) => checkService(problems, displayName, context)) },
  };
}

function checkService(problems: Problems, kind: string, { region, artifactStore }: ComputeDeploymentContext): void {
  const { displayName = 'the artifact store', isBucket, access } = artifactStore;
  const partition = Token.isUnresolved(region) ? undefined : RegionInfo.get(region).partition;
  problems
    .require(partition === undefined || PARTITIONS.includes(partition), () => {
      return `the region must be in one of the partitions ${PARTITIONS.join(' and ')} with ${kind} compute; got ${region}, choose another region or another compute`;
    })
    .require(isBucket === true, () => {
      return `'artifactStore' must be a bucket in Amazon S3 with ${kind} compute; got ${displayName}, use ArtifactStore.s3() or choose another compute`;
    })
    .require(access !== ArtifactAccess.PROXIED, () => {
      return `'artifactStore' cannot have ArtifactAccess.PROXIED with ${kind} compute, whose clients read and write artifacts in Amazon S3 directly; remove 'access'`;
    });
}

/** The role that SageMaker takes on to keep artifacts and to register models. Its rights on the bucket come later. */
export function defineServiceRole(scope: Construct, description: string): IRole {
  const stack = Stack.of(scope);
  return new Role(scope, 'Role', {
    description,
    assumedBy: new PrincipalWithConditions(new ServicePrincipal('sagemaker.amazonaws.com'), {
      StringEquals: { 'aws:SourceAccount': stack.account },
      // The pattern that SageMaker documents; narrower ones are not said to work.
      // https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html
      ArnLike: { 'aws:SourceArn': sageMakerArn(stack, '*') },
    }),
  });
}

/** What the service needs to register models; each becomes a group of the name of the model. */
export function grantModelRegistry(scope: Construct, role: IRole): Grant {
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
