import * as http from 'http';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export interface Connection {
  /** Keeps connections open for the next request. */
  readonly agent?: http.Agent | false;
  readonly timeoutSeconds?: number;
}

/** One GET request. Unlike `fetch`, it can send any Host header. */
export function get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  return send('GET', url, headers);
}

/** One POST request with a JSON body; by default over a connection of its own. */
export function post(
  url: string,
  headers: Record<string, string>,
  body: unknown,
  connection: Connection = {},
): Promise<Answer> {
  return send('POST', url, { ...headers, 'content-type': 'application/json' }, JSON.stringify(body), connection);
}

/** The value of the header `authorization`. */
export function basicAuthorization({
  username,
  password,
}: {
  readonly username: string;
  readonly password: string;
}): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function send(
  method: string,
  url: string,
  headers: Record<string, string>,
  body?: string,
  { agent = false, timeoutSeconds = 30 }: Connection = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, agent, timeout: timeoutSeconds * 1000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => resolve({ status: response.statusCode!, body: Buffer.concat(chunks).toString() }));
      response.once('error', reject);
    });
    request.once('timeout', () => request.destroy(new Error(`no answer within ${timeoutSeconds} s`)));
    request.once('error', reject);
    request.end(body);
  });
}
