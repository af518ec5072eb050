package com.example;

import io.github.cdk_mlflow.Compute;
import io.github.cdk_mlflow.ComputeBindOptions;
import io.github.cdk_mlflow.ComputeCapabilities;
import io.github.cdk_mlflow.ComputeConfig;
import io.github.cdk_mlflow.ComputeSizeCapabilities;
import io.github.cdk_mlflow.ICompute;
import io.github.cdk_mlflow.MlflowTrackingServer;
import io.github.cdk_mlflow.SelfHostedBindOptions;
import io.github.cdk_mlflow.ServerDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import software.amazon.awscdk.App;
import software.amazon.awscdk.CfnResource;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ec2.Connections;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.elasticloadbalancingv2.targets.IpTarget;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.constructs.Construct;

/** The twin of app.ts: a compute written in Java, and the shortest use of one of the library's. */
public final class CustomCompute {
    static final class AcmeCompute implements ICompute {
        @Override
        public ComputeCapabilities getCapabilities() {
            return ComputeCapabilities.builder()
                .displayName("Acme")
                .size(ComputeSizeCapabilities.builder().vcpus(2).memory(Size.gibibytes(8)).replicas(1).build())
                .build();
        }

        @Override
        public ComputeConfig bind(Construct scope, ComputeBindOptions options) {
            SelfHostedBindOptions selfHosted = options.getSelfHosted();
            ServerDefinition server = selfHosted.getServer();
            Role role = Role.Builder.create(scope, "Role").assumedBy(new ServicePrincipal("ec2.amazonaws.com")).build();
            SecurityGroup group = SecurityGroup.Builder.create(scope, "SecurityGroup").vpc(selfHosted.getVpc()).build();

            Map<String, Object> properties = new LinkedHashMap<>();
            properties.put("Image", server.getImageUri());
            properties.put("Arguments", server.getServeArguments());
            properties.put("Environment", server.getEnvironment());
            properties.put("Secrets", new ArrayList<>(new TreeSet<>(server.getSecrets().keySet())));
            properties.put("Port", server.getPort());
            properties.put("StopSeconds", server.getStopTimeout().toSeconds());
            properties.put("MemoryMiB", selfHosted.getSize().getMemory().toMebibytes());
            properties.put("Vcpus", selfHosted.getSize().getVcpus());
            properties.put("Profile", options.getProfile().name().toLowerCase());
            properties.put("Bucket", options.getArtifactStore().getBucket().getBucketName());
            properties.put("Names", selfHosted.getEndpoint().getHostNames());
            properties.put("RoleArn", role.getRoleArn());
            CfnResource machine = CfnResource.Builder.create(scope, "Machine")
                .type("Acme::Compute::Machine")
                .properties(properties)
                .build();

            return ComputeConfig.builder()
                .grantee(role)
                .connections(Connections.Builder.create().securityGroups(List.of(group)).build())
                .loadBalancerTarget(new IpTarget("10.0.0.10"))
                .workloads(List.of(machine))
                .build();
        }
    }

    public static void main(String[] args) {
        App app = new App();
        MlflowTrackingServer.Builder.create(new Stack(app, "Custom"), "Mlflow").compute(new AcmeCompute()).build();
        MlflowTrackingServer.Builder.create(new Stack(app, "Ec2"), "Mlflow").compute(Compute.ec2()).build();
        app.synth();
    }
}
