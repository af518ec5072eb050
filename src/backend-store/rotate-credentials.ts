import { CfnVPC, IVpc } from 'aws-cdk-lib/aws-ec2';
import { DatabaseInstance, DatabaseInstanceFromSnapshot, RotationSingleUserOptions } from 'aws-cdk-lib/aws-rds';
import { isIsolated, serverSubnets, servicesWithoutEndpoint } from '../network/subnets';
import { Problems } from '../private/problems';
import { DeploymentContext } from '../server';

/** Checks that the rotation function can reach AWS Secrets Manager. */
export function checkRotation(
  problems: Problems,
  options: RotationSingleUserOptions,
  context: DeploymentContext,
): void {
  const { vpc, publicServers } = context;
  const reaches = vpc ? reachesSecretsManager(vpc) : !publicServers;
  problems.require(options.endpoint !== undefined || options.vpcSubnets !== undefined || reaches, () => {
    return "'credentialsRotation' requires a NAT gateway or an interface endpoint for AWS Secrets Manager in the VPC, which the rotation function needs; got neither, add one of them or set 'credentialsRotation.endpoint'";
  });
}

/** Rotates the password with a function that AWS provides. */
export function rotateCredentials(
  instance: DatabaseInstance | DatabaseInstanceFromSnapshot,
  options: RotationSingleUserOptions,
  vpc: IVpc,
): void {
  // The L2's default is the database's subnets, which have no internet access.
  instance.addRotationSingleUser({ vpcSubnets: serverSubnets(vpc), ...options });
}

/** An imported VPC is assumed to have an endpoint, because its endpoints are unknown. */
function reachesSecretsManager(vpc: IVpc): boolean {
  if (!isIsolated(vpc) || !vpc.node.findAll().some((child) => CfnVPC.isCfnVPC(child))) return true;
  return servicesWithoutEndpoint(vpc, ['secretsmanager']).length === 0;
}
