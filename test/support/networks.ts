import { Stack } from 'aws-cdk-lib';
import { IVpc, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';

/** A VPC of the user's own. */
export function givenVpc(stack: Stack, types: SubnetType[], id = 'GivenVpc'): IVpc {
  return new Vpc(stack, id, {
    maxAzs: 2,
    natGateways: types.includes(SubnetType.PUBLIC) ? 1 : 0,
    subnetConfiguration: types.map((subnetType, index) => ({ name: `Given${index}`, subnetType })),
  });
}

export const ALL_KINDS = [SubnetType.PUBLIC, SubnetType.PRIVATE_WITH_EGRESS, SubnetType.PRIVATE_ISOLATED];
export const WITHOUT_ISOLATED = [SubnetType.PUBLIC, SubnetType.PRIVATE_WITH_EGRESS];
export const WITHOUT_PRIVATE = [SubnetType.PUBLIC];
