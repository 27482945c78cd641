variable "prefix" {
  description = "What the secrets' names begin with, such as shiftdesk/staging."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*(/[a-z][a-z0-9-]*)*$", var.prefix))
    error_message = "A prefix is lower-case letters, digits and hyphens, with slashes between."
  }
}

variable "secrets" {
  description = "Name → what it is, and after how many days the rotation function replaces it (null: by hand)."
  type = map(object({
    description = string
    rotate_days = optional(number)
  }))
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.secrets) : can(regex("^[a-z][a-z0-9-]{1,40}$", name))])
    error_message = "A secret's name is lower-case letters, digits and hyphens."
  }

  validation {
    condition     = alltrue([for secret in values(var.secrets) : secret.rotate_days == null || try(secret.rotate_days >= 1 && secret.rotate_days <= 365, false)])
    error_message = "A secret is rotated every 1 to 365 days."
  }
}

variable "rotation" {
  description = "The function that replaces values; null while there is none, and then nothing is rotated."
  type        = object({ function_arn = string })
  default     = null

  validation {
    condition     = var.rotation == null || can(regex("^arn:[a-z-]+:lambda:", var.rotation.function_arn))
    error_message = "Give the function's ARN, or null."
  }
}

variable "kms_key_arn" {
  description = "Key that the secrets are encrypted with."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.kms_key_arn, "arn:")
    error_message = "Give the key's ARN."
  }
}

variable "recovery_days" {
  description = "Days in which a deleted secret can be brought back; 0 deletes at once, and frees the name."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.recovery_days == 0 || (var.recovery_days >= 7 && var.recovery_days <= 30)
    error_message = "0, or 7 to 30 days."
  }
}
