# Buckets: what the market was, what was learned, and who looked.

module "logs" {
  source = "../bucket"

  name          = local.bucket.logs
  accepts_acls  = true
  expire_days   = { "s3/" = 365, "cloudfront/" = 365 }
  policies      = [data.aws_iam_policy_document.access_logs.json]
  force_destroy = var.disposable
}

data "aws_iam_policy_document" "access_logs" {
  statement {
    sid       = "S3WritesAccessLogs"
    actions   = ["s3:PutObject"]
    resources = ["arn:${data.aws_partition.current.partition}:s3:::${local.bucket.logs}/*"]

    principals {
      type        = "Service"
      identifiers = ["logging.s3.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

# Parquet price history: incoming/ files wait to be imported, refused/ ones say why they were not.
module "history" {
  source = "../bucket"

  name                   = local.bucket.history
  kms_key_arn            = module.data_key.key_arn
  access_logs            = { bucket = module.logs.name }
  keep_old_versions_days = 30
  expire_days            = { "refused/" = 90, "imported/" = 90 }
  force_destroy          = var.disposable
}

# Policies, trials and reports. A policy is never overwritten; what is deleted can come back for a quarter.
module "artifacts" {
  source = "../bucket"

  name                   = local.bucket.artifacts
  kms_key_arn            = module.data_key.key_arn
  access_logs            = { bucket = module.logs.name }
  keep_old_versions_days = 90
  expire_days            = { "reports/" = 730 }
  force_destroy          = var.disposable
}
