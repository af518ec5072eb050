# Made by `npm run templates` from the constructs: change those, not this file.

variable "stack_name" {
  description = "The name of the CloudFormation stack: MLflow on Amazon ECS with EC2 instances behind an internal load balancer, with PostgreSQL on RDS and artifacts in S3"
  type        = string
  default     = "mlflow-ecs-on-ec2"
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
  description = "The ID of a VPC of yours, and below it two of its subnets of each kind, in different availability zones. Leave all of them empty for a new VPC. A later change replaces the database"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(vpc-([0-9a-f]{8}|[0-9a-f]{17}))?$", var.vpc_id))
    error_message = "It must match ^(vpc-([0-9a-f]{8}|[0-9a-f]{17}))?$."
  }
}

variable "private_subnet_a" {
  description = "A subnet of your VPC with a route to a NAT gateway; empty for a new VPC"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(subnet-([0-9a-f]{8}|[0-9a-f]{17}))?$", var.private_subnet_a))
    error_message = "It must match ^(subnet-([0-9a-f]{8}|[0-9a-f]{17}))?$."
  }
}

variable "private_subnet_b" {
  description = "A subnet of your VPC with a route to a NAT gateway; empty for a new VPC"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(subnet-([0-9a-f]{8}|[0-9a-f]{17}))?$", var.private_subnet_b))
    error_message = "It must match ^(subnet-([0-9a-f]{8}|[0-9a-f]{17}))?$."
  }
}

variable "allowed_cidr" {
  description = "The block of IPv4 addresses that may connect to the load balancer. The default is the address range of a new VPC; name that of your own VPC, or of a network that is joined to it"
  type        = string
  default     = "10.0.0.0/16"
  nullable    = false

  validation {
    condition     = can(regex("^([0-9]{1,3}\\.){3}[0-9]{1,3}/([89]|[12][0-9]|3[0-2])$", var.allowed_cidr))
    error_message = "It must match ^([0-9]{1,3}\\.){3}[0-9]{1,3}/([89]|[12][0-9]|3[0-2])$."
  }
}

variable "server_size" {
  description = "The CPU and memory of each server: Small 0.5 vCPU, 1 GiB on t4g.small; Medium 1 vCPU, 2 GiB on t4g.medium; Large 2 vCPU, 4 GiB on t4g.large; XLarge 4 vCPU, 8 GiB on t4g.xlarge"
  type        = string
  default     = "Small"
  nullable    = false

  validation {
    condition     = contains(["Small", "Medium", "Large", "XLarge"], var.server_size)
    error_message = "It must be one of Small, Medium, Large, XLarge."
  }
}

variable "replicas" {
  description = "More than one survive the failure of one"
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.replicas >= 1 && var.replicas <= 10 && floor(var.replicas) == var.replicas
    error_message = "It must be a whole number from 1 to 10."
  }
}

variable "mlflow_image" {
  description = "An image of MLflow's, with a version or a digest, in a registry that needs no sign-in. Empty: the official image of the release that the template is for, so that a newer template upgrades MLflow"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([A-Za-z0-9][A-Za-z0-9._:/-]*(:v?[0-9][A-Za-z0-9_.-]*|@sha256:[0-9a-f]{64}))?$", var.mlflow_image))
    error_message = "It must match ^([A-Za-z0-9][A-Za-z0-9._:/-]*(:v?[0-9][A-Za-z0-9_.-]*|@sha256:[0-9a-f]{64}))?$."
  }
}

variable "database_instance_type" {
  description = "The size of the database instance, without the \"db.\" that RDS writes before it"
  type        = string
  default     = "t4g.micro"
  nullable    = false

  validation {
    condition     = contains(["t4g.micro", "t4g.small", "t4g.medium", "m7g.large", "m7g.xlarge"], var.database_instance_type)
    error_message = "It must be one of t4g.micro, t4g.small, t4g.medium, m7g.large, m7g.xlarge."
  }
}

variable "database_standby" {
  description = "Whether a standby in a second availability zone takes over when the database fails"
  type        = bool
  default     = false
  nullable    = false
}

variable "backup_retention_days" {
  description = "For how many days automatic backups are kept"
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35 && floor(var.backup_retention_days) == var.backup_retention_days
    error_message = "It must be a whole number from 1 to 35."
  }
}

variable "database_deletion_protection" {
  description = "Whether the database refuses to be deleted. The stack cannot be deleted while it does"
  type        = bool
  default     = false
  nullable    = false
}

variable "load_balancer_deletion_protection" {
  description = "Whether the load balancer refuses to be deleted. The stack cannot be deleted while it does"
  type        = bool
  default     = false
  nullable    = false
}

variable "volume_size_gib" {
  description = "The disk of each instance in GiB. An upload is kept there while it is on its way to Amazon S3"
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.volume_size_gib >= 30 && var.volume_size_gib <= 16384 && floor(var.volume_size_gib) == var.volume_size_gib
    error_message = "It must be a whole number from 30 to 16384."
  }
}

variable "image_parameter" {
  description = "The name of the Systems Manager parameter with the ID of the machine image: Amazon Linux 2023 for Graviton with the agent of Amazon ECS. A newer image replaces the instances, one after the other, when the stack is updated"
  type        = string
  default     = "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id"
  nullable    = false
}
