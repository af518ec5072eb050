import { CfnMapping, Stack, Token } from 'aws-cdk-lib';
import { CaCertificate } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { readAsset } from '../private/assets';
import { Problems } from '../private/problems';

/** Checks that the library includes the root certificate, for the Region if it is known. */
export function checkCertificateAuthority(problems: Problems, caCertificate: CaCertificate, region: string): void {
  const identifier = caCertificate.toString();
  const known = FAMILIES.includes(identifier);
  problems.require(known, () => {
    return `'caCertificate' '${identifier}' is not included in this version of cdk-mlflow; set 'certificateAuthority' of BackendStore.rdsPostgres() to its PEM text`;
  });
  problems.require(!known || Token.isUnresolved(region) || region in readCertificates(identifier), () => {
    return `the root certificate of Amazon RDS in the Region '${region}' is not included in this version of cdk-mlflow; set 'certificateAuthority' of BackendStore.rdsPostgres() to its PEM text`;
  });
}

/**
 * The root certificate of the database's certificate, as PEM text. Amazon RDS has a different root in each Region. If the
 * Region is known only at deployment, a mapping in the template selects it.
 */
export function rdsCertificateAuthority(scope: Construct, caCertificate: CaCertificate): string {
  const certificates = readCertificates(caCertificate.toString());
  const region = Stack.of(scope).region;
  if (!Token.isUnresolved(region)) return certificates[region];
  const mapping = new CfnMapping(scope, 'CertificateAuthority', {
    mapping: Object.fromEntries(Object.entries(certificates).map(([name, pem]) => [name, { pem }])),
  });
  return mapping.findInMap(region, 'pem');
}

/** The certificate authorities in `assets/rds-ca`, such as `rsa2048-g1.json`. */
const FAMILIES = ['rds-ca-rsa2048-g1', 'rds-ca-rsa4096-g1', 'rds-ca-ecc384-g1'];

function readCertificates(identifier: string): Record<string, string> {
  const file = `${identifier.replace('rds-ca-', '')}.json`;
  return JSON.parse(readAsset('rds-ca', file));
}
