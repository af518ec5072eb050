import { DeployedStack } from '../emulator/deployed-stack';
import { LocalRunFailure } from '../failure';
import { Answer, get } from '../tools/http';

const API = '/api/2.0/mlflow/experiments/search?max_results=1';
const FOREIGN_HOST = 'rebinding.example.com';

export interface SignIn {
  readonly username: string;
  readonly password: string;
}

/** Who gets in, and by which names: asked of the running server, request by request. */
export async function checkFrontDoor(url: string, signIn: SignIn, stack: DeployedStack): Promise<string[]> {
  const ask = async (what: string, expected: number, headers: Record<string, string>) => {
    const answer: Answer = await get(`${url}${API}`, headers);
    if (answer.status === expected) return;
    throw new LocalRunFailure(`${what} got ${answer.status}, expected ${expected}: ${answer.body.slice(0, 200)}`);
  };
  const signedIn = { authorization: basic(signIn) };
  await ask('a request without sign-in', 401, {});
  await ask('a request with a wrong password', 401, { authorization: basic({ ...signIn, password: 'wrong' }) });
  await ask('a request of the administrator', 200, signedIn);
  const names = publicNames(stack);
  for (const host of names) await ask(`a signed-in request to the host ${host}`, 200, { ...signedIn, host });
  await ask(`a signed-in request to the foreign host ${FOREIGN_HOST}`, 403, { ...signedIn, host: FOREIGN_HOST });
  return [
    'without sign-in and with a wrong password: 401; as the administrator: 200',
    `the load balancer's name as host (${names.join(', ')}): 200; a foreign one: 403`,
  ];
}

/** The load balancer's names as clients send them: as AWS writes it, in lower case, and with an unusual port. */
function publicNames(stack: DeployedStack): string[] {
  const balancers = stack.all('AWS::ElasticLoadBalancingV2::LoadBalancer');
  const ports = stack.all('AWS::ElasticLoadBalancingV2::Listener').map(({ properties }) => Number(properties.Port));
  const unusual = ports.filter((port) => port !== 80 && port !== 443);
  return balancers.flatMap(({ attributes }) => {
    const name: string = attributes.DNSName;
    const lower = name.toLowerCase();
    return [...new Set([name, lower, ...unusual.map((port) => `${lower}:${port}`)])];
  });
}

function basic({ username, password }: SignIn): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
