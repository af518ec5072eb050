import { Template } from 'aws-cdk-lib/assertions';
import { resourcesOf } from './templates';
import { kubernetesObjects } from '../compute/eks/manifests';

/** Custom resources whose own deletion deletes something else. */
const DELETES = /^Custom::(AWS$|AWSCDK-EKS)/;

/** What a template has and a later one has not, as CloudFormation sees it: by logical id. */
export function vanishing(before: Template, after: Template): { readonly id: string; readonly type: string }[] {
  const kept = resourcesOf(after);
  return Object.entries(resourcesOf(before))
    .filter(([id]) => !(id in kept))
    .map(([id, { Type: type }]) => ({ id, type }));
}

/** The logical ids that would be another type of resource, which CloudFormation refuses. */
export function changingType(before: Template, after: Template): string[] {
  const later = resourcesOf(after);
  return Object.entries(resourcesOf(before))
    .filter(([id, { Type }]) => id in later && later[id].Type !== Type)
    .map(([id, { Type }]) => `${id}: ${Type}, ${later[id].Type}`);
}

/** What survives an update in the template, and is deleted at its end by a custom resource that does not. */
export function deletedInUse(before: Template, after: Template): string[] {
  const kept = resourcesOf(after);
  const objects = kubernetesObjects(after);
  return vanishing(before, after)
    .filter(({ id, type }) => DELETES.test(type) && !/^Retain/.test(resourcesOf(before)[id].DeletionPolicy ?? ''))
    .flatMap(({ id }) => {
      const { Delete, Manifest } = resourcesOf(before)[id].Properties;
      const resources = referencesIn(Delete).filter((referred) => referred in kept);
      const deleted = Manifest === undefined ? [] : objectsOf(before, id);
      const lost = objects.filter((object) => deleted.some((each) => takesAlong(each, object))).map(nameOfObject);
      return [...resources, ...lost].map((thing) => `${id}: ${thing}`);
    });
}

/** Whether an object is the deleted one, or in the deleted namespace. */
function takesAlong(deleted: any, object: any): boolean {
  const contains = deleted.kind === 'Namespace' && deleted.metadata.name === object.metadata.namespace;
  return contains || nameOfObject(deleted) === nameOfObject(object);
}

function objectsOf(template: Template, id: string): any[] {
  return kubernetesObjects(Template.fromJSON({ Resources: { [id]: resourcesOf(template)[id] } }));
}

function nameOfObject({ kind, metadata }: any): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

/** The logical ids that a value refers to. */
export function referencesIn(value: any): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = value.Ref ?? value['Fn::GetAtt']?.[0];
  return [...(typeof own === 'string' ? [own] : []), ...Object.values(value).flatMap(referencesIn)];
}

/** The load balancer of each target group: its ARN, or its logical id with what replaces it. */
export function balancersOf(template: Template): Record<string, unknown> {
  const all = resourcesOf(template);
  const attached = Object.values(all).flatMap(({ Type, Properties }) => {
    if (Type === 'AWS::ElasticLoadBalancingV2::Listener') {
      return targetsOf(Properties.DefaultActions).map((group) => [group, balancer(all, Properties.LoadBalancerArn)]);
    }
    if (Type !== 'AWS::ElasticLoadBalancingV2::ListenerRule') return [];
    const { ListenerArn: listener } = Properties;
    const own = listener.Ref && all[listener.Ref]?.Properties.LoadBalancerArn;
    return targetsOf(Properties.Actions).map((group) => [group, own ? balancer(all, own) : listener]);
  });
  return Object.fromEntries(attached);
}

function balancer(all: ReturnType<typeof resourcesOf>, arn: any): unknown {
  const { Scheme, Name, Type } = (arn.Ref && all[arn.Ref]?.Properties) ?? {};
  return arn.Ref ? [arn.Ref, Scheme, Name, Type] : arn;
}

function targetsOf(actions: any[]): string[] {
  return actions.flatMap(({ TargetGroupArn }) => (TargetGroupArn ? [TargetGroupArn.Ref] : []));
}
