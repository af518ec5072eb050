import { Annotations, CfnCondition, CfnParameter, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ParameterForm } from './parameter-form';
import { defineVpc } from '../../src/network/server-vpc';
import { Profile } from '../../src/server';

const GROUP = 'Network';

/** A block of IPv4 addresses of no more than a 256th of the internet: the library's own rule for `allowedCidrs`. */
export const CIDR_PATTERN = '^([0-9]{1,3}\\.){3}[0-9]{1,3}/([89]|[12][0-9]|3[0-2])$';

/** The resources that give the subnets of a new VPC internet access. */
const INTERNET_ACCESS = ['AWS::EC2::Route', 'AWS::EC2::SubnetRouteTableAssociation', 'AWS::EC2::VPCGatewayAttachment'];

export interface NetworkChoice {
  readonly vpc: IVpc;
  /** Makes resources wait for the internet access of the new VPC, if there is a new VPC. */
  holdBack(...resources: CfnResource[]): void;
}

/** A new VPC or an existing one: which of them is known only at deployment. */
export function chooseNetwork(stack: Stack, form: ParameterForm, publicServers: boolean): NetworkChoice {
  const vpcId = form.add('VpcId', {
    group: GROUP,
    label: 'Your VPC',
    description:
      'The ID of an existing VPC. Also specify two of its subnets of each kind, in different Availability Zones. ' +
      'Leave all of them empty to create a VPC. You cannot change the VPC later',
    default: '',
    allowedPattern: '^(vpc-([0-9a-f]{8}|[0-9a-f]{17}))?$',
  });
  const given = {
    public: publicServers ? subnets(form, 'Public', 'Public subnet', 'with a route to an internet gateway') : undefined,
    private: publicServers
      ? subnets(form, 'Private', 'Private subnet', 'for the database')
      : subnets(form, 'Private', 'Private subnet', 'with a route to a NAT gateway'),
  };
  const isNew = new CfnCondition(stack, 'NewVpc', { expression: Fn.conditionEquals(vpcId, '') });
  const own = defineVpc(stack, Profile.DEVELOPMENT, publicServers);
  const resources = own.node.findAll().filter((child): child is CfnResource => CfnResource.isCfnResource(child));
  for (const resource of resources) resource.cfnOptions.condition = isNew;

  const pick = (ofNew: string, ofGiven: CfnParameter) => Fn.conditionIf(isNew.logicalId, ofNew, ofGiven).toString();
  const pickAll = (ofNew: string[], ofGiven?: CfnParameter[]) =>
    ofNew.length ? ofGiven?.map((parameter, index) => pick(ofNew[index], parameter)) : undefined;
  const ids = (list: { subnetId: string }[]) => list.map(({ subnetId }) => subnetId);
  Annotations.of(stack).acknowledgeWarning(
    '@aws-cdk/aws-ec2:noSubnetRouteTableId',
    'nothing here uses the route tables of an existing VPC',
  );
  return {
    vpc: Vpc.fromVpcAttributes(stack, 'Network', {
      vpcId: pick(own.vpcId, vpcId),
      // Not written to the template: only their number matters.
      availabilityZones: [Fn.select(0, Fn.getAzs()), Fn.select(1, Fn.getAzs())],
      publicSubnetIds: pickAll(ids(own.publicSubnets), given.public),
      privateSubnetIds: pickAll(ids(own.privateSubnets), given.private),
      isolatedSubnetIds: pickAll(ids(own.isolatedSubnets), given.private),
    }),
    holdBack: (...held) => {
      const access = resources.filter(({ cfnResourceType }) => INTERNET_ACCESS.includes(cfnResourceType));
      // A reference, because `DependsOn` cannot be conditional; CloudFormation waits for those in metadata, too.
      // https://cloudonaut.io/optional-dependson-with-cloudformation-metadata-to-the-rescue
      const references = Fn.conditionIf(
        isNew.logicalId,
        access.map(({ ref }) => ref),
        [],
      );
      for (const resource of held) resource.addMetadata('cdk-mlflow:waitsFor', references);
    },
  };
}

function subnets(form: ParameterForm, kind: string, label: string, purpose: string): CfnParameter[] {
  return ['A', 'B'].map((zone) =>
    form.add(`${kind}Subnet${zone}`, {
      group: GROUP,
      label: `${label} ${zone}`,
      description: `A subnet of your VPC ${purpose}. Leave empty to create a VPC`,
      default: '',
      allowedPattern: '^(subnet-([0-9a-f]{8}|[0-9a-f]{17}))?$',
    }),
  );
}
