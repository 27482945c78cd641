output "topic_arn" {
  description = "Topic of the alarms; the cluster's Alertmanager may publish to it too."
  value       = aws_sns_topic.alarms.arn
}

output "prometheus_endpoint" {
  description = "Where the cluster's Prometheus writes to; null without a workspace."
  value       = one(aws_prometheus_workspace.this[*].prometheus_endpoint)
}

output "prometheus_arn" {
  description = "ARN of the workspace; null without one."
  value       = one(aws_prometheus_workspace.this[*].arn)
}
