import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import { Grant, IRole, PrincipalWithConditions, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { Construct } from 'constructs';
import { MODEL_REGISTRY_ACTIONS } from './actions';
import { ArtifactStoreConfig } from '../../artifact-store/contract';

/** The partitions that the `sagemaker-mlflow` client plugin knows. */
const PARTITIONS = ['aws', 'aws-us-gov'];

/** Throws where there is no managed MLflow, or where it could not store artifacts. */
export function requireManagedMlflow(scope: Construct, kind: string, artifactStore: ArtifactStoreConfig): void {
  const { region } = Stack.of(scope);
  const partition = Token.isUnresolved(region) ? undefined : RegionInfo.get(region).partition;
  if (partition !== undefined && !PARTITIONS.includes(partition)) {
    throw new Error(
      `the region must be in one of the partitions ${PARTITIONS.join(' and ')} with ${kind} compute; got ${region}, choose another region or another compute`,
    );
  }
  if (!artifactStore.bucket) {
    throw new Error(
      `'artifactStore' must be a bucket in Amazon S3 with ${kind} compute; got '${artifactStore.artifactsUri}'`,
    );
  }
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
