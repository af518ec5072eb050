import { Construct } from 'constructs';
import { AccessPath } from './access-path';
import { EndpointCapabilities } from './capabilities';
import { EndpointBindOptions, EndpointConfig, IEndpoint } from './contract';
import { Binding } from '../private/binding';

/**
 * No endpoint at all: nothing listens for clients, and no security group lets anybody in.
 *
 * Who may start a session with AWS Systems Manager Session Manager opens a way to the server from the own machine, and
 * finds it at `http://localhost:5000`. The stack's output `ConnectCommand` is the command for it.
 */
export class PortForwardingEndpoint implements IEndpoint {
  public readonly capabilities: EndpointCapabilities = {
    displayName: 'port forwarding',
    isPublic: false,
    accessPath: AccessPath.SESSION_MANAGER,
  };

  private readonly bound = new Binding<object>('Endpoint.portForwarding()');

  public bind(_scope: Construct, options: EndpointBindOptions): EndpointConfig {
    this.bound.claim();
    return { origin: `http://localhost:${options.port}`, hostNames: ['localhost'], sessionManager: true };
  }
}
