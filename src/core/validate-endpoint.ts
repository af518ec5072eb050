import { Token } from 'aws-cdk-lib';
import { Parts } from './resolved-props';
import { Problems } from '../private/problems';

/** Judges whether the compute can be reached in the way that the endpoint needs. */
export function validateEndpoint(problems: Problems, { compute, endpoint, size }: Parts): void {
  if (!endpoint) return;
  const { displayName, fixedAddress, sessionManager, ingress } = compute.capabilities;
  const { displayName: name, usesServerAddress, usesSessionManager, usesIngress } = endpoint.capabilities;
  problems.require(!usesServerAddress || fixedAddress === true, () => {
    return `'endpoint' cannot be ${name} with ${displayName} compute, whose servers have no fixed address; choose another endpoint or another compute`;
  });
  problems.require(!usesServerAddress || Token.isUnresolved(size.replicas) || !(size.replicas > 1), () => {
    return `'endpoint' cannot be ${name} for ${size.replicas} servers, which share one address; set the compute's replicas to 1 or choose a load balancer`;
  });
  problems.require(!usesSessionManager || sessionManager === true, () => {
    return `'endpoint' cannot be ${name} with ${displayName} compute, to which Session Manager opens no way; choose another endpoint or another compute`;
  });
  problems.require(!usesIngress || ingress === true, () => {
    return `'endpoint' cannot be ${name} with ${displayName} compute, which has no ingress controller; choose another endpoint or another compute`;
  });
}
