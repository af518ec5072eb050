import { createServer, Server } from 'http';
import { AddressInfo } from 'net';
import { Credentials } from '../../local/emulator/emulator';

/** The instance's metadata service, as far as credentials go: version 2 alone, the one role. */
export class MetadataService {
  public static async start(role: string, credentials: () => Credentials): Promise<MetadataService> {
    const token = 'a-token';
    const server = createServer((request, response) => {
      if (request.method === 'PUT' && request.url === '/latest/api/token') return response.end(token);
      if (request.headers['x-aws-ec2-metadata-token'] !== token) return response.writeHead(401).end();
      const path = '/latest/meta-data/iam/security-credentials/';
      if (request.url === path) return response.end(role);
      if (request.url !== `${path}${role}`) return response.writeHead(404).end();
      const { accessKeyId, secretAccessKey, sessionToken } = credentials();
      return response.end(
        JSON.stringify({
          Code: 'Success',
          Type: 'AWS-HMAC',
          LastUpdated: new Date().toISOString(),
          Expiration: new Date(Date.now() + 3600_000).toISOString(),
          AccessKeyId: accessKeyId,
          SecretAccessKey: secretAccessKey,
          Token: sessionToken,
        }),
      );
    });
    const service = new MetadataService(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  private constructor(private readonly server: Server) {}

  public get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
