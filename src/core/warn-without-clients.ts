import { Stack, Token } from 'aws-cdk-lib';
import { CfnSecurityGroup, CfnSecurityGroupIngress, Connections, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { Bindings } from './resolved-props';
import { warnAtSynthesis } from '../private/warn-at-synthesis';

/** What both kinds of rules have in common. */
interface Rule {
  readonly fromPort?: number;
  readonly toPort?: number;
}

/** A public endpoint admits nobody by default: without a rule, a browser waits for an answer that never comes. */
export function warnWithoutClients(scope: Construct, bindings: Bindings): void {
  if (bindings.managed) return;
  const { displayName, isPublic, accessPath, needsGivenVpc } = bindings.props.endpoint.capabilities;
  const reachesServers = accessPath?.publicServers ?? false;
  const connections = reachesServers ? bindings.compute.connections : bindings.endpoint.connections;
  // The rules of what was given are not known here.
  if (!(isPublic || reachesServers) || needsGivenVpc || !connections?.securityGroups.length) return;
  warnAtSynthesis(
    scope,
    'cdk-mlflow:noClients',
    `nobody can connect to ${displayName}, because no rule admits clients; set 'allowedCidrs' of the endpoint, or admit clients with 'connections'`,
    () => !connections.securityGroups.some((group) => admitsAnybody(scope, group, connections)),
  );
}

function admitsAnybody(scope: Construct, group: ISecurityGroup, connections: Connections): boolean {
  const resource = group.node.defaultChild;
  // Of a group that was imported, nothing is known.
  if (!resource || !CfnSecurityGroup.isCfnSecurityGroup(resource)) return true;
  const inline: Rule[] = Stack.of(resource).resolve(resource.securityGroupIngress) ?? [];
  const separate = scope.node.root.node
    .findAll()
    .filter((child): child is CfnSecurityGroupIngress => CfnSecurityGroupIngress.isCfnSecurityGroupIngress(child))
    .filter(({ groupId }) => groupId === group.securityGroupId);
  const port = portOf(connections);
  return [...inline, ...separate].some((rule) => includes(rule, port));
}

function portOf({ defaultPort }: Connections): number | undefined {
  return defaultPort && known(defaultPort.toRuleJson().fromPort);
}

/** A rule for another port, such as that of SSH, admits no client. Where a port is a token, the rule may. */
function includes({ fromPort, toPort }: Rule, port: number | undefined): boolean {
  const [first, last] = [known(fromPort), known(toPort)];
  return first === undefined || last === undefined || port === undefined || (first <= port && port <= last);
}

function known(port: unknown): number | undefined {
  return typeof port === 'number' && !Token.isUnresolved(port) ? port : undefined;
}
