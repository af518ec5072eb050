import { CfnMapping, Stack, Token } from 'aws-cdk-lib';
import { CaCertificate } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { readAsset } from '../private/assets';
import { Problems } from '../private/problems';

/** Checks that the library contains the certificate authority, for the Region as far as it is known. */
export function checkCertificateAuthority(problems: Problems, caCertificate: CaCertificate, region: string): void {
  const identifier = caCertificate.toString();
  const known = FAMILIES.includes(identifier);
  problems.require(known, () => {
    return `the certificate authority '${identifier}' is not known to this version of cdk-mlflow; give its PEM text as 'certificateAuthority' of BackendStore.rdsPostgres()`;
  });
  problems.require(!known || Token.isUnresolved(region) || region in readCertificates(identifier), () => {
    return `the certificate authority of RDS in region '${region}' is not known to this version of cdk-mlflow; give its PEM text as 'certificateAuthority' of BackendStore.rdsPostgres()`;
  });
}

/**
 * The root certificate that signs the database's certificate, as PEM. RDS has another root in each region; where the
 * region is known only at deployment, a mapping in the template chooses it.
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

/** The families that the library carries: `assets/rds-ca/rsa2048-g1.json` and its neighbours. */
const FAMILIES = ['rds-ca-rsa2048-g1', 'rds-ca-rsa4096-g1', 'rds-ca-ecc384-g1'];

function readCertificates(identifier: string): Record<string, string> {
  const file = `${identifier.replace('rds-ca-', '')}.json`;
  return JSON.parse(readAsset('rds-ca', file));
}
