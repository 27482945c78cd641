# Postgres at Neon: one project an environment, its main branch protected, restorable to any second
# of the retention, reachable from the desk's NAT addresses alone.

resource "neon_project" "this" {
  name                      = "shiftdesk-${var.environment}"
  org_id                    = var.org_id
  region_id                 = "aws-${var.region}"
  pg_version                = var.postgres_version
  history_retention_seconds = var.restorable_days * 86400

  default_branch_protected            = true
  allowed_ips                         = var.allowed_addresses
  allowed_ips_protected_branches_only = length(var.allowed_addresses) > 0 ? "yes" : null

  branch {
    name          = "main"
    database_name = "shiftdesk"
    role_name     = "shiftdesk_owner"
  }

  primary_compute {
    autoscaling_limit_min_cu = var.compute.min
    autoscaling_limit_max_cu = var.compute.max
    # A desk that trades cannot wait for its database to wake.
    suspend_timeout_seconds = var.suspend ? 300 : -1
  }

  lifecycle {
    prevent_destroy = true
  }
}

# The owner's direct URL, for roles and rotation. The services' own roles are made by SQL
# (docs/runbooks/install.md): those made through Neon's API would each be as mighty as this one.
resource "aws_secretsmanager_secret_version" "admin" {
  secret_id                = "shiftdesk/${var.environment}/database-admin"
  secret_string_wo         = jsonencode({ url = neon_project.this.connection_uri })
  secret_string_wo_version = var.password_version
}
