variable "name" {
  description = "Name of the queue."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,70}$", var.name))
    error_message = "A queue's name is 3 to 71 lower-case letters, digits and hyphens, beginning with a letter."
  }
}

variable "visibility_seconds" {
  description = "How long a message is hidden while it is worked on; six times the function's time, as AWS advises."
  type        = number
  nullable    = false

  validation {
    condition     = var.visibility_seconds >= 0 && var.visibility_seconds <= 43200
    error_message = "SQS hides a message for 12 hours at most."
  }
}

variable "retention_seconds" {
  description = "How long a message waits to be handled."
  type        = number
  default     = 345600
  nullable    = false

  validation {
    condition     = var.retention_seconds >= 60 && var.retention_seconds <= 1209600
    error_message = "SQS keeps a message for a minute to 14 days."
  }
}

variable "attempts" {
  description = "How often a message is tried before it goes to the dead letters."
  type        = number
  default     = 4
  nullable    = false

  validation {
    condition     = var.attempts >= 1 && var.attempts <= 100
    error_message = "Try a message 1 to 100 times."
  }
}

variable "dead_letter_days" {
  description = "How long a dead letter is kept."
  type        = number
  default     = 14
  nullable    = false

  validation {
    condition     = var.dead_letter_days >= 1 && var.dead_letter_days <= 14
    error_message = "SQS keeps a message for 14 days at most."
  }
}

variable "kms_key_arn" {
  description = "Key that the messages are encrypted with."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.kms_key_arn, "arn:")
    error_message = "Give the key's ARN."
  }
}
