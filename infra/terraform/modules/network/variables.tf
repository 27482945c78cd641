variable "name" {
  description = "Name of the environment's resources, such as shiftdesk-staging; also the EKS cluster's."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "A name is 3 to 31 lower-case letters, digits and hyphens, beginning with a letter."
  }
}

variable "cidr" {
  description = "Address range of the VPC; eighths of it become the private subnets."
  type        = string
  nullable    = false

  validation {
    condition     = can(cidrhost(var.cidr, 0)) && try(tonumber(split("/", var.cidr)[1]), 99) <= 18 && try(tonumber(split("/", var.cidr)[1]), 0) >= 16
    error_message = "Give an IPv4 range of /16 to /18: smaller ones leave too few addresses for pods."
  }
}

variable "zones" {
  description = "The three availability zones, such as eu-central-1a; the first holds a single NAT gateway."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(distinct(var.zones)) == 3 && length(var.zones) == 3
    error_message = "Name exactly three different zones."
  }
}

variable "nat" {
  description = "NAT gateways: `single` is cheaper and ends with its zone, `per_zone` survives one."
  type        = string
  default     = "per_zone"
  nullable    = false

  validation {
    condition     = contains(["single", "per_zone"], var.nat)
    error_message = "NAT is either single or per_zone."
  }
}

variable "kms_key_arn" {
  description = "Key that the flow logs are encrypted with; CloudWatch Logs must be allowed to use it."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.kms_key_arn, "arn:")
    error_message = "Give the key's ARN."
  }
}

variable "log_retention_days" {
  description = "How long the flow logs are kept."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096], var.log_retention_days)
    error_message = "CloudWatch Logs knows only certain numbers of days: 7, 30, 90, 180, 365, …"
  }
}
