# The intermittent jobs. They come with the first image: before it is pushed there is nothing to run.

locals {
  # Both are woken more often than there is work: the exchange's calendar says what is to be done.
  jobs = {
    prepare = {
      description = "Price history: files that arrived are imported, sessions that ended are fetched"
      handler     = "infra.functions.handlers.prepare"
      policy      = data.aws_iam_policy_document.prepare.json
      memory_mb   = 2048
      timeout     = 600
      # Two at once would write the same series over each other.
      concurrency = 1
      environment = {
        SHIFTDESK_HISTORY          = "s3://${local.bucket.history}/history"
        SHIFTDESK_INCOMING         = "s3://${local.bucket.history}"
        SHIFTDESK_FEED             = var.feed
        SHIFTDESK_FEED_INSTRUMENTS = var.feed_instruments
        SHIFTDESK_VENDOR_SECRET    = "${local.secret_prefix}/vendors"
      }
      schedules = { hourly = { expression = "rate(1 hour)", message = jsonencode({ job = "prepare" }) } }
    }
    analyse = {
      description = "A report on each session's bars: gaps, staleness, damage, moves that look like splits"
      handler     = "infra.functions.handlers.analyse"
      policy      = data.aws_iam_policy_document.analyse.json
      memory_mb   = 2048
      timeout     = 600
      concurrency = null
      environment = {
        SHIFTDESK_HISTORY = "s3://${local.bucket.history}/history"
        SHIFTDESK_REPORTS = "s3://${local.bucket.artifacts}/reports"
        SHIFTDESK_NAME    = local.name
      }
      schedules = { twice-a-day = { expression = "rate(6 hours)", message = jsonencode({ job = "analyse" }) } }
    }
  }

  functions = merge(
    {
      for name, job in local.jobs : name => {
        description     = job.description
        handler         = job.handler
        policy          = job.policy
        environment     = job.environment
        timeout_seconds = job.timeout
        memory_mb       = job.memory_mb
        concurrency     = job.concurrency
        queue           = { arn = module.queue[name].arn, dead_letter_arn = module.queue[name].dead_letter_arn }
        schedules       = job.schedules
      }
    },
    {
      rotation = {
        description = "New values for secrets that are rotated"
        handler     = "infra.functions.rotating.rotate"
        policy      = data.aws_iam_policy_document.rotate.json
        environment = { SHIFTDESK_ADMIN_SECRET = "${local.secret_prefix}/database-admin" }
        # A login that cannot be tried out is not handed on: it dials Neon from behind the NAT.
        timeout_seconds = 60
        memory_mb       = 256
        subnet_ids      = module.network.private_subnet_ids
        ports           = [443, 5432]
      }
    },
  )

  function_names = merge(module.functions[*].names...)
}

module "queue" {
  source   = "../queue"
  for_each = local.jobs

  name               = "${local.name}-${each.key}"
  visibility_seconds = 6 * each.value.timeout
  kms_key_arn        = module.data_key.key_arn
}

module "functions" {
  source = "../functions"
  count  = var.functions_image == null ? 0 : 1

  name               = local.name
  image              = var.functions_image
  functions          = local.functions
  vpc_id             = module.network.vpc_id
  data_kms_key_arn   = module.data_key.key_arn
  logs_kms_key_arn   = module.logs_key.key_arn
  log_retention_days = var.log_retention_days
}

data "aws_iam_policy_document" "prepare" {
  statement {
    sid       = "ListHistory"
    actions   = ["s3:ListBucket"]
    resources = [module.history.arn]
  }

  statement {
    sid       = "KeepHistory"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    resources = ["${module.history.arn}/*"]
  }

  statement {
    sid       = "VendorsKeys"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [local.secret_arns["vendors"]]
  }
}

data "aws_iam_policy_document" "analyse" {
  statement {
    sid       = "List"
    actions   = ["s3:ListBucket"]
    resources = [module.history.arn, module.artifacts.arn]
  }

  statement {
    sid       = "ReadHistory"
    actions   = ["s3:GetObject"]
    resources = ["${module.history.arn}/history/*"]
  }

  statement {
    sid       = "WriteReports"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    resources = ["${module.artifacts.arn}/reports/*"]
  }
}

data "aws_iam_policy_document" "rotate" {
  statement {
    sid = "Replace"
    actions = [
      "secretsmanager:DescribeSecret",
      "secretsmanager:GetSecretValue",
      "secretsmanager:PutSecretValue",
      "secretsmanager:UpdateSecretVersionStage",
    ]
    resources = [for name, secret in local.secrets : local.secret_arns[name] if secret.rotate_days != null]
  }

  statement {
    sid       = "Admin"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [local.secret_arns["database-admin"]]
  }
}
