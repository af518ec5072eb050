"""The CloudFormation types that MiniStack 1.5.33 lacks: the properties known of each, and how it is made.

A handler runs on MiniStack's event loop: an HTTP call to MiniStack would wait for itself, so EC2 is
called in the process.
"""

import os
import re
import uuid

from ministack.services import ec2

from ecs_types import ECS_TYPES
from eks_types import EKS_TYPES
from sagemaker_types import SAGEMAKER_TYPES

ACCOUNT = "000000000000"
REGION = os.environ["MINISTACK_REGION"]


def call_ec2(action, **parameters):
    """One call of the EC2 query API; returns a reader of the answer's first element of a name."""
    query = {name: [str(value)] for name, value in parameters.items()}
    status, _, body = ec2._ACTION_MAP[action](query)
    text = body.decode() if isinstance(body, bytes) else body
    if status >= 400:
        raise ValueError(f"{action}: {text}")

    def read(element):
        found = re.search(f"<{element}>([^<]*)</{element}>", text)
        return found[1] if found else ""

    return read


def tags(properties, kind):
    result = {}
    for number, tag in enumerate(properties.get("Tags", []), 1):
        result["TagSpecification.1.ResourceType"] = kind
        result[f"TagSpecification.1.Tag.{number}.Key"] = tag["Key"]
        result[f"TagSpecification.1.Tag.{number}.Value"] = tag["Value"]
    return result


def elastic_ip(logical_id, properties, stack):
    domain = properties.get("Domain", "vpc")
    answer = call_ec2("AllocateAddress", Domain=domain, **tags(properties, "elastic-ip"))
    address = answer("publicIp")
    return address, {"AllocationId": answer("allocationId"), "PublicIp": address}


def nat_gateway(logical_id, properties, stack):
    answer = call_ec2(
        "CreateNatGateway",
        SubnetId=properties["SubnetId"],
        AllocationId=properties["AllocationId"],
        **tags(properties, "natgateway"),
    )
    return answer("natGatewayId"), {"NatGatewayId": answer("natGatewayId")}


def security_group_rule(direction):
    peers = {
        "CidrIp": "IpRanges.1.CidrIp",
        "CidrIpv6": "Ipv6Ranges.1.CidrIpv6",
        "SourceSecurityGroupId": "Groups.1.GroupId",
        "DestinationSecurityGroupId": "Groups.1.GroupId",
        "SourcePrefixListId": "PrefixListIds.1.PrefixListId",
        "DestinationPrefixListId": "PrefixListIds.1.PrefixListId",
    }

    def create(logical_id, properties, stack):
        rule = "IpPermissions.1"
        query = {"GroupId": properties["GroupId"], f"{rule}.IpProtocol": properties["IpProtocol"]}
        for port in ("FromPort", "ToPort"):
            if port in properties:
                query[f"{rule}.{port}"] = properties[port]
        for name, target in peers.items():
            if name in properties:
                query[f"{rule}.{target}"] = properties[name]
        try:
            call_ec2(f"AuthorizeSecurityGroup{direction}", **query)
        except ValueError as error:
            # A group that the template names but does not make, such as a given cluster's, is not here.
            if "InvalidGroup.NotFound" not in str(error):
                raise
        rule_id = f"sgr-{uuid.uuid4().hex[:17]}"
        return rule_id, {"Id": rule_id}

    return create


def flow_log(logical_id, properties, stack):
    flow_log_id = f"fl-{uuid.uuid4().hex[:17]}"
    return flow_log_id, {"Id": flow_log_id}


def scalable_target(logical_id, properties, stack):
    parts = ("ResourceId", "ScalableDimension", "ServiceNamespace")
    target_id = "|".join(properties[part] for part in parts)
    return target_id, {"Id": target_id}


def scaling_policy(logical_id, properties, stack):
    name = properties["PolicyName"]
    arn = f"arn:aws:autoscaling:{REGION}:{ACCOUNT}:scalingPolicy:local:policyName/{name}"
    return arn, {"Arn": arn}


RULE = {"CidrIp", "CidrIpv6", "Description", "FromPort", "ToPort", "IpProtocol", "GroupId"}

MISSING_TYPES = {
    **ECS_TYPES,
    **EKS_TYPES,
    **SAGEMAKER_TYPES,
    "AWS::EC2::EIP": ({"Domain", "Tags"}, elastic_ip),
    "AWS::EC2::NatGateway": (
        {"AllocationId", "SubnetId", "Tags", "ConnectivityType"},
        nat_gateway,
    ),
    "AWS::EC2::SecurityGroupIngress": (
        RULE | {"SourceSecurityGroupId", "SourcePrefixListId"},
        security_group_rule("Ingress"),
    ),
    "AWS::EC2::SecurityGroupEgress": (
        RULE | {"DestinationSecurityGroupId", "DestinationPrefixListId"},
        security_group_rule("Egress"),
    ),
    "AWS::EC2::FlowLog": (
        {
            "DeliverLogsPermissionArn",
            "LogDestination",
            "LogDestinationType",
            "LogGroupName",
            "MaxAggregationInterval",
            "ResourceId",
            "ResourceType",
            "Tags",
            "TrafficType",
        },
        flow_log,
    ),
    "AWS::ApplicationAutoScaling::ScalableTarget": (
        {
            "MaxCapacity",
            "MinCapacity",
            "ResourceId",
            "RoleARN",
            "ScalableDimension",
            "ServiceNamespace",
            "ScheduledActions",
        },
        scalable_target,
    ),
    "AWS::ApplicationAutoScaling::ScalingPolicy": (
        {
            "PolicyName",
            "PolicyType",
            "ScalingTargetId",
            "TargetTrackingScalingPolicyConfiguration",
            "StepScalingPolicyConfiguration",
        },
        scaling_policy,
    ),
}
