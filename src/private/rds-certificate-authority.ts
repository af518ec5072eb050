import { readFileSync } from 'fs';
import { join } from 'path';
import { CfnMapping, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/**
 * The root certificate that signs the database's certificate, as PEM. RDS has another root in each region; where the
 * region is known only at deployment, a mapping in the template chooses it.
 *
 * @param family The family of the certificate authority, such as `rsa2048-g1`.
 */
export function rdsCertificateAuthority(scope: Construct, family: string): string {
  const certificates = readCertificates(family);
  const region = Stack.of(scope).region;
  if (!Token.isUnresolved(region)) {
    if (!(region in certificates)) {
      throw new Error(
        `the certificate authority of RDS in region '${region}' is not known to this version of cdk-mlflow; ` +
          "give its PEM text as 'certificateAuthority' of BackendStore.rdsPostgres()",
      );
    }
    return certificates[region];
  }
  const mapping = new CfnMapping(scope, 'CertificateAuthority', {
    mapping: Object.fromEntries(Object.entries(certificates).map(([name, pem]) => [name, { pem }])),
  });
  return mapping.findInMap(region, 'pem');
}

function readCertificates(family: string): Record<string, string> {
  return JSON.parse(readFileSync(join(__dirname, '..', '..', 'assets', 'rds-ca', `${family}.json`), 'utf8'));
}
