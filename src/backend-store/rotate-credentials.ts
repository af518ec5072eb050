import { CfnVPC, IVpc } from 'aws-cdk-lib/aws-ec2';
import { DatabaseInstance, DatabaseInstanceFromSnapshot, RotationSingleUserOptions } from 'aws-cdk-lib/aws-rds';
import { isIsolated, serverSubnets, servicesWithoutEndpoint } from '../network/subnets';
import { Problems } from '../private/problems';
import { DeploymentContext } from '../server';

/** Checks that the function that changes the password reaches AWS Secrets Manager. */
export function checkRotation(
  problems: Problems,
  options: RotationSingleUserOptions,
  context: DeploymentContext,
): void {
  const { vpc, publicServers } = context;
  const reaches = vpc ? reachesSecretsManager(vpc) : !publicServers;
  problems.require(options.endpoint !== undefined || options.vpcSubnets !== undefined || reaches, () => {
    return "'credentialsRotation' needs a way from the VPC to AWS Secrets Manager, for the function that changes the password; got neither a NAT gateway nor an interface endpoint, give a VPC with one of them or set 'credentialsRotation.endpoint'";
  });
}

/** Has a function of AWS change the password from time to time. */
export function rotateCredentials(
  instance: DatabaseInstance | DatabaseInstanceFromSnapshot,
  options: RotationSingleUserOptions,
  vpc: IVpc,
): void {
  // The L2's own default is the database's subnets, which have no way out.
  instance.addRotationSingleUser({ vpcSubnets: serverSubnets(vpc), ...options });
}

/** Of a VPC that is defined elsewhere, nothing is known. */
function reachesSecretsManager(vpc: IVpc): boolean {
  if (!isIsolated(vpc) || !vpc.node.findAll().some((child) => CfnVPC.isCfnVPC(child))) return true;
  return servicesWithoutEndpoint(vpc, ['secretsmanager']).length === 0;
}
