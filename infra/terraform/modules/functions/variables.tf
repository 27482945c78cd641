variable "name" {
  description = "Name of the environment's resources, such as shiftdesk-staging."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "A name is 3 to 31 lower-case letters, digits and hyphens, beginning with a letter."
  }
}

variable "image" {
  description = "Image of all functions, by digest or by an immutable tag."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9./-]+(:[A-Za-z0-9._-]+|@sha256:[0-9a-f]{64})$", var.image)) && !endswith(var.image, ":latest")
    error_message = "Give host/repository:tag or host/repository@sha256:…; latest names nothing."
  }
}

variable "functions" {
  description = "Name → handler within the image, what it may do (JSON), its limits, its queue and what wakes it, and its place in the VPC with the TCP ports that it dials. A concurrency is reserved from the account's."
  type = map(object({
    description     = string
    handler         = string
    policy          = string
    environment     = optional(map(string), {})
    timeout_seconds = optional(number, 300)
    memory_mb       = optional(number, 1024)
    disk_mb         = optional(number, 512)
    concurrency     = optional(number)
    subnet_ids      = optional(list(string), [])
    ports           = optional(list(number), [443])
    queue = optional(object({
      arn             = string
      dead_letter_arn = string
    }))
    schedules = optional(map(object({
      expression = string
      timezone   = optional(string, "UTC")
      message    = string
    })), {})
  }))
  nullable = false

  validation {
    condition     = alltrue([for function in values(var.functions) : can(regex("^[a-z_]+(\\.[a-z_]+)+$", function.handler))])
    error_message = "A handler is a module and a function, such as infra.functions.handlers.prepare."
  }

  validation {
    condition     = alltrue([for function in values(var.functions) : can(jsondecode(function.policy))])
    error_message = "A policy is a JSON document."
  }

  validation {
    condition     = alltrue([for function in values(var.functions) : function.timeout_seconds >= 1 && function.timeout_seconds <= 900 && function.memory_mb >= 128 && function.memory_mb <= 10240])
    error_message = "Lambda gives a function 1 to 900 seconds, and 128 to 10240 MB."
  }

  validation {
    condition     = alltrue([for function in values(var.functions) : length(function.schedules) == 0 || function.queue != null])
    error_message = "A function with a schedule has a queue that the schedule writes to."
  }

  validation {
    condition = alltrue(flatten([
      for function in values(var.functions) : [
        for schedule in values(function.schedules) : can(jsondecode(schedule.message)) && can(regex("^(cron|rate)\\(", schedule.expression))
      ]
    ]))
    error_message = "A schedule is cron(…) or rate(…), and its message a JSON document."
  }
}

variable "vpc_id" {
  description = "VPC of the functions that name subnets."
  type        = string
  default     = null

  validation {
    condition     = var.vpc_id == null || try(startswith(var.vpc_id, "vpc-"), false)
    error_message = "A VPC's id begins with vpc-."
  }
}

variable "data_kms_key_arn" {
  description = "Key of queues, buckets, secrets and the functions' environment."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.data_kms_key_arn, "arn:")
    error_message = "Give the key's ARN."
  }
}

variable "logs_kms_key_arn" {
  description = "Key of the functions' logs."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.logs_kms_key_arn, "arn:")
    error_message = "Give the key's ARN."
  }
}

variable "log_retention_days" {
  description = "How long the functions' logs are kept."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096], var.log_retention_days)
    error_message = "CloudWatch Logs knows only certain numbers of days: 7, 30, 90, 180, 365, …"
  }
}
