import { DeployedStack } from '../emulator/deployed-stack';
import { LocalRunFailure } from '../failure';
import { Answer, basicAuthorization, get, post } from '../tools/http';

const API = '/api/2.0/mlflow/experiments/search?max_results=1';
// What the UI asks for when it opens an experiment.
const UI_SEARCH = '/ajax-api/2.0/mlflow/experiments/search';
const FOREIGN_HOST = 'rebinding.example.com';

export interface SignIn {
  readonly username: string;
  readonly password: string;
}

/** Who gets in, and by which names, below the address that clients use: asked of the running server, request by request. */
export async function checkFrontDoor(url: string, signIn: SignIn | undefined, stack: DeployedStack): Promise<string[]> {
  const expectStatus = (what: string, expected: number, answer: Answer) => {
    if (answer.status === expected) return;
    throw new LocalRunFailure(`${what} got ${answer.status}, expected ${expected}: ${answer.body.slice(0, 200)}`);
  };
  const ask = async (what: string, expected: number, headers: Record<string, string>) =>
    expectStatus(what, expected, await get(`${url}${API}`, headers));
  const search = async (expected: number, origin: string) => {
    const answer = await post(`${url}${UI_SEARCH}`, { ...signedIn, origin }, { max_results: 1 });
    expectStatus(`a search of the UI at ${origin}`, expected, answer);
  };
  const signedIn: Record<string, string> = signIn ? { authorization: basicAuthorization(signIn) } : {};
  if (signIn) {
    await ask('a request without sign-in', 401, {});
    await ask('a request with a wrong password', 401, {
      authorization: basicAuthorization({ ...signIn, password: 'wrong' }),
    });
  }
  await ask(signIn ? 'a request of the administrator' : 'a request without sign-in', 200, signedIn);
  const names = publicNames(stack);
  for (const host of names) await ask(`a signed-in request to the host ${host}`, 200, { ...signedIn, host });
  await ask(`a signed-in request to the foreign host ${FOREIGN_HOST}`, 403, { ...signedIn, host: FOREIGN_HOST });
  // Browsers send the address of the page as the origin, in lower case.
  for (const host of names) await search(200, `http://${host.toLowerCase()}`);
  await search(403, `http://${FOREIGN_HOST}`);
  return [
    signIn
      ? 'without sign-in and with a wrong password: 401; as the administrator: 200'
      : 'without sign-in: 200, as the template says',
    `the endpoint's name as host (${names.join(', ')}): 200; a foreign one: 403`,
    'the UI searches with the endpoint as its origin: 200; a page from elsewhere: 403',
  ];
}

/** The load balancer's names as clients send them: as AWS writes it, in lower case, and with an unusual port. */
function publicNames(stack: DeployedStack): string[] {
  const balancers = stack.all('AWS::ElasticLoadBalancingV2::LoadBalancer');
  const ports = stack.all('AWS::ElasticLoadBalancingV2::Listener').map(({ properties }) => Number(properties.Port));
  const unusual = ports.filter((port) => port !== 80 && port !== 443);
  if (!balancers.length) return publicAddresses(stack);
  return balancers.flatMap(({ attributes }) => {
    const name: string = attributes.DNSName;
    const lower = name.toLowerCase();
    return [...new Set([name, lower, ...unusual.map((port) => `${lower}:${port}`)])];
  });
}

/** The server's own address, with the port that clients are let in to. */
function publicAddresses(stack: DeployedStack): string[] {
  const ports = stack
    .all('AWS::EC2::SecurityGroup')
    .flatMap(({ properties }) => properties.SecurityGroupIngress ?? [])
    .filter(({ Description }: any) => Description === 'MLflow clients')
    .map(({ FromPort }: any) => `${FromPort}`);
  return stack.all('AWS::EC2::EIP').flatMap(({ attributes }) => ports.map((port) => `${attributes.PublicIp}:${port}`));
}
