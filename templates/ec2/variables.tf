# Made by `npm run templates` from the constructs: change those, not this file.

variable "stack_name" {
  description = "The name of the CloudFormation stack: MLflow on one Amazon EC2 instance with an address of its own, with PostgreSQL on RDS and artifacts in S3"
  type        = string
  default     = "mlflow-ec2"
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

variable "public_subnet_a" {
  description = "A subnet of your VPC with a route to an internet gateway; empty for a new VPC"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(subnet-([0-9a-f]{8}|[0-9a-f]{17}))?$", var.public_subnet_a))
    error_message = "It must match ^(subnet-([0-9a-f]{8}|[0-9a-f]{17}))?$."
  }
}

variable "public_subnet_b" {
  description = "A subnet of your VPC with a route to an internet gateway; empty for a new VPC"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(subnet-([0-9a-f]{8}|[0-9a-f]{17}))?$", var.public_subnet_b))
    error_message = "It must match ^(subnet-([0-9a-f]{8}|[0-9a-f]{17}))?$."
  }
}

variable "private_subnet_a" {
  description = "A subnet of your VPC for the database; empty for a new VPC"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(subnet-([0-9a-f]{8}|[0-9a-f]{17}))?$", var.private_subnet_a))
    error_message = "It must match ^(subnet-([0-9a-f]{8}|[0-9a-f]{17}))?$."
  }
}

variable "private_subnet_b" {
  description = "A subnet of your VPC for the database; empty for a new VPC"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(subnet-([0-9a-f]{8}|[0-9a-f]{17}))?$", var.private_subnet_b))
    error_message = "It must match ^(subnet-([0-9a-f]{8}|[0-9a-f]{17}))?$."
  }
}

variable "allowed_cidr" {
  description = "The block of IPv4 addresses that may connect to the server over plain HTTP, such as 203.0.113.7/32 for one address. https://checkip.amazonaws.com tells yours"
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([0-9]{1,3}\\.){3}[0-9]{1,3}/([89]|[12][0-9]|3[0-2])$", var.allowed_cidr))
    error_message = "It must match ^([0-9]{1,3}\\.){3}[0-9]{1,3}/([89]|[12][0-9]|3[0-2])$."
  }
}

variable "volume_size_gib" {
  description = "The disk of the instance in GiB. An upload is kept there while it is on its way to Amazon S3"
  type        = number
  default     = 20
  nullable    = false

  validation {
    condition     = var.volume_size_gib >= 10 && var.volume_size_gib <= 16384 && floor(var.volume_size_gib) == var.volume_size_gib
    error_message = "It must be a whole number from 10 to 16384."
  }
}

variable "image_parameter" {
  description = "The name of the Systems Manager parameter with the ID of the machine image: Amazon Linux 2023 for Graviton. A newer image replaces the instance when the stack is updated"
  type        = string
  default     = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
  nullable    = false
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
