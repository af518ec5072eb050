# Made by `npm run templates` from the constructs: change those, not this file.

locals {
  template = "${path.module}/template.json"
}

data "aws_s3_bucket" "templates" {
  bucket = var.template_bucket
}

resource "aws_s3_object" "template" {
  bucket = data.aws_s3_bucket.templates.id
  key    = "${var.stack_name}/${filesha256(local.template)}.json"
  source = local.template
}

resource "aws_cloudformation_stack" "mlflow" {
  name         = var.stack_name
  template_url = "https://${data.aws_s3_bucket.templates.bucket_regional_domain_name}/${aws_s3_object.template.key}"
  capabilities = ["CAPABILITY_IAM"]
  tags         = var.tags

  parameters = {
    VpcId                          = var.vpc_id
    PrivateSubnetA                 = var.private_subnet_a
    PrivateSubnetB                 = var.private_subnet_b
    AllowedCidr                    = var.allowed_cidr
    ServerSize                     = var.server_size
    Replicas                       = var.replicas
    ServerImage                    = var.server_image
    DatabaseInstanceType           = var.database_instance_type
    DatabaseStandby                = var.database_standby
    BackupRetentionDays            = var.backup_retention_days
    DatabaseDeletionProtection     = var.database_deletion_protection
    LoadBalancerDeletionProtection = var.load_balancer_deletion_protection
  }

  timeouts {
    create = "90m"
    update = "90m"
    delete = "90m"
  }
}
