output "urls" {
  description = "Image → address of its repository, without a tag."
  value       = { for name, repository in aws_ecr_repository.this : name => repository.repository_url }
}

output "host" {
  description = "The registry's host, for `docker login`."
  value       = split("/", values(aws_ecr_repository.this)[0].repository_url)[0]
}
