variable "region" {
  description = "AWS region of everything but CloudFront."
  type        = string
  default     = "eu-central-1"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region is spelled like eu-central-1."
  }
}

variable "access" {
  description = "Who may enter the cluster: name → principal, EKS access policy, namespaces (none: the cluster)."
  type = map(object({
    principal_arn = string
    policy        = string
    namespaces    = optional(list(string), [])
  }))
  nullable = false

  validation {
    condition     = alltrue([for one in values(var.access) : startswith(one.principal_arn, "arn:")])
    error_message = "A principal is given by its ARN."
  }
}

variable "public_access_cidrs" {
  description = "Address ranges from which the Kubernetes API can be reached; empty: only from within the VPC."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.public_access_cidrs : can(cidrhost(cidr, 0)) && cidr != "0.0.0.0/0"])
    error_message = "Give address ranges of your own, and never the whole world."
  }
}

variable "page" {
  description = "The web client's names, their certificate (us-east-1), the Ingress behind /api, a web ACL, and who may see it."
  type = object({
    aliases         = optional(list(string), [])
    certificate_arn = optional(string)
    api_domain      = optional(string)
    web_acl_arn     = optional(string)
    countries       = optional(list(string), [])
    price_class     = optional(string, "PriceClass_100")
    viewer_rules    = optional(bool, true)
  })
  default  = {}
  nullable = false

  validation {
    condition     = length(var.page.aliases) == 0 || var.page.certificate_arn != null
    error_message = "A page with names of its own needs their certificate."
  }
}

variable "functions_image" {
  description = "Image of the jobs, by digest or immutable tag; null until it is pushed."
  type        = string
  default     = null

  validation {
    condition     = var.functions_image == null || can(regex("(:[A-Za-z0-9._-]+|@sha256:[0-9a-f]{64})$", var.functions_image))
    error_message = "Give host/repository:tag or host/repository@sha256:…, or null."
  }
}

variable "feed" {
  description = "Vendor whose bars the preparation fetches, and which of its instruments; empty: files only."
  type = object({
    name        = string
    instruments = string
  })
  default  = { name = "", instruments = "" }
  nullable = false

  validation {
    condition     = var.feed.name == "" || var.feed.name == "alpaca" || can(regex("^ccxt:[a-z0-9]+$", var.feed.name))
    error_message = "A feed is alpaca, ccxt:EXCHANGE, or empty."
  }
}

variable "alarm_emails" {
  description = "Who is told of alarms."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.alarm_emails) > 0 && alltrue([for email in var.alarm_emails : can(regex("@", email))])
    error_message = "Somebody must be told: give e-mail addresses."
  }
}

variable "monthly_budget_usd" {
  description = "Money a month beyond which a forecast rings; null for none."
  type        = number
  default     = null

  validation {
    condition     = var.monthly_budget_usd == null || try(var.monthly_budget_usd > 0, false)
    error_message = "A budget is more than nothing."
  }
}

variable "addons" {
  description = "EKS addons in place of the platform's own choice; null for that."
  type = map(object({
    version       = optional(string)
    configuration = optional(string)
  }))
  default = null

  validation {
    condition     = var.addons == null || alltrue([for addon in values(coalesce(var.addons, {})) : addon.configuration == null || can(jsondecode(addon.configuration))])
    error_message = "An addon's configuration is a JSON document."
  }
}
