output "cluster_name" {
  description = "For `aws eks update-kubeconfig --name …`."
  value       = module.cluster.name
}

output "nat_addresses" {
  description = "Addresses for the allow lists of Neon, Redis and brokers."
  value       = module.network.nat_addresses
}

output "service_account_roles" {
  description = "Service account → role; the desk's own are in `site`, the controllers' go to their charts."
  value       = { for name, identity in module.identity : name => identity.role_arn }
}

output "secret_names" {
  description = "Secret → its name in Secrets Manager."
  value       = module.secrets.names
}

output "site" {
  description = "What the Kubernetes overlay's site.env takes from here; names, certificate and release are its own."
  value = {
    ENVIRONMENT     = var.environment
    EDGE_ADDRESSES  = data.aws_ec2_managed_prefix_list.cloudfront.id
    REGION          = local.region
    INGRESS_SUBNETS = join(",", module.network.public_subnet_ids)
    INGRESS_CIDR    = module.network.public_cidr
    ALARM_TOPIC     = module.observability.topic_arn
    ARTIFACTS       = "s3://${module.artifacts.name}/artifacts"
    HISTORY         = "s3://${module.history.name}/history"
    BACKEND_ROLE    = module.identity["backend"].role_arn
    AI_POD_ROLE     = module.identity["ai-pod"].role_arn
    MARKET_ROLE     = module.identity["market"].role_arn
    SECRETS_ROLE    = module.identity["external-secrets"].role_arn
  }
}

output "page" {
  description = "Where the page is, where its files go, and what is invalidated after."
  value = {
    domain          = module.edge.domain
    bucket          = module.edge.bucket
    distribution_id = module.edge.distribution_id
  }
}

output "alarm_topic_arn" {
  description = "Topic of the alarms."
  value       = module.observability.topic_arn
}

output "prometheus_endpoint" {
  description = "Where the cluster's Prometheus writes to; null without a workspace."
  value       = module.observability.prometheus_endpoint
}

output "functions" {
  description = "Job → name of its function; empty before the first image."
  value       = local.function_names
}
