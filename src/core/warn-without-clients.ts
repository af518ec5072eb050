import { Stack, Token } from 'aws-cdk-lib';
import { CfnSecurityGroup, CfnSecurityGroupIngress, Connections, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { Bindings } from './resolved-props';
import { warnAtSynthesis } from '../private/warn-at-synthesis';

/** The properties that both kinds of rules have. */
interface Rule {
  readonly fromPort?: number;
  readonly toPort?: number;
}

/** A public endpoint allows no clients by default: without a rule, the requests of a browser time out. */
export function warnWithoutClients(scope: Construct, bindings: Bindings): void {
  if (bindings.managed) return;
  const { displayName, isPublic, accessPath, needsExistingVpc } = bindings.props.endpoint.capabilities;
  const reachesServers = accessPath?.publicServers ?? false;
  const connections = reachesServers ? bindings.compute.connections : bindings.endpoint.connections;
  // The rules of an existing endpoint are not known here.
  if (!(isPublic || reachesServers) || needsExistingVpc || !connections?.securityGroups.length) return;
  warnAtSynthesis(
    scope,
    'cdk-mlflow:noClients',
    `no clients can connect to ${displayName}, because no rule allows them; set 'allowedCidrs' of the endpoint, or allow clients through 'connections'`,
    () => !connections.securityGroups.some((group) => allowsClients(scope, group, connections)),
  );
}

function allowsClients(scope: Construct, group: ISecurityGroup, connections: Connections): boolean {
  const resource = group.node.defaultChild;
  // The rules of an imported group are not known.
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

/** A rule for another port, such as that of SSH, allows no clients. If a port is a token, the rule can allow them. */
function includes({ fromPort, toPort }: Rule, port: number | undefined): boolean {
  const [first, last] = [known(fromPort), known(toPort)];
  return first === undefined || last === undefined || port === undefined || (first <= port && port <= last);
}

function known(port: unknown): number | undefined {
  return typeof port === 'number' && !Token.isUnresolved(port) ? port : undefined;
}
