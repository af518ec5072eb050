"""The twin of app.ts: a compute written in Python, and the shortest use of one of the library's."""

from typing import Any

import jsii
from aws_cdk import App, CfnResource, Size, Stack
from aws_cdk.aws_ec2 import Connections, SecurityGroup
from aws_cdk.aws_elasticloadbalancingv2_targets import IpTarget
from aws_cdk.aws_iam import Role, ServicePrincipal
from cdk_mlflow import (
    ArtifactStoreConfig,
    Compute,
    ComputeCapabilities,
    ComputeConfig,
    ComputeSizeCapabilities,
    ICompute,
    MlflowTrackingServer,
    Profile,
    SelfHostedBindOptions,
)
from constructs import Construct


@jsii.implements(ICompute)
class AcmeCompute:
    @property
    def capabilities(self) -> ComputeCapabilities:
        return ComputeCapabilities(
            display_name="Acme",
            size=ComputeSizeCapabilities(
                vcpus=2, memory=Size.gibibytes(8), replicas=1
            ),
        )

    def bind(
        self,
        scope: Construct,
        *,
        profile: Profile,
        artifact_store: ArtifactStoreConfig | dict[str, Any],
        self_hosted: SelfHostedBindOptions | dict[str, Any] | None = None,
    ) -> ComputeConfig:
        # The structs themselves arrive here; a dict is what a caller in Python may write instead.
        assert isinstance(artifact_store, ArtifactStoreConfig)
        assert isinstance(self_hosted, SelfHostedBindOptions)
        assert artifact_store.bucket
        server, size = self_hosted.server, self_hosted.size
        role = Role(scope, "Role", assumed_by=ServicePrincipal("ec2.amazonaws.com"))
        group = SecurityGroup(scope, "SecurityGroup", vpc=self_hosted.vpc)
        machine = CfnResource(
            scope,
            "Machine",
            type="Acme::Compute::Machine",
            properties={
                "Image": server.image_uri,
                "Arguments": server.serve_arguments,
                "Environment": server.environment,
                "Secrets": sorted(server.secrets),
                "Port": server.port,
                "StopSeconds": server.stop_timeout.to_seconds(),
                "MemoryMiB": size.memory.to_mebibytes(),
                "Vcpus": size.vcpus,
                "Profile": profile.value.lower(),
                "Bucket": artifact_store.bucket.bucket_name,
                "Names": self_hosted.endpoint.host_names,
                "RoleArn": role.role_arn,
            },
        )
        return ComputeConfig(
            grantee=role,
            connections=Connections(security_groups=[group]),
            load_balancer_target=IpTarget("10.0.0.10"),
            workloads=[machine],
        )


class Custom(Stack):
    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        MlflowTrackingServer(self, "Mlflow", compute=AcmeCompute())


class Ec2(Stack):
    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        MlflowTrackingServer(self, "Mlflow", compute=Compute.ec2())


app = App()
Custom(app, "Custom")
Ec2(app, "Ec2")
app.synth()
