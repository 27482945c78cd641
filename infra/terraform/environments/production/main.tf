# Production: a NAT gateway a zone, nodes on demand for those who trade, spot for the surplus, data
# that outlives a mistaken destroy.

module "platform" {
  source = "../../modules/platform"

  environment         = "production"
  disposable          = false
  cidr                = "10.60.0.0/16"
  zones               = [for letter in ["a", "b", "c"] : "${var.region}${letter}"]
  nat                 = "per_zone"
  kubernetes_version  = "1.36"
  public_access_cidrs = var.public_access_cidrs
  access              = var.access
  addons              = var.addons
  page                = var.page
  functions_image     = var.functions_image
  feed                = var.feed.name
  feed_instruments    = var.feed.instruments
  alarm_emails        = var.alarm_emails
  managed_prometheus  = true
  monthly_budget_usd  = var.monthly_budget_usd
  log_retention_days  = 365

  node_groups = {
    # The back end, the plan, the market and the cluster's own controllers: one a zone at least.
    steady = {
      instance_types = ["m7i.xlarge", "m6i.xlarge"]
      min            = 3
      max            = 12
    }
    # AI pods that are always there.
    pods = {
      instance_types = ["m7i.2xlarge", "m6i.2xlarge", "m7a.2xlarge"]
      min            = 3
      max            = 60
    }
    # AI pods of the day's peak; a node that is taken away gives two minutes, and desks move.
    surge = {
      instance_types = ["m7i.2xlarge", "m6i.2xlarge", "m7a.2xlarge", "m6a.2xlarge"]
      capacity       = "SPOT"
      min            = 0
      max            = 60
    }
    # Only for the component gpu-learning; no node until a pod asks for one.
    gpu = {
      instance_types = ["g6.xlarge", "g5.xlarge"]
      capacity       = "SPOT"
      ami_type       = "AL2023_x86_64_NVIDIA"
      min            = 0
      max            = 4
      disk_gb        = 100
      taints         = [{ key = "nvidia.com/gpu", value = "true", effect = "NO_SCHEDULE" }]
    }
  }
}
