import * as path from 'path';
import { DeployedStack } from '../emulator/deployed-stack';
import { LocalRunFailure } from '../failure';
import { HealthCheck, SecretVariable, Workload, WorkloadProcess } from './workload';

const MANIFEST = 'Custom::AWSCDK-EKS-KubernetesResource';

/** Kubernetes's own default. */
const DEFAULT_GRACE_SECONDS = 30;

/** Reads the one Deployment that the stack applies to its cluster, with what it refers to. */
export function kubernetesPod(stack: DeployedStack): Workload {
  const objects: any[] = stack.all(MANIFEST).flatMap(({ properties }) => JSON.parse(properties.Manifest));
  const deployment = only(objects, 'Deployment');
  const { spec } = deployment.spec.template;
  const [server, ...others] = spec.containers;
  if (others.length) throw new LocalRunFailure(`the pod has ${spec.containers.length} containers, expected one`);
  const containers: any[] = [...(spec.initContainers ?? []), server];
  const roleArn = roleOf(stack, deployment);
  return {
    kind: 'Kubernetes pod',
    service: 'pods.eks.amazonaws.com',
    files: filesOf(objects, deployment, server),
    processes: containers.map((container) => processOf(container, spec, roleArn)),
    healthCheck: healthCheckOf(stack, objects, deployment, server),
    deviations: [
      ...containers.map(
        ({ name, image, resources }) =>
          `container ${name}: a process of this machine, without image ${image}, user ${spec.securityContext.runAsUser}, read-only root, limits ${JSON.stringify(resources.limits)}`,
      ),
      "the cluster: nothing schedules, probes or restarts; test/kubernetes has its API server's judgement",
    ],
  };
}

/** The only object of its kind, in the namespace of the server if it has one. */
function only(objects: any[], kind: string): any {
  const found = objects.filter((object) => object.kind === kind);
  if (found.length !== 1) throw new LocalRunFailure(`the manifests have ${found.length} of ${kind}, expected one`);
  return found[0];
}

/** The role that Pod Identity gives the pod: by its namespace and the name of its service account. */
function roleOf(stack: DeployedStack, { metadata, spec }: any): string {
  const account = spec.template.spec.serviceAccountName;
  const found = stack
    .all('AWS::EKS::PodIdentityAssociation')
    .filter(({ properties }) => properties.Namespace === metadata.namespace && properties.ServiceAccount === account);
  if (found.length !== 1) {
    throw new LocalRunFailure(
      `${found.length} roles are associated with ${metadata.namespace}/${account}, expected one`,
    );
  }
  return found[0].properties.RoleArn;
}

/** What the volumes hold, by the paths at which the server's container has them. */
function filesOf(objects: any[], { metadata, spec }: any, container: any): Record<string, string> {
  const files: Record<string, string> = {};
  for (const { name, configMap } of spec.template.spec.volumes) {
    if (!configMap) continue;
    const map = objects.find(
      (object) =>
        object.kind === 'ConfigMap' &&
        object.metadata.name === configMap.name &&
        object.metadata.namespace === metadata.namespace,
    );
    if (!map) throw new LocalRunFailure(`the pod mounts the ConfigMap ${configMap.name}, which no manifest has`);
    const { mountPath } = container.volumeMounts.find((mount: any) => mount.name === name);
    for (const [file, content] of Object.entries<string>(map.data)) files[path.posix.join(mountPath, file)] = content;
  }
  return files;
}

function processOf(container: any, pod: any, roleArn: string): WorkloadProcess {
  const environment = Object.fromEntries(container.env.map(({ name, value }: any) => [name, expand(value)])) as Record<
    string,
    string
  >;
  const volumes = pod.volumes.filter(({ emptyDir }: any) => emptyDir).map(({ name }: any) => name);
  const scratch = container.volumeMounts.filter(({ name }: any) => volumes.includes(name));
  return {
    name: container.name,
    argv: [...container.command, ...container.args].map(expand),
    environment,
    secrets: [],
    ownSecrets: secretsOf(environment),
    secretsRoleArn: roleArn,
    roleArn,
    scratchPaths: scratch.map(({ mountPath }: any) => mountPath),
    // What happens before the signal takes its part of the time.
    stopTimeoutSeconds:
      (pod.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS) -
      (container.lifecycle?.preStop?.sleep?.seconds ?? 0),
  };
}

/** Kubernetes takes `$$` for `$`, and `$(NAME)` for a variable, of which the library has none. */
function expand(text: string): string {
  if (/(^|[^$])(\$\$)*\$\(/.test(text)) throw new LocalRunFailure(`a text refers to a variable: ${text}`);
  return text.replace(/\$\$/g, '$');
}

function secretsOf({ CDK_MLFLOW_SECRETS: text = '{}' }: Record<string, string>): SecretVariable[] {
  return Object.entries<[string, string | null]>(JSON.parse(text)).map(([variable, [secretId, field]]) => ({
    variable,
    secretId,
    field: field ?? undefined,
  }));
}

/** The load balancer or the ingress, the Service and the container must speak of the same port. */
function healthCheckOf(stack: DeployedStack, objects: any[], { spec }: any, server: any): HealthCheck {
  const service = only(objects, 'Service');
  const labels = spec.template.metadata.labels;
  for (const [label, value] of Object.entries(service.spec.selector)) {
    if (labels[label] !== value) {
      throw new LocalRunFailure(`the Service selects ${label}=${value}, the pod has ${labels[label]}`);
    }
  }
  const [{ port: servicePort, targetPort }] = service.spec.ports;
  const found = server.ports.find(({ name, containerPort }: any) => [name, containerPort].includes(targetPort));
  if (!found) throw new LocalRunFailure(`the Service sends requests to the port ${targetPort}, which the pod has not`);
  const probe = server.readinessProbe.httpGet;
  const [policy] = only(objects, 'NetworkPolicy').spec.ingress;
  if (!policy?.ports.some(({ port }: any) => port === found.containerPort)) {
    throw new LocalRunFailure(`the NetworkPolicy lets nobody connect to the port ${found.containerPort}`);
  }
  const binding = objects.find(({ kind }) => kind === 'TargetGroupBinding');
  if (binding) {
    const { serviceRef, targetGroupARN } = binding.spec;
    const group = stack.byPhysicalId(targetGroupARN)?.properties;
    if (!group) throw new LocalRunFailure('the pods are bound to no target group of this stack');
    if (serviceRef.name !== service.metadata.name || serviceRef.port !== servicePort) {
      throw new LocalRunFailure(
        `the target group is bound to ${serviceRef.name}:${serviceRef.port}, which is no Service`,
      );
    }
    if (group.HealthCheckPath !== probe.path) {
      throw new LocalRunFailure(`the load balancer asks ${group.HealthCheckPath}, the probes ask ${probe.path}`);
    }
  }
  return { path: probe.path, healthyStatus: '200', port: found.containerPort };
}
