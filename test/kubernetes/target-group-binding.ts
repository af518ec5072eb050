/**
 * What a cluster with a load balancer controller knows of target group bindings: of its own making, and strict, so that
 * a field that the controller does not have is refused.
 *
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/spec/
 */
export function targetGroupBindingDefinition(apiVersion: string): object {
  const [group, version] = apiVersion.split('/');
  const text = { type: 'string' };
  const port = { 'x-kubernetes-int-or-string': true };
  const object = (properties: object, required: string[]) => ({ type: 'object', properties, required });
  const spec = object(
    {
      targetGroupARN: { ...text, minLength: 1 },
      targetType: { ...text, enum: ['instance', 'ip'] },
      serviceRef: object({ name: text, port }, ['name', 'port']),
    },
    ['targetGroupARN', 'serviceRef'],
  );
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `targetgroupbindings.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'TargetGroupBinding', plural: 'targetgroupbindings', singular: 'targetgroupbinding' },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec }, required: ['spec'] } },
        },
      ],
    },
  };
}
