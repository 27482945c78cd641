# An environment, composed: staging and production are this with other numbers.

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

data "aws_partition" "current" {}

# Where CloudFront's requests come from; AWS keeps it up to date.
data "aws_ec2_managed_prefix_list" "cloudfront" {
  name = "com.amazonaws.global.cloudfront.origin-facing"
}

locals {
  name    = "shiftdesk-${var.environment}"
  account = data.aws_caller_identity.current.account_id
  region  = data.aws_region.current.name
  # Buckets' names are the world's: the account makes them ours.
  bucket = { for purpose in ["history", "artifacts", "client", "logs"] : purpose => "${local.name}-${purpose}-${local.account}" }
}

module "data_key" {
  source = "../encryption"

  name          = "${local.name}-data"
  description   = "What ${local.name} stores: buckets, secrets, queues, topics, Kubernetes' secrets"
  deletion_days = var.disposable ? 7 : 30
  services = [
    "budgets.amazonaws.com",
    "cloudwatch.amazonaws.com",
    "scheduler.amazonaws.com",
    "sns.amazonaws.com",
    "sqs.amazonaws.com",
  ]
}

module "logs_key" {
  source = "../encryption"

  name          = "${local.name}-logs"
  description   = "What ${local.name} logs"
  deletion_days = var.disposable ? 7 : 30
  services      = ["logs.${local.region}.amazonaws.com"]
}

module "network" {
  source = "../network"

  name               = local.name
  cidr               = var.cidr
  zones              = var.zones
  nat                = var.nat
  kms_key_arn        = module.logs_key.key_arn
  log_retention_days = var.log_retention_days
}

module "cluster" {
  source = "../cluster"

  name                = local.name
  kubernetes_version  = var.kubernetes_version
  subnet_ids          = module.network.private_subnet_ids
  public_access_cidrs = var.public_access_cidrs
  access              = var.access
  addons              = var.addons
  node_groups         = var.node_groups
  data_kms_key_arn    = module.data_key.key_arn
  logs_kms_key_arn    = module.logs_key.key_arn
  log_retention_days  = var.log_retention_days
}

module "edge" {
  source = "../edge"

  name            = local.name
  bucket_name     = local.bucket.client
  log_bucket      = module.logs.name
  aliases         = var.page.aliases
  certificate_arn = var.page.certificate_arn
  api_domain      = var.page.api_domain
  web_acl_arn     = var.page.web_acl_arn
  countries       = var.page.countries
  price_class     = var.page.price_class
  viewer_rules    = var.page.viewer_rules
  force_destroy   = var.disposable
}

module "secrets" {
  source = "../secrets"

  prefix        = local.secret_prefix
  secrets       = local.secrets
  rotation      = var.functions_image == null ? null : { function_arn = module.functions[0].arns["rotation"] }
  kms_key_arn   = module.data_key.key_arn
  recovery_days = var.disposable ? 0 : 30
}

module "observability" {
  source = "../observability"

  name               = local.name
  emails             = var.alarm_emails
  dead_letter_queues = { for job, queue in module.queue : job => queue.dead_letter_name }
  functions          = local.function_names
  managed_prometheus = var.managed_prometheus
  monthly_budget_usd = var.monthly_budget_usd
  kms_key_arn        = module.data_key.key_arn
}
