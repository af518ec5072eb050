import { actionOf } from './mlflow-actions';
import { DeployedResource, DeployedStack } from '../emulator/deployed-stack';

/** A managed server of the template, as its clients and its data plane know it. */
export interface ManagedServer {
  /** For people: 'MLflow App'. */
  readonly kind: string;
  readonly arn: string;
  readonly region: string;
  /** Where the client plugin sends requests to. */
  readonly host: string;
  /** What the client plugin signs for. */
  readonly signingService: string;
  /** The header that names the server. */
  readonly arnHeader: string;
  readonly roleArn: string;
  readonly artifactStoreUri: string;
  /** The action that a request needs; undefined where the service has none for it. */
  actionOf(method: string, path: string): string | undefined;
}

type Reader = (
  resource: DeployedResource,
  region: string,
) => Omit<ManagedServer, 'roleArn' | 'artifactStoreUri' | 'region'>;

/** Endpoints, headers and service names as `sagemaker-mlflow` 0.5.0 has them: what it sends is compared with these. */
const READERS: Record<string, Reader> = {
  'AWS::SageMaker::MlflowTrackingServer': ({ attributes }, region) => ({
    kind: 'tracking server',
    arn: attributes.TrackingServerArn,
    host: `${region}.experiments.sagemaker.aws`,
    signingService: 'sagemaker-mlflow',
    arnHeader: 'x-mlflow-sm-tracking-server-arn',
    actionOf,
  }),
  'AWS::SageMaker::MlflowApp': ({ attributes }, region) => ({
    kind: 'MLflow App',
    arn: attributes.Arn,
    host: `mlflow.sagemaker.${region}.app.aws`,
    signingService: 'sagemaker',
    arnHeader: 'x-sm-mlflow-app-arn',
    actionOf: () => 'sagemaker:CallMlflowAppApi',
  }),
};

/** The managed server of a stack, if it has one. */
export function managedServerOf(stack: DeployedStack, region: string): ManagedServer | undefined {
  const type = Object.keys(READERS).find((candidate) => stack.all(candidate).length > 0);
  if (!type) return undefined;
  const resource = stack.only(type);
  const { RoleArn, ArtifactStoreUri } = resource.properties;
  return { ...READERS[type](resource, region), region, roleArn: RoleArn, artifactStoreUri: ArtifactStoreUri };
}
