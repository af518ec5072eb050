import * as path from 'path';
import { cleanEnvironment } from './clean-environment';
import { LOCAL } from './paths';
import { Processes } from './processes';
import { PythonEnvironment } from './python-environments';

export interface Certificate {
  /** Whoever trusts this file trusts the server. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** A certificate for one host name or address, signed by an authority that exists for this run alone. */
export async function makeCertificate(
  directory: string,
  name: string,
  python: PythonEnvironment,
  processes: Processes,
): Promise<Certificate> {
  await processes.run({
    name: `making the certificate of ${name}`,
    argv: [python.python, path.join(LOCAL, 'tools', 'make_certificate.py'), directory, name],
    environment: cleanEnvironment(),
    directory,
    logFile: path.join(directory, 'certificate.log'),
  });
  const file = (base: string) => path.join(directory, base);
  return { authority: file('ca.pem'), certificate: file('server.pem'), key: file('server.key') };
}
