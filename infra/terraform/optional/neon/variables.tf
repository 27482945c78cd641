variable "environment" {
  description = "Which one: `staging`, `production`, …; its secrets exist already."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,19}$", var.environment))
    error_message = "An environment is 2 to 20 lower-case letters, digits and hyphens, beginning with a letter."
  }
}

variable "org_id" {
  description = "Neon's organisation; null for the account's own."
  type        = string
  default     = null

  validation {
    condition     = var.org_id == null || try(startswith(var.org_id, "org-"), false)
    error_message = "An organisation's id begins with org-."
  }
}

variable "region" {
  description = "AWS region, the desk's own; Neon must offer it."
  type        = string
  default     = "eu-central-1"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region is spelled like eu-central-1."
  }
}

variable "postgres_version" {
  description = "Major version of Postgres; 16 or newer, which lets the owner set other roles' passwords."
  type        = number
  default     = 17
  nullable    = false

  validation {
    condition     = var.postgres_version >= 16
    error_message = "Postgres 16 or newer."
  }
}

variable "restorable_days" {
  description = "How far back the database can be restored."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.restorable_days >= 1 && var.restorable_days <= 30
    error_message = "Neon keeps 1 to 30 days, by plan."
  }
}

variable "compute" {
  description = "Smallest and largest compute, in Neon's units (1: a core and 4 GB)."
  type = object({
    min = number
    max = number
  })
  default  = { min = 0.5, max = 4 }
  nullable = false

  validation {
    condition     = var.compute.min > 0 && var.compute.max >= var.compute.min
    error_message = "The largest is at least the smallest."
  }
}

variable "suspend" {
  description = "Whether the database sleeps when nobody asks; never where a desk trades."
  type        = bool
  default     = false
  nullable    = false
}

variable "allowed_addresses" {
  description = "Who may connect: the environment's nat_addresses (Neon's plan Scale); empty: anybody with the password."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for address in var.allowed_addresses : can(regex("^[0-9.]+(/[0-9]+)?$", address))])
    error_message = "Give IPv4 addresses or ranges."
  }
}

variable "password_version" {
  description = "Raise it to write the owner's URL into its secret again, as after a reset of the password."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.password_version >= 1
    error_message = "Versions begin at 1."
  }
}
