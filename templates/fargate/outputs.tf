# Made by `npm run templates` from the constructs: change those, not this file.

output "stack_id" {
  description = "The ID of the CloudFormation stack"
  value       = aws_cloudformation_stack.mlflow.id
}

output "tracking_uri" {
  description = "The address for MLflow clients"
  value       = aws_cloudformation_stack.mlflow.outputs["TrackingUri"]
}

output "credentials_secret" {
  description = "The secret with the user name and password of the MLflow administrator"
  value       = aws_cloudformation_stack.mlflow.outputs["CredentialsSecret"]
}

output "client_policy" {
  description = "The ARN of the policy with the permissions of a client"
  value       = aws_cloudformation_stack.mlflow.outputs["ClientPolicy"]
}
