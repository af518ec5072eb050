import { Construct } from 'constructs';
import { AccessPath } from './access-path';
import { EndpointCapabilities } from './capabilities';
import { EndpointBindOptions, EndpointConfig, IEndpoint } from './contract';
import { Binding } from '../private/binding';

/**
 * An endpoint without a listener, and without inbound security group rules.
 *
 * Anyone who can start a session of AWS Systems Manager Session Manager can open a tunnel to the server, and reach it at
 * `http://localhost:5000`. The output `ConnectCommand` of the stack is the command to use.
 */
export class PortForwardingEndpoint implements IEndpoint {
  public readonly capabilities: EndpointCapabilities = {
    displayName: 'port forwarding',
    isPublic: false,
    accessPath: AccessPath.SESSION_MANAGER,
  };

  private readonly binding = new Binding<object>('Endpoint.portForwarding()');

  public bind(_scope: Construct, options: EndpointBindOptions): EndpointConfig {
    this.binding.claim();
    return { origin: `http://localhost:${options.port}`, hostNames: ['localhost'], sessionManager: true };
  }
}
