"""The CloudFormation types of managed MLflow, which MiniStack 1.5.33 lacks. The properties known of each are those of
its schema; what would be refused on AWS fails the stack here too."""

import os
import re
import uuid

ACCOUNT = "000000000000"
REGION = os.environ["MINISTACK_REGION"]

NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}")
WINDOW = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun):([01]\d|2[0-3]):([0-5]\d)")
ARTIFACTS = re.compile(r"s3://[^/]+/?.*")
ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")

COMMON = {"ArtifactStoreUri", "RoleArn", "Tags", "WeeklyMaintenanceWindowStart"}
SIZES = {"Small", "Medium", "Large"}
MODES = {"AutoModelRegistrationEnabled", "AutoModelRegistrationDisabled"}


def require(properties, name, is_valid):
    if name in properties and not is_valid(str(properties[name])):
        raise ValueError(f"{name} is not valid: {properties[name]!r}")


def require_common(properties, name):
    missing = {name, "ArtifactStoreUri", "RoleArn"} - set(properties)
    if missing:
        raise ValueError(f"{sorted(missing)} must be given")
    require(properties, name, NAME.fullmatch)
    require(properties, "ArtifactStoreUri", ARTIFACTS.fullmatch)
    require(properties, "RoleArn", ROLE.fullmatch)
    require(properties, "WeeklyMaintenanceWindowStart", WINDOW.fullmatch)


def tracking_server(logical_id, properties, stack):
    require_common(properties, "TrackingServerName")
    require(properties, "TrackingServerSize", SIZES.__contains__)
    require(properties, "MlflowVersion", re.compile(r"\d+(\.\d+)+").fullmatch)
    name = properties["TrackingServerName"]
    arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:mlflow-tracking-server/{name}"
    return name, {"TrackingServerArn": arn}


def mlflow_app(logical_id, properties, stack):
    require_common(properties, "Name")
    require(properties, "ModelRegistrationMode", MODES.__contains__)
    app_id = f"app-{uuid.uuid4().hex[:12].upper()}"
    arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:mlflow-app/{app_id}"
    attributes = {"Arn": arn, "MlflowAppId": app_id, "MlflowVersion": "3.17.2", "Status": "Created"}
    return arn, attributes


SAGEMAKER_TYPES = {
    "AWS::SageMaker::MlflowTrackingServer": (
        COMMON
        | {"AutomaticModelRegistration", "MlflowVersion", "TrackingServerName", "TrackingServerSize"},
        tracking_server,
    ),
    "AWS::SageMaker::MlflowApp": (COMMON | {"ModelRegistrationMode", "Name"}, mlflow_app),
}
