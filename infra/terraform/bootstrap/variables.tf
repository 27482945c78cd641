variable "region" {
  description = "AWS region of the state and the registry."
  type        = string
  default     = "eu-central-1"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region is spelled like eu-central-1."
  }
}

variable "pull_accounts" {
  description = "Accounts of environments that live elsewhere, and pull these images."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for account in var.pull_accounts : can(regex("^[0-9]{12}$", account))])
    error_message = "An account is twelve digits."
  }
}
