variable "name" {
  description = "Name of the role."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,62}$", var.name))
    error_message = "A role's name is 3 to 63 lower-case letters, digits and hyphens, beginning with a letter."
  }
}

variable "oidc_provider_arn" {
  description = "The cluster's OIDC provider."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.oidc_provider_arn, "arn:")
    error_message = "Give the provider's ARN."
  }
}

variable "oidc_issuer" {
  description = "The cluster's issuer, without https://."
  type        = string
  nullable    = false

  validation {
    condition     = !startswith(var.oidc_issuer, "https://") && length(var.oidc_issuer) > 0
    error_message = "Give the issuer without https://."
  }
}

variable "namespace" {
  description = "Namespace of the service account."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.namespace))
    error_message = "A namespace is a DNS label."
  }
}

variable "service_account" {
  description = "Name of the service account."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.service_account))
    error_message = "A service account's name is a DNS label; no wildcards."
  }
}

variable "policy" {
  description = "What the role may do (JSON)."
  type        = string
  nullable    = false

  validation {
    condition     = can(jsondecode(var.policy))
    error_message = "A policy is a JSON document."
  }
}
