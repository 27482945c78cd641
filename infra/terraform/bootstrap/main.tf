# What must be there before any environment: the bucket of Terraform's state, and the registry, since
# an image that staging has tried is the very one that production runs.

data "aws_caller_identity" "current" {}

module "key" {
  source = "../modules/encryption"

  name        = "shiftdesk-state"
  description = "Terraform's state, and the images"
}

module "logs" {
  source = "../modules/bucket"

  name        = "shiftdesk-state-logs-${data.aws_caller_identity.current.account_id}"
  expire_days = { "s3/" = 365 }
  policies    = [data.aws_iam_policy_document.access_logs.json]
}

data "aws_partition" "current" {}

data "aws_iam_policy_document" "access_logs" {
  statement {
    sid       = "S3WritesAccessLogs"
    actions   = ["s3:PutObject"]
    resources = ["arn:${data.aws_partition.current.partition}:s3:::shiftdesk-state-logs-${data.aws_caller_identity.current.account_id}/*"]

    principals {
      type        = "Service"
      identifiers = ["logging.s3.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

module "state" {
  source = "../modules/bucket"

  name                   = "shiftdesk-state-${data.aws_caller_identity.current.account_id}"
  kms_key_arn            = module.key.key_arn
  access_logs            = { bucket = module.logs.name }
  keep_old_versions_days = 365
}

module "registry" {
  source = "../modules/registry"

  repositories  = ["frontend", "backend", "scheduler", "ai-pod", "ai-pod-cuda", "market", "functions"]
  pull_accounts = var.pull_accounts
  kms_key_arn   = module.key.key_arn
}
