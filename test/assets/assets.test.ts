import { createPrivateKey, X509Certificate } from 'crypto';
import { readFileSync } from 'fs';
import { basename } from 'path';
import { preparationProgram, preparedProgram, serverProgram } from '../../src/private/server-program';
import { filesUnder } from '../support/files';
import { newStack } from '../support/new-app';
import { containersOf, templateWith } from '../support/templates';

const PROGRAMS: [string, string][] = [
  ['server', serverProgram()],
  ['preparation', preparationProgram()],
  ['prepared server', preparedProgram()],
];
const FAMILIES = filesUnder('assets/rds-ca', '.json').map((file) => basename(file, '.json'));

/** What the certificates of a family must be like. */
const KEYS: Record<string, object> = {
  'rsa2048-g1': { asymmetricKeyType: 'rsa', asymmetricKeyDetails: { modulusLength: 2048 } },
  'rsa4096-g1': { asymmetricKeyType: 'rsa', asymmetricKeyDetails: { modulusLength: 4096 } },
  'ecc384-g1': { asymmetricKeyType: 'ec', asymmetricKeyDetails: { namedCurve: 'secp384r1' } },
};

const NEXT_YEAR = Date.now() + 365 * 24 * 60 * 60 * 1000;

function certificatesOf(family: string): [string, string][] {
  return Object.entries(JSON.parse(readFileSync(`assets/rds-ca/${family}.json`, 'utf8')));
}

test('every family has a file, and the same regions', () => {
  expect(FAMILIES).toEqual(Object.keys(KEYS).sort());
  const regions = FAMILIES.map((family) => certificatesOf(family).map(([region]) => region));
  expect(regions[0].length).toBeGreaterThan(25);
  expect(regions).toEqual(FAMILIES.map(() => regions[0]));
});

describe.each(FAMILIES)('the family %s', (family) => {
  test.each(certificatesOf(family))('in %s is one valid root of that region', (region, pem) => {
    expect(pem.match(/-----BEGIN CERTIFICATE-----/g)).toHaveLength(1);
    const certificate = new X509Certificate(pem);
    expect(certificate.ca).toBe(true);
    expect(certificate.subject).toContain(`CN=Amazon RDS ${region} Root CA ${family.replace('-', ' ').toUpperCase()}`);
    expect(certificate.issuer).toBe(certificate.subject);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.publicKey).toMatchObject(KEYS[family]);
    expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now());
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(NEXT_YEAR);
  });

  test('has another certificate in each region', () => {
    const all = certificatesOf(family).map(([, pem]) => pem);
    expect(new Set(all).size).toBe(all.length);
  });

  test('holds no private key', () => {
    for (const [, pem] of certificatesOf(family)) expect(() => createPrivateKey(pem)).toThrow();
  });
});

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

describe('the programs', () => {
  test.each(PROGRAMS)('of the %s has nothing that Fn::Sub would replace', (_name, program) => {
    expect(program).not.toContain('${');
  });

  test.each(PROGRAMS)('of the %s is plain ASCII, so that its size is its length', (_name, program) => {
    expect(program).toMatch(/^[\x00-\x7f]*$/);
  });

  test('of the server has each file of the guard as a text of its own', () => {
    const files = filesUnder('assets/server/guard', '.py');
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) {
      const guard = readFileSync(file, 'utf8');
      const end = guard.trimEnd().split('\n').slice(-1);
      const [, part] = serverProgram().split(`\n'${basename(file)}': r'''`);
      expect(part.slice(0, part.indexOf("'''"))).toMatch(new RegExp(`${escaped(end[0])}\\n$`));
      expect(guard).not.toContain("'''");
    }
  });

  test.each([
    ['a known region', { env: { region: 'eu-central-1' } }],
    ['any region', {}],
  ])('leave room in the task definition of %s, which ECS limits to 64 KiB', (_name, props) => {
    const containers = containersOf(templateWith({}, newStack(props)));
    expect(containers).toHaveLength(3);
    expect(Buffer.byteLength(JSON.stringify(containers))).toBeLessThan(60 * 1024);
  });
});
