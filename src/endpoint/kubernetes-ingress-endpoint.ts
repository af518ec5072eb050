import { Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { AccessPath } from './access-path';
import { EndpointCapabilities } from './capabilities';
import { EndpointBindOptions, EndpointConfig, IEndpoint } from './contract';
import { checkIdleTimeout, LONGEST_IDLE_TIMEOUT } from './idle-timeout';
import { KubernetesIngressEndpointProps } from './kubernetes-ingress-endpoint-props';
import { Binding } from '../private/binding';
import { isQualifiedName, isSubdomain, checkNamespace, checkObjectName } from '../private/kubernetes-syntax';
import { Problems } from '../private/problems';

/**
 * An ingress of the Kubernetes cluster that the server runs in, which must have an ingress controller.
 *
 * Only the Ingress is created. The cluster provides the load balancer, the certificate and the DNS record.
 */
export class KubernetesIngressEndpoint implements IEndpoint {
  public readonly capabilities: EndpointCapabilities;

  private readonly binding = new Binding<object>('Endpoint.kubernetesIngress()');

  /**
   * @throws if a name is not valid in Kubernetes, or values are incompatible
   */
  public constructor(private readonly props: KubernetesIngressEndpointProps) {
    validate(props);
    this.capabilities = {
      displayName: 'a Kubernetes ingress',
      isPublic: props.internetFacing ?? true,
      usesHttps: !props.plainHttp,
      accessPath: AccessPath.INGRESS,
    };
  }

  public bind(_scope: Construct, _options: EndpointBindOptions): EndpointConfig {
    this.binding.claim();
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
      `'domainName' must be a fully qualified domain name in lower case such as 'mlflow.example.com', without a scheme or a port; got '${domainName}'`,
  );
  checkObjectName(problems, 'ingressClassName', props.ingressClassName);
  checkObjectName(problems, 'tlsSecretName', tlsSecretName);
  checkNamespace(problems, 'controllerNamespace', props.controllerNamespace);
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
