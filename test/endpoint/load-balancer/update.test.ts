import { CfnParameter, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  IApplicationListener,
  IApplicationLoadBalancer,
  ListenerAction,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Compute, Endpoint, ICompute, IEndpoint } from '../../../src';
import { clusterVpc, existing } from '../../compute/eks/clusters';
import { kubernetesObjects, onlyKind } from '../../compute/eks/manifests';
import { newApp, newStack } from '../../support/new-app';
import { idsOf, only, resourcesOf, templateWith } from '../../support/templates';
import { balancersOf, changingType, deletedInUse, vanishing } from '../../support/updates';
import { importedLoadBalancer, LOAD_BALANCER_ARN } from '../errors';

const NAME = 'mlflow.example.com';
const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const OTHER_ARN = LOAD_BALANCER_ARN.replace(/[^/]+$/, 'ffffffffffffffff');
const listenerArn = (last: string) => `${LOAD_BALANCER_ARN.replace(':loadbalancer/', ':listener/')}/${last}`;

const onBalancer = (loadBalancer: IApplicationLoadBalancer) =>
  Endpoint.onLoadBalancer(loadBalancer, { domainName: NAME, port: 8080, plainHttp: true });
const onListener = (listener: IApplicationListener, internetFacing?: boolean) =>
  Endpoint.onListener(listener, { domainName: NAME, priority: 7, internetFacing });

function sharedBalancer(stack: Stack, internetFacing = false, loadBalancerName?: string): ApplicationLoadBalancer {
  const vpc = stack.node.findChild('GivenVpc') as never;
  const vpcSubnets = { subnetType: internetFacing ? SubnetType.PUBLIC : SubnetType.PRIVATE_WITH_EGRESS };
  return new ApplicationLoadBalancer(stack, 'Shared', { vpc, vpcSubnets, internetFacing, loadBalancerName });
}

function sharedListener(stack: Stack, port: number): ApplicationListener {
  const defaultAction = ListenerAction.fixedResponse(404);
  return sharedBalancer(stack).addListener(`On${port}`, {
    port,
    protocol: ApplicationProtocol.HTTP,
    open: false,
    defaultAction,
  });
}

function importedListener(stack: Stack, arn: string): IApplicationListener {
  return ApplicationListener.fromApplicationListenerAttributes(stack, 'GivenListener', {
    listenerArn: arn,
    securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'GivenListenerGroup', 'sg-3'),
  });
}

const BALANCED: Record<string, (stack: Stack) => IEndpoint> = {
  'an internal load balancer': () => Endpoint.internalLoadBalancer(),
  'a public load balancer': () => Endpoint.publicLoadBalancer({ plainHttp: true }),
  'an existing load balancer': (stack) => onBalancer(importedLoadBalancer(stack)),
  'another existing load balancer': (stack) => onBalancer(importedLoadBalancer(stack, { loadBalancerArn: OTHER_ARN })),
  'one that a parameter names': (stack) => {
    const loadBalancerArn = new CfnParameter(stack, 'BalancerArn').valueAsString;
    return onBalancer(importedLoadBalancer(stack, { loadBalancerArn }));
  },
  'one of the same app': (stack) => onBalancer(sharedBalancer(stack)),
  'a public one of the same app': (stack) => onBalancer(sharedBalancer(stack, true)),
  'the one of the same app with a name': (stack) => onBalancer(sharedBalancer(stack, false, 'shared')),
  'an existing listener': (stack) => onListener(importedListener(stack, listenerArn('1111'))),
  'the same listener, as internal': (stack) => onListener(importedListener(stack, listenerArn('1111')), false),
  'another existing listener': (stack) => onListener(importedListener(stack, listenerArn('2222'))),
  'a listener of the same app': (stack) => onListener(sharedListener(stack, 8081)),
  'another listener of the same app': (stack) => onListener(sharedListener(stack, 8082)),
};

interface Way {
  readonly name: string;
  readonly template: () => Template;
}

function way(name: string, endpointOf: (stack: Stack) => IEndpoint, computeOf: (stack: Stack) => ICompute): Way {
  let made: Template | undefined;
  const make = () => {
    const stack = newStack();
    const vpc = clusterVpc(stack);
    return templateWith({ vpc, compute: computeOf(stack), endpoint: endpointOf(stack) }, stack);
  };
  return { name, template: () => (made ??= make()) };
}

const eks = (stack: Stack) =>
  Compute.eks({ cluster: existing(stack, {}, { vpc: stack.node.findChild('GivenVpc') as never }) });
