variable "name" {
  description = "Alias of the key, without the prefix alias/."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9/-]{2,60}$", var.name))
    error_message = "An alias is 3 to 61 lower-case letters, digits, hyphens and slashes, beginning with a letter."
  }
}

variable "description" {
  description = "What the key encrypts, in words."
  type        = string
  nullable    = false

  validation {
    condition     = length(trimspace(var.description)) > 0
    error_message = "Say what the key is for."
  }
}

variable "services" {
  description = "Service principals that may encrypt and decrypt with the key, such as sqs.amazonaws.com."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for service in var.services : can(regex("\\.amazonaws\\.com(\\.cn)?$", service))])
    error_message = "A service principal ends in .amazonaws.com."
  }
}

variable "deletion_days" {
  description = "Days between the order to delete the key and its deletion; what it encrypted is lost then."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.deletion_days >= 7 && var.deletion_days <= 30
    error_message = "AWS allows 7 to 30 days."
  }
}
