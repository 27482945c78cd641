# Staging: the same as production, smaller, on one NAT gateway, and gone when it is destroyed.

module "platform" {
  source = "../../modules/platform"

  environment         = "staging"
  disposable          = true
  cidr                = "10.40.0.0/16"
  zones               = [for letter in ["a", "b", "c"] : "${var.region}${letter}"]
  nat                 = "single"
  kubernetes_version  = "1.36"
  public_access_cidrs = var.public_access_cidrs
  access              = var.access
  addons              = var.addons
  page                = var.page
  functions_image     = var.functions_image
  feed                = var.feed.name
  feed_instruments    = var.feed.instruments
  alarm_emails        = var.alarm_emails
  monthly_budget_usd  = var.monthly_budget_usd
  log_retention_days  = 365

  node_groups = {
    # The back end, the plan, the market and the cluster's own controllers.
    steady = {
      instance_types = ["m7i.large", "m6i.large"]
      min            = 2
      max            = 4
    }
    # AI pods: a pod that must go is emptied first, so half the price is worth a move.
    pods = {
      instance_types = ["m7i.xlarge", "m6i.xlarge", "m7a.xlarge", "m6a.xlarge"]
      capacity       = "SPOT"
      min            = 0
      max            = 4
    }
  }
}
