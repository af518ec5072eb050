"""What a stack makes in a cluster of Amazon EKS, which MiniStack 1.5.33 lacks. No cluster is there: the objects are only
looked at, and what CloudFormation or kubectl would refuse fails the stack here too."""

import json
import re
import uuid

ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")


def kubernetes_resource(logical_id, properties, stack):
    # The provider reads it like this: a line break within a string is an error.
    objects = json.loads(properties["Manifest"])
    label = properties.get("PruneLabel")
    for item in objects:
        missing = {"apiVersion", "kind", "metadata"} - set(item)
        if missing or not item["metadata"].get("name"):
            raise ValueError(f"an object of {logical_id} has no {sorted(missing) or 'name'}")
        if label and label not in item["metadata"]["labels"]:
            raise ValueError(f"{item['kind']} of {logical_id} has no label {label}")
    if not properties["ServiceToken"].startswith("arn:") or not properties["ClusterName"]:
        raise ValueError(f"{logical_id} has no kubectl provider or no cluster")
    return f"{logical_id}-{uuid.uuid4().hex[:8]}", {}


def pod_identity_association(logical_id, properties, stack):
    missing = {"ClusterName", "Namespace", "RoleArn", "ServiceAccount"} - set(properties)
    if missing:
        raise ValueError(f"{sorted(missing)} must be given")
    if not ROLE.fullmatch(properties["RoleArn"]):
        raise ValueError(f"RoleArn is not valid: {properties['RoleArn']!r}")
    association = f"a-{uuid.uuid4().hex[:17]}"
    return association, {"AssociationId": association}


EKS_TYPES = {
    "Custom::AWSCDK-EKS-KubernetesResource": (
        {"ClusterName", "Manifest", "Overwrite", "PruneLabel", "ServiceToken", "SkipValidation"},
        kubernetes_resource,
    ),
    "AWS::EKS::PodIdentityAssociation": (
        {"ClusterName", "DisableSessionTags", "Namespace", "RoleArn", "ServiceAccount", "Tags", "TargetRoleArn"},
        pod_identity_association,
    ),
}
