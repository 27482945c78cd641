output "project_id" {
  description = "Neon's project, for restores."
  value       = neon_project.this.id
}

output "branch_id" {
  description = "The main branch."
  value       = neon_project.this.default_branch_id
}

output "host" {
  description = "Host of direct connections: migrations, roles."
  value       = neon_project.this.database_host
}

output "pooled_host" {
  description = "Host of pooled connections: the services."
  value       = neon_project.this.database_host_pooler
}
