import * as fs from 'fs';
import * as http from 'http';
import * as https from 'https';
import * as net from 'net';
import { ManagedServer } from './managed-server';
import { Rights } from './rights';
import { Refusal, verifySignature } from './signature';
import { Credentials } from '../emulator/emulator';
import { Certificate } from '../tools/certificates';

export interface DataPlaneProps {
  readonly server: ManagedServer;
  readonly rights: Rights;
  readonly certificate: Certificate;
  /** The port of the MLflow server behind it. */
  readonly mlflowPort: () => number;
}

/**
 * The data plane of managed MLflow as its documentation has it: it verifies who signed a request, looks at what the
 * caller's role may do, and only then passes the request on to MLflow.
 */
export class DataPlane {
  /** How many requests were passed on, by the action that they needed. */
  public readonly passed = new Map<string, number>();
  /** Requests that no action stands for. */
  public readonly unknown = new Set<string>();
  /** Why requests were refused. */
  public readonly refusals: string[] = [];
  private readonly sessions = new Map<string, { roleArn: string; credentials: Credentials }>();
  private readonly listener: https.Server;

  constructor(private readonly props: DataPlaneProps) {
    const { certificate, key } = props.certificate;
    const tls = { cert: fs.readFileSync(certificate), key: fs.readFileSync(key) };
    this.listener = https.createServer(tls, (request, response) => {
      this.answer(request, response).catch((error: Error) => refuse(response, 502, 'BAD_GATEWAY', error.message));
    });
    this.listener.on('secureConnection', (socket: net.Socket) => socket.unref());
  }

  public async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.listener.listen(0, '127.0.0.1', resolve));
    this.listener.unref();
    return (this.listener.address() as net.AddressInfo).port;
  }

  /** From now on, these credentials are known to be those of the role. */
  public know(roleArn: string, credentials: Credentials): void {
    this.sessions.set(credentials.accessKeyId, { roleArn, credentials });
  }

  public close(): void {
    this.listener.close();
    this.listener.closeAllConnections();
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = await read(request);
    const path = request.url!.split('?')[0];
    try {
      const action = await this.permit(request, body, path);
      if (!action) {
        this.unknown.add(`${request.method} ${path}`);
        return refuse(response, 404, 'ENDPOINT_NOT_FOUND', `no action stands for ${request.method} ${path}`);
      }
      this.passed.set(action, (this.passed.get(action) ?? 0) + 1);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refusals.push(error.message);
      return refuse(response, 403, 'PERMISSION_DENIED', error.message);
    }
    await this.passOn(request, body, response);
  }

  /** The action that the caller may take; undefined where there is none for the request. */
  private async permit(request: http.IncomingMessage, body: Buffer, path: string): Promise<string | undefined> {
    const { server, rights } = this.props;
    const headers = request.headers as Record<string, string | undefined>;
    if (headers.host !== server.host) throw new Refusal(`sent to ${headers.host}, not to ${server.host}`);
    const scope = { region: server.region, service: server.signingService, signedHeaders: [server.arnHeader] };
    const signed = { method: request.method!, target: request.url!, headers, body };
    const { accessKeyId } = verifySignature(signed, scope, (id) => this.sessions.get(id)?.credentials);
    const { roleArn } = this.sessions.get(accessKeyId)!;
    const arn = headers[server.arnHeader]!;
    const action = server.actionOf(request.method!, path);
    if (action && !(await rights.may(roleArn, action, arn))) {
      throw new Refusal(`${roleArn} may not take the action ${action} on ${arn}`);
    }
    if (arn !== server.arn) throw new Refusal(`there is no ${arn}`);
    return action;
  }

  private passOn(request: http.IncomingMessage, body: Buffer, response: http.ServerResponse): Promise<void> {
    const { authorization, host, connection, ...headers } = request.headers;
    const options = {
      host: '127.0.0.1',
      port: this.props.mlflowPort(),
      method: request.method,
      path: request.url,
      headers,
    };
    return new Promise((resolve, reject) => {
      const onward = http.request({ ...options, agent: false }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
        answer.once('end', resolve);
        answer.once('error', reject);
      });
      onward.once('error', reject);
      onward.end(body);
    });
  }
}

async function read(request: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function refuse(response: http.ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error_code: code, message }));
}
