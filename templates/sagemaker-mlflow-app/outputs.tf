# Made by `npm run templates` from the constructs: change those, not this file.

output "stack_id" {
  description = "The ID of the CloudFormation stack"
  value       = aws_cloudformation_stack.mlflow.id
}

output "tracking_uri" {
  description = "The address for MLflow clients"
  value       = aws_cloudformation_stack.mlflow.outputs["TrackingUri"]
}

output "pip_install" {
  description = "Installs the packages that MLflow clients need"
  value       = aws_cloudformation_stack.mlflow.outputs["PipInstall"]
}

output "region" {
  description = "The Region for MLflow clients"
  value       = aws_cloudformation_stack.mlflow.outputs["Region"]
}

output "ui_policy" {
  description = "The ARN of the policy with the permissions to open the UI"
  value       = aws_cloudformation_stack.mlflow.outputs["UiPolicy"]
}

output "client_policy" {
  description = "The ARN of the policy with the permissions of a client"
  value       = aws_cloudformation_stack.mlflow.outputs["ClientPolicy"]
}
