# Made by `npm run templates` from the constructs: change those, not this file.

variable "stack_name" {
  description = "The name of the CloudFormation stack: MLflow on AWS Fargate behind an internal load balancer, with PostgreSQL on RDS and artifacts in S3"
  type        = string
  default     = "mlflow-fargate"
  nullable    = false
}

variable "tags" {
  description = "The tags of the stack and of what it defines"
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "template_bucket" {
  description = "The name of a bucket of yours in the region of the stack. The template is put there for CloudFormation, which takes no template of its length in a request"
  type        = string
  nullable    = false
}

variable "vpc_id" {
  description = "The ID of an existing VPC. Also specify two of its subnets of each kind, in different Availability Zones. Leave all of them empty to create a VPC. You cannot change the VPC later"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(vpc-([0-9a-f]{8}|[0-9a-f]{17}))?$", var.vpc_id))
    error_message = "It must match ^(vpc-([0-9a-f]{8}|[0-9a-f]{17}))?$."
  }
}

variable "private_subnet_a" {
  description = "A subnet of your VPC with a route to a NAT gateway. Leave empty to create a VPC"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(subnet-([0-9a-f]{8}|[0-9a-f]{17}))?$", var.private_subnet_a))
    error_message = "It must match ^(subnet-([0-9a-f]{8}|[0-9a-f]{17}))?$."
  }
}

variable "private_subnet_b" {
  description = "A subnet of your VPC with a route to a NAT gateway. Leave empty to create a VPC"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(subnet-([0-9a-f]{8}|[0-9a-f]{17}))?$", var.private_subnet_b))
    error_message = "It must match ^(subnet-([0-9a-f]{8}|[0-9a-f]{17}))?$."
  }
}

variable "allowed_cidr" {
  description = "The IPv4 CIDR block that can connect to the load balancer. The default is the CIDR block of a new VPC. If you use an existing VPC, specify its CIDR block or that of a connected network"
  type        = string
  default     = "10.0.0.0/16"
  nullable    = false

  validation {
    condition     = can(regex("^([0-9]{1,3}\\.){3}[0-9]{1,3}/([89]|[12][0-9]|3[0-2])$", var.allowed_cidr))
    error_message = "It must match ^([0-9]{1,3}\\.){3}[0-9]{1,3}/([89]|[12][0-9]|3[0-2])$."
  }
}

variable "server_size" {
  description = "The CPU and memory of each server: Small 0.5 vCPU, 1 GiB; Medium 1 vCPU, 2 GiB; Large 2 vCPU, 4 GiB; XLarge 4 vCPU, 8 GiB"
  type        = string
  default     = "Small"
  nullable    = false

  validation {
    condition     = contains(["Small", "Medium", "Large", "XLarge"], var.server_size)
    error_message = "It must be one of Small, Medium, Large, XLarge."
  }
}

variable "replicas" {
  description = "The number of servers. With more than one, the service survives the failure of one"
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.replicas >= 1 && var.replicas <= 10 && floor(var.replicas) == var.replicas
    error_message = "It must be a whole number from 1 to 10."
  }
}

variable "server_image" {
  description = "An MLflow image, with a version tag or a digest, in a registry that requires no credentials, not in private Amazon ECR. Empty: the official image of the release that the template is for, so that a newer template upgrades MLflow"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(([A-Za-z]|[0-9]{1,11}[A-Za-z._/-])[A-Za-z0-9._:/-]*(:v?[0-9][A-Za-z0-9_.-]*|@sha256:[0-9a-f]{64}))?$", var.server_image))
    error_message = "It must match ^(([A-Za-z]|[0-9]{1,11}[A-Za-z._/-])[A-Za-z0-9._:/-]*(:v?[0-9][A-Za-z0-9_.-]*|@sha256:[0-9a-f]{64}))?$."
  }
}

variable "database_instance_type" {
  description = "The DB instance class, without the prefix \"db.\""
  type        = string
  default     = "t4g.micro"
  nullable    = false

  validation {
    condition     = contains(["t4g.micro", "t4g.small", "t4g.medium", "m7g.large", "m7g.xlarge"], var.database_instance_type)
    error_message = "It must be one of t4g.micro, t4g.small, t4g.medium, m7g.large, m7g.xlarge."
  }
}

variable "database_standby" {
  description = "Whether to create a standby in a second Availability Zone for failover"
  type        = bool
  default     = false
  nullable    = false
}

variable "backup_retention_days" {
  description = "How long to keep automatic backups, in days"
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35 && floor(var.backup_retention_days) == var.backup_retention_days
    error_message = "It must be a whole number from 1 to 35."
  }
}

variable "database_deletion_protection" {
  description = "Whether the database is protected from deletion. You cannot delete the stack while it is protected"
  type        = bool
  default     = false
  nullable    = false
}

variable "load_balancer_deletion_protection" {
  description = "Whether the load balancer is protected from deletion. You cannot delete the stack while it is protected"
  type        = bool
  default     = false
  nullable    = false
}
