import { X509Certificate } from 'crypto';
import { LocalRunFailure } from '../failure';

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The authorities that the template trusts for its database: real ones, in force. They are not used here. */
export function checkCertificateAuthorities(pem: string | undefined, now: Date): string[] {
  if (pem === undefined) return [];
  const certificates = (pem.match(BLOCK) ?? []).map((block) => new X509Certificate(block));
  if (!certificates.length) throw new LocalRunFailure('CDK_MLFLOW_DATABASE_CA holds no certificate');
  for (const { subject, ca, validTo } of certificates) {
    const name = subject.replaceAll('\n', ', ');
    if (!ca) throw new LocalRunFailure(`CDK_MLFLOW_DATABASE_CA: not an authority: ${name}`);
    if (new Date(validTo) <= now) throw new LocalRunFailure(`CDK_MLFLOW_DATABASE_CA: expired: ${name}`);
  }
  return [`the ${certificates.length} certificate authorities of RDS in the template can be read and are in force`];
}
