package com.example;

import io.github.cdk_mlflow.MlflowTrackingServer;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;

public final class Quickstart {
    public static void main(String[] args) {
        App app = new App();
        Stack stack = new Stack(app, "Quickstart");
        new MlflowTrackingServer(stack, "Mlflow");
        app.synth();
    }
}
