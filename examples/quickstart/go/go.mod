module quickstart

go 1.25

require (
	github.com/aws/aws-cdk-go/awscdk/v2 v2.257.0
	github.com/aws/jsii-runtime-go v1.140.0
	// The release of cdk-mlflow to use.
	github.com/cdk-mlflow/cdk-mlflow-go/cdkmlflow v0.0.0
)
