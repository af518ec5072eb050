import { Token } from 'aws-cdk-lib';
import { ISubnet, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';

/**
 * The number of availability zones of the subnets that a selection finds; undefined where it is known only at
 * deployment, or where there are no such subnets at all.
 */
export function numberOfZones(vpc: IVpc, selection: SubnetSelection): number | undefined {
  const zones = subnetsOf(vpc, selection).map(zoneOf);
  if (zones.length === 0 || zones.includes(undefined)) return undefined;
  return new Set(zones).size;
}

function subnetsOf(vpc: IVpc, selection: SubnetSelection): ISubnet[] {
  try {
    return vpc.selectSubnets(selection).subnets;
  } catch {
    // What cannot be selected is refused in words of its own.
    return [];
  }
}

/** A subnet that was imported by its id alone does not tell; a list that is a token holds any number of zones. */
function zoneOf(subnet: ISubnet): string | undefined {
  try {
    const zone = subnet.availabilityZone;
    return Token.isUnresolved([zone]) ? undefined : zone;
  } catch {
    return undefined;
  }
}
