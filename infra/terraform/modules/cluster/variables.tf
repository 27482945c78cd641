variable "name" {
  description = "Name of the cluster, such as shiftdesk-staging."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "A name is 3 to 31 lower-case letters, digits and hyphens, beginning with a letter."
  }
}

variable "kubernetes_version" {
  description = "Minor version of Kubernetes. HPA tolerance, which scaling by one pod in ten needs, is beta from 1.35 on."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^1\\.[0-9]{2}$", var.kubernetes_version)) && try(tonumber(split(".", var.kubernetes_version)[1]), 0) >= 35
    error_message = "Give a minor version from 1.35 on: before, an HPA cannot be told to follow a change of one pod in ten."
  }
}

variable "subnet_ids" {
  description = "Private subnets of at least two zones, for the control plane's interfaces and the nodes."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "EKS needs subnets of at least two zones."
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

variable "access" {
  description = "Who may enter: name → IAM principal, an EKS access policy, and the namespaces it holds for (none: the cluster)."
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

  validation {
    condition     = alltrue([for one in values(var.access) : contains(["AmazonEKSClusterAdminPolicy", "AmazonEKSAdminPolicy", "AmazonEKSEditPolicy", "AmazonEKSViewPolicy"], one.policy)])
    error_message = "The policy is AmazonEKSClusterAdminPolicy, …AdminPolicy, …EditPolicy or …ViewPolicy."
  }
}

variable "addons" {
  description = "EKS addons: name → version (null: EKS's default) and configuration (JSON)."
  type = map(object({
    version       = optional(string)
    configuration = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for one in values(var.addons) : one.configuration == null || can(jsondecode(one.configuration))])
    error_message = "An addon's configuration is a JSON document."
  }
}

variable "node_groups" {
  description = "Node groups: name → machines, how they are bought, how many, how dense; labels and taints. Their desired size is the autoscaler's."
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
    condition     = alltrue([for group in values(var.node_groups) : contains(["ON_DEMAND", "SPOT"], group.capacity)])
    error_message = "Capacity is ON_DEMAND or SPOT."
  }

  validation {
    condition     = alltrue([for group in values(var.node_groups) : group.min >= 0 && group.max >= group.min && group.max >= 1])
    error_message = "A group's max is at least 1 and at least its min."
  }

  validation {
    condition     = alltrue([for group in values(var.node_groups) : group.max_pods >= 8 && group.max_pods <= 250 && length(group.instance_types) > 0])
    error_message = "A group names its instance types, and holds 8 to 250 pods a node."
  }

  validation {
    condition     = anytrue([for group in values(var.node_groups) : group.capacity == "ON_DEMAND" && group.min >= 2 && length(group.taints) == 0])
    error_message = "One group without taints is on demand and has at least two nodes: the back end and the cluster's own services live there."
  }

  validation {
    condition = alltrue(flatten([
      for group in values(var.node_groups) : [
        for taint in group.taints : contains(["NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"], taint.effect)
      ]
    ]))
    error_message = "A taint's effect is NO_SCHEDULE, NO_EXECUTE or PREFER_NO_SCHEDULE."
  }
}

variable "data_kms_key_arn" {
  description = "Key that Kubernetes' secrets are encrypted with in etcd."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.data_kms_key_arn, "arn:")
    error_message = "Give the key's ARN."
  }
}

variable "logs_kms_key_arn" {
  description = "Key that the control plane's logs are encrypted with."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.logs_kms_key_arn, "arn:")
    error_message = "Give the key's ARN."
  }
}

variable "log_retention_days" {
  description = "How long the control plane's logs, the audit among them, are kept."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096], var.log_retention_days)
    error_message = "CloudWatch Logs knows only certain numbers of days: 7, 30, 90, 180, 365, …"
  }
}
