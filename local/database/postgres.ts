import * as fs from 'fs';
import * as path from 'path';
import { DatabaseDefinition } from './database-definition';
import { usableByDatabaseUser } from './unprivileged';
import { Certificate } from '../tools/certificates';
import { cleanEnvironment } from '../tools/clean-environment';
import { acceptsConnections } from '../tools/free-port';
import { PostgresBinaries } from '../tools/postgres-binaries';
import { Processes } from '../tools/processes';
import { waitUntil } from '../tools/wait-until';
import { WorkDirectory } from '../tools/work-directory';

/** PostgreSQL refuses to run as root: then it runs as nobody. */
const NOBODY = { uid: 65534, gid: 65534 };

export interface RunningDatabase {
  readonly address: string;
  readonly authority: string;
  log(): string;
}

/** Starts PostgreSQL as the template says: user, password, port, TLS. */
export async function startPostgres(
  definition: DatabaseDefinition,
  certificate: Certificate,
  binaries: PostgresBinaries,
  work: WorkDirectory,
  processes: Processes,
): Promise<RunningDatabase> {
  const user = process.getuid?.() === 0 ? NOBODY : undefined;
  const home = work.directory('database');
  const bin = user ? usableByDatabaseUser(binaries.bin, work) : binaries.bin;
  const data = path.join(home, 'data');
  const own = (file: string) => user && fs.chownSync(file, user.uid, user.gid);
  const common = {
    environment: { ...cleanEnvironment(), HOME: home, TMPDIR: home, LC_ALL: 'C', TZ: 'UTC' },
    directory: home,
    user,
  };
  own(home);

  const passwordFile = path.join(home, 'password');
  fs.writeFileSync(passwordFile, `${definition.password}\n`, { mode: 0o600 });
  own(passwordFile);
  const initdb = [path.join(bin, 'initdb'), '--pgdata', data, '--username', definition.user, '--pwfile', passwordFile];
  await processes.run({
    ...common,
    name: 'initdb',
    argv: [...initdb, '--auth', 'scram-sha-256', '--encoding', 'UTF8', '--no-locale', '--no-sync'],
    logFile: path.join(home, 'initdb.log'),
  });
  fs.rmSync(passwordFile);

  for (const [source, target] of [
    [certificate.certificate, 'server.pem'],
    [certificate.key, 'server.key'],
  ]) {
    fs.copyFileSync(source, path.join(data, target));
    fs.chmodSync(path.join(data, target), 0o600);
    own(path.join(data, target));
  }
  const access = `${definition.tlsForced ? 'hostssl' : 'host'} all all 127.0.0.0/8 scram-sha-256\n`;
  fs.writeFileSync(path.join(data, 'pg_hba.conf'), access);

  const address = loopbackAddress();
  const settings = {
    listen_addresses: address,
    unix_socket_directories: '',
    ssl: 'on',
    ssl_cert_file: 'server.pem',
    ssl_key_file: 'server.key',
    log_connections: 'on',
    // Nothing here has to survive a crash.
    fsync: 'off',
    full_page_writes: 'off',
    ...definition.settings,
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const running = processes.start({
    ...common,
    name: 'PostgreSQL',
    argv: [path.join(bin, 'postgres'), '-D', data, '-p', `${definition.port}`, ...options],
    logFile: path.join(home, 'postgres.log'),
    // Its data is thrown away.
    stopSignal: 'SIGQUIT',
  });
  const isUp = async () => running.hasExited || acceptsConnections(address, definition.port);
  await waitUntil('PostgreSQL', isUp, 60);
  if (running.hasExited) throw new Error(`PostgreSQL ${await running.exited}:\n${running.lastWords()}`);
  return { address, authority: certificate.authority, log: () => running.log() };
}

/** Linux answers on all of 127.0.0.0/8: an address of its own leaves the template's port free to use. */
function loopbackAddress(): string {
  if (process.platform !== 'linux') return '127.0.0.1';
  const byte = () => 1 + Math.floor(Math.random() * 253);
  return `127.${byte()}.${byte()}.${byte()}`;
}
