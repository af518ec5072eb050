package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk-mlflow/cdk-mlflow-go/cdkmlflow"
)

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Quickstart"), nil)
	cdkmlflow.NewMlflowTrackingServer(stack, jsii.String("Mlflow"), nil)
	app.Synth(nil)
}
