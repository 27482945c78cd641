variable "environment" {
  description = "Which one: `staging`, `production`, …; its resources are called shiftdesk-ENVIRONMENT."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,19}$", var.environment))
    error_message = "An environment is 2 to 20 lower-case letters, digits and hyphens, beginning with a letter."
  }
}

variable "disposable" {
  description = "Whether `terraform destroy` deletes data too; never in production."
  type        = bool
  default     = false
  nullable    = false
}

variable "cidr" {
  description = "Address range of the VPC."
  type        = string
  nullable    = false

  validation {
    condition     = can(cidrhost(var.cidr, 0))
    error_message = "Give an IPv4 range such as 10.40.0.0/16."
  }
}

variable "zones" {
  description = "The three availability zones."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(distinct(var.zones)) == 3 && length(var.zones) == 3
    error_message = "Name exactly three different zones."
  }
}

variable "nat" {
  description = "NAT gateways: `single` or `per_zone`."
  type        = string
  default     = "per_zone"
  nullable    = false

  validation {
    condition     = contains(["single", "per_zone"], var.nat)
    error_message = "NAT is either single or per_zone."
  }
}

variable "kubernetes_version" {
  description = "Minor version of Kubernetes, from 1.35 on."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^1\\.[0-9]{2}$", var.kubernetes_version))
    error_message = "Give a minor version such as 1.35."
  }
}

variable "public_access_cidrs" {
  description = "Address ranges from which the Kubernetes API can be reached; empty: only from within the VPC."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.public_access_cidrs : can(cidrhost(cidr, 0))])
    error_message = "Give address ranges."
  }
}

variable "access" {
  description = "Who may enter the cluster: name → principal, EKS access policy, namespaces (none: the cluster)."
  type = map(object({
    principal_arn = string
    policy        = string
    namespaces    = optional(list(string), [])
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for one in values(var.access) : startswith(one.principal_arn, "arn:")])
    error_message = "A principal is given by its ARN."
  }
}

variable "node_groups" {
  description = "Node groups, as the module `cluster` takes them."
  type = map(object({
    instance_types = list(string)
    capacity       = optional(string, "ON_DEMAND")
    ami_type       = optional(string, "AL2023_x86_64_STANDARD")
    min            = number
    max            = number
    disk_gb        = optional(number, 50)
    max_pods       = optional(number, 110)
    labels         = optional(map(string), {})
    taints = optional(list(object({
      key    = string
      value  = optional(string)
      effect = string
    })), [])
  }))
  nullable = false

  validation {
    condition     = length(var.node_groups) > 0
    error_message = "A cluster without nodes runs nothing."
  }
}

variable "addons" {
  description = "EKS addons; the default makes nodes dense (prefix delegation) and NetworkPolicies hold."
  type = map(object({
    version       = optional(string)
    configuration = optional(string)
  }))
  nullable = false

  default = {
    vpc-cni = {
      configuration = "{\"enableNetworkPolicy\":\"true\",\"env\":{\"ENABLE_PREFIX_DELEGATION\":\"true\",\"WARM_PREFIX_TARGET\":\"1\"}}"
    }
    coredns        = {}
    kube-proxy     = {}
    metrics-server = {}
  }

  validation {
    condition     = alltrue([for addon in values(var.addons) : addon.configuration == null || can(jsondecode(addon.configuration))])
    error_message = "An addon's configuration is a JSON document."
  }
}

variable "page" {
  description = "The web client's names, their certificate (us-east-1), the Ingress behind /api, a web ACL, who may see it, CloudFront's reach, and whether it runs our function."
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
  description = "Image of the jobs, by digest or immutable tag; null until it is pushed, and then there are no jobs."
  type        = string
  default     = null

  validation {
    condition     = var.functions_image == null || can(regex("(:[A-Za-z0-9._-]+|@sha256:[0-9a-f]{64})$", var.functions_image))
    error_message = "Give host/repository:tag or host/repository@sha256:…, or null."
  }
}

variable "feed" {
  description = "Vendor whose bars the preparation fetches: `alpaca` or `ccxt:EXCHANGE`; empty: files only."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.feed == "" || var.feed == "alpaca" || can(regex("^ccxt:[a-z0-9]+$", var.feed))
    error_message = "A feed is alpaca, ccxt:EXCHANGE, or empty."
  }
}

variable "feed_instruments" {
  description = "What is fetched, as the vendor names it: `AAPL,MSFT`."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.feed == "" || length(trimspace(var.feed_instruments)) > 0
    error_message = "A feed needs instruments."
  }
}

variable "alarm_emails" {
  description = "Who is told of alarms."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for email in var.alarm_emails : can(regex("@", email))])
    error_message = "Give e-mail addresses."
  }
}

variable "managed_prometheus" {
  description = "Whether there is an Amazon Managed Prometheus workspace."
  type        = bool
  default     = false
  nullable    = false
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

variable "log_retention_days" {
  description = "How long logs in CloudWatch are kept."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition     = var.log_retention_days >= 1
    error_message = "Keep logs for a day at least."
  }
}
