import { join } from 'path';
import { ServingServer } from '../../local/contract';
import { runLocally } from '../../local/local-run';
import { get } from '../../local/tools/http';

jest.setTimeout(300_000);

const appOf = (name: string) => join(__dirname, 'apps', `${name}.ts`);

/** What every server is proven to do. */
const COMMON = [
  expect.stringMatching(/^the endpoint's name as host \(.+\.elb\.amazonaws\.com\): 200; a foreign one: 403$/),
  expect.stringMatching(/^client 3\.\S+ logged a run with a 20 MB artifact, registered a model and loaded it$/),
  expect.stringMatching(/^[1-9]\d* downloads went to S3 by addresses that the server signed$/),
  expect.stringMatching(/^[1-9]\d* requests and [1-9]\d* addresses that the server signed are for eu-central-1$/),
  expect.stringMatching(/^the server stopped \S+ s after SIGTERM; started anew, it gave everything back/),
];

test('a server with a static prefix passes the proof, below its prefix', async () => {
  let server: ServingServer | undefined;
  let beside: number | undefined;
  const whileServing = async (serving: ServingServer) => {
    server = serving;
    beside = (await get(`${new URL(serving.url).origin}/api/2.0/mlflow/experiments/search?max_results=1`)).status;
  };
  const result = await runLocally({ app: appOf('static-prefix'), whileServing });

  expect(result.failure).toBeUndefined();
  expect(result.proven).toEqual(
    expect.arrayContaining(['without sign-in and with a wrong password: 401; as the administrator: 200', ...COMMON]),
  );
  expect(server!.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/team\/mlflow$/);
  expect(beside).not.toBe(200);
});

test('a server without authentication passes the proof, without sign-in', async () => {
  let server: ServingServer | undefined;
  const result = await runLocally({
    app: appOf('no-authentication'),
    whileServing: async (serving) => void (server = serving),
  });

  expect(result.failure).toBeUndefined();
  expect(result.proven).toEqual(
    expect.arrayContaining([
      'without sign-in: 200, as the template says',
      "the run, its 2 parameters and 3 metrics, and the model version are rows of the template's database",
      ...COMMON,
    ]),
  );
  expect(server).toMatchObject({ username: '', password: '' });
});
