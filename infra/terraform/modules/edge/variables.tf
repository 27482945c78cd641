variable "name" {
  description = "Name of the environment's resources, such as shiftdesk-staging."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "A name is 3 to 31 lower-case letters, digits and hyphens, beginning with a letter."
  }
}

variable "bucket_name" {
  description = "Bucket of the built web client."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "A bucket's name is 3 to 63 lower-case letters, digits and hyphens."
  }
}

variable "log_bucket" {
  description = "Bucket for access logs; it must accept ACLs, which CloudFront sets."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.log_bucket) >= 3
    error_message = "Give a bucket's name."
  }
}

variable "aliases" {
  description = "Names of the page, such as desk.example.com; none: CloudFront's own."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for alias in var.aliases : can(regex("^[a-z0-9.-]+\\.[a-z]{2,}$", alias))])
    error_message = "An alias is a host name."
  }
}

variable "certificate_arn" {
  description = "Certificate of the aliases, from ACM in us-east-1, where CloudFront looks."
  type        = string
  default     = null

  validation {
    condition     = var.certificate_arn == null || can(regex("^arn:[a-z-]+:acm:us-east-1:", var.certificate_arn))
    error_message = "CloudFront takes certificates from ACM in us-east-1 only."
  }

  validation {
    condition     = length(var.aliases) == 0 || var.certificate_arn != null
    error_message = "A page with names of its own needs their certificate."
  }
}

variable "api_domain" {
  description = "Host name of the back end's Ingress; null until there is one, and then /api is not served."
  type        = string
  default     = null

  validation {
    condition     = var.api_domain == null || can(regex("^[a-z0-9.-]+\\.[a-z]{2,}$", var.api_domain))
    error_message = "Give a host name without https://."
  }
}

variable "web_acl_arn" {
  description = "Web ACL (WAFv2, scope CLOUDFRONT) in front of the page; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.web_acl_arn == null || can(regex("^arn:[a-z-]+:wafv2:us-east-1:", var.web_acl_arn))
    error_message = "CloudFront takes web ACLs of us-east-1 only."
  }
}

variable "countries" {
  description = "Countries (ISO 3166, two letters) that may see the page; empty: all."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for country in var.countries : can(regex("^[A-Z]{2}$", country))])
    error_message = "A country is two capital letters."
  }
}

variable "price_class" {
  description = "How much of CloudFront's network is used."
  type        = string
  default     = "PriceClass_100"
  nullable    = false

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.price_class)
    error_message = "PriceClass_100, PriceClass_200 or PriceClass_All."
  }
}

variable "content_security_policy" {
  description = "What the page may load and open; the same as the back end's own (backend/middleware.py)."
  type        = string
  default     = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
  nullable    = false

  validation {
    condition     = startswith(var.content_security_policy, "default-src 'self'")
    error_message = "The policy begins with default-src 'self'."
  }
}

variable "viewer_rules" {
  description = "Whether CloudFront runs our function and sends our headers; off only where an imitation of AWS lacks both."
  type        = bool
  default     = true
  nullable    = false
}

variable "force_destroy" {
  description = "Whether `terraform destroy` deletes the client's files."
  type        = bool
  default     = false
  nullable    = false
}
