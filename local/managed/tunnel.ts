import * as http from 'http';
import * as net from 'net';

export interface Tunnel {
  /** For `HTTPS_PROXY`. */
  readonly url: string;
  /** The hosts that clients asked for, with their ports. */
  readonly asked: ReadonlySet<string>;
  close(): void;
}

/**
 * An HTTP proxy that connects one host name to one local port, and nothing else: clients use the service's own name,
 * and reach this machine.
 */
export async function startTunnel(host: string, port: number): Promise<Tunnel> {
  const asked = new Set<string>();
  const sockets = new Set<net.Socket>();
  const server = http.createServer((_, response) => response.writeHead(403).end());
  server.on('connect', (request, client: net.Socket) => {
    asked.add(request.url!);
    keep(sockets, client);
    if (request.url !== `${host}:443`) {
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const target = net.connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      target.pipe(client);
      client.pipe(target);
    });
    keep(sockets, target);
    target.on('close', () => client.destroy());
    client.on('close', () => target.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const { port: own } = server.address() as net.AddressInfo;
  const close = () => {
    server.close();
    sockets.forEach((socket) => socket.destroy());
  };
  return { url: `http://127.0.0.1:${own}`, asked, close };
}

/** Neither a connection that breaks nor one that stays open keeps this process from its end. */
function keep(sockets: Set<net.Socket>, socket: net.Socket): void {
  sockets.add(socket);
  socket.unref();
  socket.on('error', () => socket.destroy());
  socket.on('close', () => sockets.delete(socket));
}
