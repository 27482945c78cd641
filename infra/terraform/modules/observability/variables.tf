variable "name" {
  description = "Name of the environment's resources, such as shiftdesk-staging."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "A name is 3 to 31 lower-case letters, digits and hyphens, beginning with a letter."
  }
}

variable "emails" {
  description = "Who is told of alarms; each confirms by a link that AWS sends."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for email in var.emails : can(regex("^[^@ ]+@[^@ ]+\\.[^@ ]+$", email))])
    error_message = "Give addresses such as desk-oncall@example.com."
  }
}

variable "dead_letter_queues" {
  description = "Job → name of its queue of dead letters."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for queue in values(var.dead_letter_queues) : length(queue) > 0])
    error_message = "A queue has a name."
  }
}

variable "functions" {
  description = "Job → name of its function; empty while there is none."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for function in values(var.functions) : length(function) > 0])
    error_message = "A function has a name."
  }
}

variable "managed_prometheus" {
  description = "Whether there is an Amazon Managed Prometheus workspace that the cluster's Prometheus writes to."
  type        = bool
  default     = false
  nullable    = false
}

variable "monthly_budget_usd" {
  description = "Money a month beyond which a forecast rings; null for no budget."
  type        = number
  default     = null

  validation {
    condition     = var.monthly_budget_usd == null || try(var.monthly_budget_usd > 0, false)
    error_message = "A budget is more than nothing."
  }
}

variable "kms_key_arn" {
  description = "Key of the topic and the workspace; CloudWatch and Budgets must be allowed to use it."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.kms_key_arn, "arn:")
    error_message = "Give the key's ARN."
  }
}
