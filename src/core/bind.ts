import { Stack } from 'aws-cdk-lib';
import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { defineServer, healthCheckPath, serverPort } from './define-server';
import {
  Bindings,
  ManagedBindings,
  ManagedProps,
  ResolvedProps,
  SelfHostedBindings,
  SelfHostedProps,
} from './resolved-props';
import { defineServerSecrets } from './server-secrets';
import { validateArtifactStoreConfig, validateComputeConfig, validateEndpointConfig } from './validate-bindings';
import { resolveWorkers } from './workers';
import { ArtifactStoreConfig } from '../artifact-store/contract';
import { defineVpc } from '../network/server-vpc';
import { serverProgram } from '../private/server-program';
import { ServerDefinition } from '../server';

/** Binds each part in a separate scope. The ids of the scopes are public API, because logical ids depend on them. */
export function bindParts(scope: Construct, props: ResolvedProps): Bindings {
  return props.managed ? bindManaged(scope, props) : bindSelfHosted(scope, props);
}

function bindManaged(scope: Construct, props: ManagedProps): ManagedBindings {
  const { profile } = props;
  const artifactStore = bindArtifactStore(scope, props);
  const compute = props.compute.bind(new Construct(scope, 'Compute'), { profile, artifactStore });
  return { managed: true, props, artifactStore, compute };
}

function bindArtifactStore(scope: Construct, { profile, artifactStore }: ResolvedProps): ArtifactStoreConfig {
  const config = artifactStore.bind(new Construct(scope, 'ArtifactStore'), { profile });
  validateArtifactStoreConfig(artifactStore, config);
  return config;
}

function bindSelfHosted(scope: Construct, props: SelfHostedProps): SelfHostedBindings {
  const { profile, size, network } = props;
  const vpc = network.existing ?? defineVpc(scope, profile, network.publicServers);
  const parts = bindAround(scope, props, vpc);
  const { artifactStore, endpoint } = parts;
  const server = bindServer(new Construct(scope, 'Server'), props, parts);
  const compute = props.compute.bind(new Construct(scope, 'Compute'), {
    profile,
    artifactStore,
    selfHosted: { size, vpc, server, endpoint },
  });
  validateComputeConfig(props.compute, endpoint, compute);
  return { managed: false, props, vpc, ...parts, compute };
}

type PartsAround = Omit<SelfHostedBindings, 'managed' | 'props' | 'vpc' | 'compute'>;

/** Binds the parts that the definition of the server depends on. */
function bindAround(scope: Construct, props: SelfHostedProps, vpc: IVpc): PartsAround {
  const {
    profile,
    endpoint: { capabilities },
    server,
  } = props;
  const artifactStore = bindArtifactStore(scope, props);
  const backendStore = props.backendStore.bind(new Construct(scope, 'BackendStore'), { profile, vpc });
  const endpoint = props.endpoint.bind(new Construct(scope, 'Endpoint'), {
    profile,
    vpc,
    port: serverPort(props.endpoint),
    healthCheckPath: healthCheckPath(server.options),
  });
  validateEndpointConfig(props.endpoint, endpoint);
  const authentication = server.authentication.bind(new Construct(scope, 'Authentication'), {
    profile,
    isPublic: capabilities.isPublic,
    origin: endpoint.origin.includes('*') ? undefined : endpoint.origin,
  });
  return { artifactStore, backendStore, endpoint, authentication };
}

function bindServer(scope: Construct, props: SelfHostedProps, parts: PartsAround): ServerDefinition {
  const {
    server,
    size,
    compute: { capabilities },
  } = props;
  return defineServer({
    image: server.image?.bind(scope, { version: server.version, cpuArchitecture: capabilities.cpuArchitecture }),
    program: serverProgram(),
    port: serverPort(props.endpoint),
    workers: resolveWorkers(server.options, size),
    region: Stack.of(scope).region,
    options: server.options,
    secrets: defineServerSecrets(scope),
    hostNames: capabilities.hostNames,
    ...parts,
  });
}