const fargate = () => Compute.fargate();
const ingress = way('an ingress', () => Endpoint.kubernetesIngress({ domainName: NAME }), eks);

/** The target group is the endpoint's, whatever the compute; on EKS it has a binding. */
const COMPUTES: Record<string, { compute: (stack: Stack) => ICompute; others: Way[] }> = {
  Fargate: {
    compute: fargate,
    others: [
      way('port forwarding', () => Endpoint.portForwarding(), fargate),
      way(
        'an instance address',
        () => Endpoint.instanceAddress(),
        () => Compute.ec2(),
      ),
      ingress,
    ],
  },
  EKS: { compute: eks, others: [ingress] },
};

describe.each(Object.entries(COMPUTES))('on %s', (_name, { compute: computeOf, others }) => {
  const ways = [...Object.entries(BALANCED).map(([name, endpoint]) => way(name, endpoint, computeOf)), ...others];
  const pairs = ways.flatMap((before) => ways.filter((after) => after !== before).map((after) => ({ before, after })));

  test.each(pairs.map((pair) => ({ ...pair, from: pair.before.name, to: pair.after.name })))(
    'from $from to $to',
    ({ before, after }) => {
      const [old, next] = [before.template(), after.template()];
      const [had, has] = [balancersOf(old), balancersOf(next)];
      const kept = Object.keys(had).filter((id) => id in has);
      expect(kept.map((id) => [id, has[id]])).toEqual(kept.map((id) => [id, had[id]]));
      expect(deletedInUse(old, next)).toEqual([]);
      expect(changingType(old, next)).toEqual([]);
    },
  );

  test.each(Object.entries(BALANCED))('%s has one target group, in each app the same', (name, endpoint) => {
    const again = way(name, endpoint, computeOf).template();
    const first = ways.find((each) => each.name === name)!.template();
    expect(idsOf(again, TARGET_GROUP)).toHaveLength(1);
    expect(Object.keys(balancersOf(again))).toEqual(idsOf(again, TARGET_GROUP));
    expect(Object.keys(resourcesOf(again))).toEqual(Object.keys(resourcesOf(first)));
  });
});

test('a setting of the load balancer, or a certificate, keeps its target group', () => {
  const before = templateWith();
  const stack = newStack();
  const certificate = Certificate.fromCertificateArn(
    stack,
    'Given',
    'arn:aws:acm:eu-central-1:111122223333:certificate/1',
  );
  const endpoint = Endpoint.internalLoadBalancer({ certificate, domainName: NAME, allowedCidrs: ['10.9.0.0/16'] });
  const after = templateWith({ endpoint }, stack);
  expect(idsOf(before, TARGET_GROUP)).toEqual(['MlflowEndpointTargets530BDB61']);
  expect(balancersOf(after)).toEqual(balancersOf(before));
});

describe('on EKS, the binding', () => {
  const BINDING = 'MlflowComputeTargetGroupBinding';
  const internal = way('', BALANCED['an internal load balancer'], eks).template();
  const open = way('', BALANCED['a public load balancer'], eks).template();
  const bindingOf = (template: Template) => only(template, 'Custom::AWSCDK-EKS-KubernetesResource', BINDING);

  test('of another target group is another one, and the old one goes', () => {
    const gone = vanishing(internal, open).map(({ id }) => id);
    expect(gone).toContain(bindingOf(internal).id);
    expect(gone).toContain(only(internal, TARGET_GROUP).id);
    expect(gone.filter((id) => /^MlflowComputeService[0-9A-F]{8}$/.test(id))).toEqual([]);
  });

  test('is the same one in a stack that has another place in the app', () => {
    const stage = new Stage(newApp(), 'Production');
    const stack = new Stack(stage, 'Renamed', { stackName: 'Stack' });
    const vpc = clusterVpc(stack);
    const moved = templateWith({ vpc, compute: eks(stack), endpoint: Endpoint.internalLoadBalancer() }, stack);
    expect(idsOf(moved, TARGET_GROUP)).toEqual(idsOf(internal, TARGET_GROUP));
    expect(bindingOf(moved).id).toBe(bindingOf(internal).id);
    const [name, same] = [moved, internal].map(
      (each) => onlyKind(kubernetesObjects(each), 'TargetGroupBinding').metadata.name,
    );
    expect(name).toBe(same);
  });

  test('of the same target group is the same one', () => {
    const again = way('', BALANCED['an internal load balancer'], eks).template();
    expect(bindingOf(again)).toEqual(bindingOf(internal));
  });
});
