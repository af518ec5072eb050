# Made by `npm run templates` from the constructs: change those, not this file.

variable "stack_name" {
  description = "The name of the CloudFormation stack: An Amazon SageMaker MLflow tracking server, with artifacts in S3"
  type        = string
  default     = "mlflow-sagemaker-tracking-server"
  nullable    = false
}

variable "tags" {
  description = "The tags of the stack and of what it defines"
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "server_size" {
  description = "Small is for up to 25 users, Medium for up to 50, Large for up to 100. Larger sizes have a higher hourly price"
  type        = string
  default     = "Small"
  nullable    = false

  validation {
    condition     = contains(["Small", "Medium", "Large"], var.server_size)
    error_message = "It must be one of Small, Medium, Large."
  }
}

variable "maintenance_window" {
  description = "The start of the weekly maintenance window of the server, in UTC, such as Sun:03:30. If it is empty, SageMaker chooses the window"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^((Mon|Tue|Wed|Thu|Fri|Sat|Sun):([01][0-9]|2[0-3]):[0-5][0-9])?$", var.maintenance_window))
    error_message = "It must match ^((Mon|Tue|Wed|Thu|Fri|Sat|Sun):([01][0-9]|2[0-3]):[0-5][0-9])?$."
  }
}
