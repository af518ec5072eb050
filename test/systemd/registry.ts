import { createHash } from 'crypto';
import * as fs from 'fs';
import { createServer, IncomingMessage, Server, ServerResponse } from 'http';
import { AddressInfo } from 'net';
import * as path from 'path';

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

/** A registry with one image, which podman has pushed into a directory. It gives nothing without the password. */
export class Registry {
  public static async start(): Promise<Registry> {
    const registry = new Registry();
    await new Promise<void>((resolve) => registry.server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  /** Where podman has pushed the image to. */
  public directory = '';
  public username = '';
  public password = '';
  private readonly server: Server = createServer((request, response) => this.answer(request, response));

  private constructor() {}

  public get image(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}/mlflow:3.17.2`;
  }

  public stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private answer({ headers, url = '' }: IncomingMessage, response: ServerResponse): void {
    const expected = `Basic ${Buffer.from(`${this.username}:${this.password}`).toString('base64')}`;
    if (!this.password || headers.authorization !== expected) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
      return;
    }
    const [, kind, name] = /^\/v2\/mlflow\/(manifests|blobs)\/([\w.:-]+)$/.exec(url) ?? [];
    if (url === '/v2/') {
      response.end('{}');
    } else if (kind === 'manifests') {
      const manifest = fs.readFileSync(path.join(this.directory, 'manifest.json'));
      response.setHeader('content-type', MANIFEST);
      response.setHeader('docker-content-digest', `sha256:${createHash('sha256').update(manifest).digest('hex')}`);
      response.setHeader('content-length', manifest.length);
      response.end(manifest);
    } else if (kind === 'blobs') {
      const blob = path.join(this.directory, name.replace('sha256:', ''));
      response.setHeader('content-length', fs.statSync(blob).size);
      fs.createReadStream(blob).pipe(response);
    } else {
      response.writeHead(404).end();
    }
  }
}
