import { Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { AccessPath } from './access-path';
import { EndpointCapabilities } from './capabilities';
import { EndpointBindOptions, EndpointConfig, IEndpoint } from './contract';
import { LONGEST_IDLE_TIMEOUT, checkIdleTimeout } from './idle-timeout';
import { KubernetesIngressEndpointProps } from './kubernetes-ingress-endpoint-props';
import { Binding } from '../private/binding';
import { isQualifiedName, isSubdomain, requireNamespace, requireObjectName } from '../private/kubernetes-syntax';
import { Problems } from '../private/problems';

/**
 * The ingress of the Kubernetes cluster that the server runs in, for owners of a cluster that has an ingress controller.
 *
 * The library makes the Ingress and nothing else: the load balancer, the certificate and the name are the cluster's.
 */
export class KubernetesIngressEndpoint implements IEndpoint {
  public readonly capabilities: EndpointCapabilities;

  private readonly bound = new Binding<object>('Endpoint.kubernetesIngress()');

  /**
   * @throws If a name is none that Kubernetes accepts, or if a value has no effect with the others.
   */
  public constructor(private readonly props: KubernetesIngressEndpointProps) {
    validate(props);
    this.capabilities = {
      displayName: 'a Kubernetes ingress',
      isPublic: props.isPublic ?? true,
      usesHttps: !props.plainHttp,
      accessPath: AccessPath.INGRESS,
    };
  }

  public bind(_scope: Construct, _options: EndpointBindOptions): EndpointConfig {
    this.bound.claim();
    const { domainName, plainHttp, ingressClassName: className, idleTimeout = LONGEST_IDLE_TIMEOUT } = this.props;
    const { annotations, tlsSecretName, controllerNamespace } = this.props;
    return {
      origin: `${plainHttp ? 'http' : 'https'}://${domainName}`,
      hostNames: [domainName],
      idleTimeout,
      ingress: { className, annotations, tlsSecretName, controllerNamespace },
    };
  }
}

function validate(props: KubernetesIngressEndpointProps): void {
  const { domainName, annotations = {}, plainHttp, tlsSecretName } = props;
  const problems = new Problems();
  problems.require(
    Token.isUnresolved(domainName) || (isSubdomain(domainName) && domainName.includes('.')),
    () =>
      `'domainName' must be a full name in lower case such as 'mlflow.example.com', without a scheme or a port; got '${domainName}'`,
  );
  requireObjectName(problems, 'ingressClassName', props.ingressClassName);
  requireObjectName(problems, 'tlsSecretName', tlsSecretName);
  requireNamespace(problems, 'controllerNamespace', props.controllerNamespace);
  for (const key of Object.keys(annotations)) {
    problems.require(Token.isUnresolved(key) || isQualifiedName(key), () => {
      return `'annotations' must have names such as 'nginx.ingress.kubernetes.io/proxy-body-size'; got '${key}'`;
    });
  }
  problems.require(!plainHttp || tlsSecretName === undefined, () => {
    return "'tlsSecretName' has no effect with 'plainHttp'; remove one of them";
  });
  checkIdleTimeout(problems, props);
  problems.throwIfAny('Endpoint.kubernetesIngress()');
}
