/**
 * Refreshes `assets/rds-ca/*.json` from files that contain PEM certificates:
 *
 *     npx tsx scripts/update-rds-ca.ts FILE...          merge the roots of these files
 *     npx tsx scripts/update-rds-ca.ts                  check what is there
 *
 * A file is a bundle (`.pem`) or a JavaScript module with PEM strings. Every certificate must be what its name says, or
 * nothing is written. A region is never dropped, and a certificate that changes for a region it already has is an error.
 */
import { X509Certificate } from 'crypto';
import { existsSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';

const DIRECTORY = join(__dirname, '..', 'assets', 'rds-ca');

interface Family {
  readonly name: string;
  readonly file: string;
  readonly isKeyRight: (type: string | undefined, details: { modulusLength?: number; namedCurve?: string }) => boolean;
}

const FAMILIES: Family[] = [
  {
    name: 'RSA2048 G1',
    file: 'rsa2048-g1.json',
    isKeyRight: (type, details) => type === 'rsa' && details.modulusLength === 2048,
  },
  {
    name: 'RSA4096 G1',
    file: 'rsa4096-g1.json',
    isKeyRight: (type, details) => type === 'rsa' && details.modulusLength === 4096,
  },
  {
    name: 'ECC384 G1',
    file: 'ecc384-g1.json',
    isKeyRight: (type, details) => type === 'ec' && details.namedCurve === 'secp384r1',
  },
];

function isExactRegion(region: string): boolean {
  return /^[a-z]{2}(-[a-z]+)+-\d+$/.test(region);
}

/** All PEM blocks of a text, also where they are strings of JavaScript. */
function pemBlocks(text: string): string[] {
  const plain = text.replace(/\\n/g, '\n').replace(/['"]\s*\+?\s*['"]/g, '');
  return plain.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [];
}

/** Throws unless the certificate is the self-signed root of that family and region, in force today. */
function check(certificate: X509Certificate, family: Family, region: string, now: Date): void {
  const commonName = `CN=Amazon RDS ${region} Root CA ${family.name}`;
  const problems: string[] = [];
  if (!certificate.subject.split('\n').includes(commonName)) problems.push(`its subject has no '${commonName}'`);
  if (!isExactRegion(region)) problems.push(`'${region}' is not a region`);
  if (!certificate.ca) problems.push('it is not a certificate authority');
  if (certificate.subject !== certificate.issuer) problems.push('its issuer is another');
  if (!certificate.verify(certificate.publicKey)) problems.push('it did not sign itself');
  if (new Date(certificate.validFrom) > now) problems.push(`it is valid only from ${certificate.validFrom}`);
  if (new Date(certificate.validTo) <= now) problems.push(`it expired on ${certificate.validTo}`);
  const key = certificate.publicKey;
  if (!family.isKeyRight(key.asymmetricKeyType, key.asymmetricKeyDetails ?? {})) {
    problems.push('its key is of another kind');
  }
  if (problems.length > 0) throw new Error(`${family.file}, ${region}: ${problems.join('; ')}`);
}

function main(files: string[]): void {
  const now = new Date();
  const sources = files.flatMap((file) => {
    const blocks = pemBlocks(readFileSync(file, 'utf8'));
    if (blocks.length === 0) throw new Error(`${file} has no certificate`);
    return blocks.map((pem) => new X509Certificate(pem));
  });
  const results = FAMILIES.map((family) => {
    const path = join(DIRECTORY, family.file);
    const known: Record<string, string> = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
    const roots = new Map(Object.entries(known).map(([region, pem]) => [region, new X509Certificate(pem)]));
    for (const certificate of sources) {
      const region = new RegExp(`^CN=Amazon RDS (\\S+) Root CA ${family.name}$`, 'm').exec(certificate.subject)?.[1];
      if (region === undefined) continue;
      const before = roots.get(region);
      if (before !== undefined && before.fingerprint256 !== certificate.fingerprint256) {
        throw new Error(`${family.file}, ${region}: ${before.fingerprint256} and ${certificate.fingerprint256} differ`);
      }
      roots.set(region, certificate);
    }
    for (const [region, certificate] of roots) check(certificate, family, region, now);
    const sorted = [...roots].sort(([a], [b]) => (a < b ? -1 : 1));
    const content = Object.fromEntries(
      sorted.map(([region, certificate]) => [region, `${certificate.toString().trim()}\n`]),
    );
    return { path, family, content };
  });
  for (const { path, family, content } of results) {
    if (files.length > 0) writeFileSync(path, `${JSON.stringify(content, undefined, 2)}\n`);
    console.log(`${family.file}: ${Object.keys(content).length} regions: ${Object.keys(content).join(' ')}`);
  }
}

main(process.argv.slice(2));
