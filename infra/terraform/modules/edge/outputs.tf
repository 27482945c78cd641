output "domain" {
  description = "CloudFront's name of the page: what the aliases point to."
  value       = aws_cloudfront_distribution.this.domain_name
}

output "distribution_id" {
  description = "For `aws cloudfront create-invalidation`."
  value       = aws_cloudfront_distribution.this.id
}

output "bucket" {
  description = "Where `npm run build`'s files go."
  value       = module.site.name
}
