variable "prefix" {
  description = "What the repositories' names begin with."
  type        = string
  default     = "shiftdesk"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}$", var.prefix))
    error_message = "A prefix is 2 to 31 lower-case letters, digits and hyphens."
  }
}

variable "repositories" {
  description = "One repository for each image."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.repositories) > 0 && alltrue([for name in var.repositories : can(regex("^[a-z][a-z0-9-]{1,40}$", name))])
    error_message = "Name at least one repository, in lower-case letters, digits and hyphens."
  }
}

variable "keep_images" {
  description = "How many tagged images of each repository are kept."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.keep_images >= 2 && var.keep_images <= 1000
    error_message = "Keep 2 to 1000: one that runs, and one to roll back to."
  }
}

variable "pull_accounts" {
  description = "Other AWS accounts that run these images."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for account in var.pull_accounts : can(regex("^[0-9]{12}$", account))])
    error_message = "An account is twelve digits."
  }
}

variable "kms_key_arn" {
  description = "Key that the images are encrypted with."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.kms_key_arn, "arn:")
    error_message = "Give the key's ARN."
  }
}

variable "force_delete" {
  description = "Whether `terraform destroy` deletes repositories that hold images."
  type        = bool
  default     = false
  nullable    = false
}
