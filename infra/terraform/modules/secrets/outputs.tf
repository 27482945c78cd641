output "arns" {
  description = "Name → ARN of the secret."
  value       = { for name, secret in aws_secretsmanager_secret.this : name => secret.arn }
}

output "names" {
  description = "Name → its whole name in Secrets Manager: what External Secrets asks for."
  value       = { for name, secret in aws_secretsmanager_secret.this : name => secret.name }
}
