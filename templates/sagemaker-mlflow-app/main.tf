# Made by `npm run templates` from the constructs: change those, not this file.

locals {
  template = "${path.module}/template.json"
}

resource "aws_cloudformation_stack" "mlflow" {
  name          = var.stack_name
  template_body = file(local.template)
  capabilities  = ["CAPABILITY_IAM"]
  tags          = var.tags

  parameters = {
    MaintenanceWindow = var.maintenance_window
  }

  timeouts {
    create = "90m"
    update = "90m"
    delete = "90m"
  }
}
