# Which secrets there are; each is a JSON document. The cluster asks for them by these names
# (k8s/components/external-secrets), which a test compares.

locals {
  secret_prefix = "shiftdesk/${var.environment}"

  secrets = {
    database = {
      description = "URLs of Postgres: backend_url, scheduler_url (pooled), and for migrations backend_direct_url, scheduler_direct_url"
      rotate_days = 30
    }
    database-admin = {
      description = "Owner of the database, by its direct URL: url; makes roles, and sets the others' passwords"
      rotate_days = null
    }
    redis = {
      description = "The managed Redis, with search: url"
      rotate_days = null
    }
    service = {
      description = "What services prove themselves by: secret (a line each: signs, next, before); of the autoscaler scaling_tokens (a line each, what the back end takes) and scaling_token (one line, what KEDA sends)"
      rotate_days = 60
    }
    vendors = {
      description = "Keys of feeds and brokers: alpaca_key, alpaca_secret, …, by the names of the settings"
      rotate_days = null
    }
  }

  # By name, not by the module's output: what the rotation may do must not wait for what it rotates.
  secret_arns = {
    for name in keys(local.secrets) : name =>
    "arn:${data.aws_partition.current.partition}:secretsmanager:${local.region}:${local.account}:secret:${local.secret_prefix}/${name}-??????"
  }
}
