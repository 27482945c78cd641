variable "name" {
  description = "Name of the bucket; unique in the whole world."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "A bucket's name is 3 to 63 lower-case letters, digits and hyphens."
  }
}

variable "kms_key_arn" {
  description = "Key for its objects; null for S3's own, where a service that cannot use ours writes."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || try(startswith(var.kms_key_arn, "arn:"), false)
    error_message = "Give the key's ARN, or null."
  }
}

variable "accepts_acls" {
  description = "Whether writers may set ACLs, as CloudFront's access logs do."
  type        = bool
  default     = false
  nullable    = false
}

variable "keep_old_versions_days" {
  description = "How long a replaced or deleted object can be brought back."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.keep_old_versions_days >= 1 && var.keep_old_versions_days <= 3650
    error_message = "Keep old versions for 1 to 3650 days."
  }
}

variable "expire_days" {
  description = "Prefix → days after which its objects end."
  type        = map(number)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for days in values(var.expire_days) : days >= 1 && floor(days) == days])
    error_message = "Days are whole numbers from 1 on."
  }
}

variable "access_logs" {
  description = "Bucket for access logs; null where this is the one that takes them."
  type        = object({ bucket = string })
  default     = null

  validation {
    condition     = var.access_logs == null || try(length(var.access_logs.bucket) >= 3, false)
    error_message = "Give a bucket's name, or null."
  }
}

variable "policies" {
  description = "Policy documents (JSON) that are added to the bucket's own."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for policy in var.policies : can(jsondecode(policy))])
    error_message = "A policy is a JSON document."
  }
}

variable "force_destroy" {
  description = "Whether `terraform destroy` deletes what the bucket holds; never in production."
  type        = bool
  default     = false
  nullable    = false
}
