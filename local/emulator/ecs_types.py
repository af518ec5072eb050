"""The CloudFormation types of clusters with EC2 capacity, which MiniStack 1.5.33 lacks. The properties known of each are
those of its schema; what would be refused on AWS fails the stack here too."""

import json
import uuid

GROUP_PROVIDER = {
    "AutoScalingGroupArn",
    "ManagedDraining",
    "ManagedScaling",
    "ManagedTerminationProtection",
}


def capacity_provider(logical_id, properties, stack):
    provider = properties["AutoScalingGroupProvider"]
    unknown = sorted(set(provider) - GROUP_PROVIDER)
    if unknown or not provider.get("AutoScalingGroupArn"):
        raise ValueError(f"AutoScalingGroupProvider is not valid: {provider!r}")
    protected = provider.get("ManagedTerminationProtection") == "ENABLED"
    if protected and provider.get("ManagedScaling", {}).get("Status") != "ENABLED":
        raise ValueError("ManagedTerminationProtection needs ManagedScaling")
    name = properties.get("Name", f"{stack}-{logical_id}-{uuid.uuid4().hex[:12]}")
    if name.lower().startswith(("aws", "ecs", "fargate")):
        raise ValueError(f"the name of a capacity provider cannot begin like {name!r}")
    return name, {}


def associations(logical_id, properties, stack):
    offered = properties["CapacityProviders"]
    for item in properties["DefaultCapacityProviderStrategy"]:
        if item["CapacityProvider"] not in offered:
            raise ValueError(f"{item['CapacityProvider']} is not among {offered}")
    return properties["Cluster"], {}


def custom_call(logical_id, properties, stack):
    """A call of the AWS SDK by the CDK's function. Only calls that wait for the end are known: nothing is to be done."""
    if "Create" in properties:
        raise ValueError(f"the local run makes no call of the AWS SDK: {properties['Create']}")
    json.loads(properties["Delete"])
    return f"{logical_id}-{uuid.uuid4().hex[:8]}", {}


ECS_TYPES = {
    "AWS::ECS::CapacityProvider": ({"AutoScalingGroupProvider", "Name", "Tags"}, capacity_provider),
    "AWS::ECS::ClusterCapacityProviderAssociations": (
        {"CapacityProviders", "Cluster", "DefaultCapacityProviderStrategy"},
        associations,
    ),
    "Custom::AWS": ({"Create", "Delete", "InstallLatestAwsSdk", "ServiceToken", "Update"}, custom_call),
}
