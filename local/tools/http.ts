import * as http from 'http';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One GET request. Unlike `fetch`, it can send any Host header. */
export function get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  return send('GET', url, headers);
}

/** One POST request with a JSON body. */
export function post(url: string, headers: Record<string, string>, body: unknown): Promise<Answer> {
  return send('POST', url, { ...headers, 'content-type': 'application/json' }, JSON.stringify(body));
}

function send(method: string, url: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, agent: false, timeout: 30_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => resolve({ status: response.statusCode!, body: Buffer.concat(chunks).toString() }));
      response.once('error', reject);
    });
    request.once('timeout', () => request.destroy(new Error('no answer within 30 s')));
    request.once('error', reject);
    request.end(body);
  });
}
