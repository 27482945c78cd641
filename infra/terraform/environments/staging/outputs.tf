output "region" {
  description = "Region of the environment."
  value       = var.region
}

output "cluster_name" {
  description = "For `aws eks update-kubeconfig --name …`."
  value       = module.platform.cluster_name
}

output "nat_addresses" {
  description = "Addresses for the allow lists of Neon, Redis and brokers."
  value       = module.platform.nat_addresses
}

output "service_account_roles" {
  description = "Service account → role; the desk's own are in `site`, the controllers' go to their charts."
  value       = module.platform.service_account_roles
}

output "secret_names" {
  description = "Secret → its name in Secrets Manager."
  value       = module.platform.secret_names
}

output "site" {
  description = "What the Kubernetes overlay's site.env takes from here; names, certificate and release are its own."
  value       = module.platform.site
}

output "page" {
  description = "Where the page is, where its files go, and what is invalidated after."
  value       = module.platform.page
}

output "alarm_topic_arn" {
  description = "Topic of the alarms."
  value       = module.platform.alarm_topic_arn
}

output "prometheus_endpoint" {
  description = "Where the cluster's Prometheus writes to; null without a workspace."
  value       = module.platform.prometheus_endpoint
}

output "functions" {
  description = "Job → name of its function; empty before the first image."
  value       = module.platform.functions
}
