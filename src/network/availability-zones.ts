import { Token } from 'aws-cdk-lib';
import { ISubnet, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';

/**
 * The number of Availability Zones of the selected subnets. Undefined if it is known only at deployment, or if there are no
 * such subnets.
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
    // Other rules report subnets that do not exist.
    return [];
  }
}

/** Undefined for a subnet that is imported by its ID only, and for a list that is a token, which can have any length. */
function zoneOf(subnet: ISubnet): string | undefined {
  try {
    const zone = subnet.availabilityZone;
    return Token.isUnresolved([zone]) ? undefined : zone;
  } catch {
    return undefined;
  }
}
