output "state_bucket" {
  description = "For each environment's backend.hcl."
  value       = module.state.name
}

output "state_key" {
  description = "Alias of the key of the state, for backend.hcl."
  value       = module.key.alias
}

output "registry_host" {
  description = "For `docker login`."
  value       = module.registry.host
}

output "repositories" {
  description = "Image → address of its repository, without a tag."
  value       = module.registry.urls
}
