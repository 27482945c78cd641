output "name" {
  description = "Name of the bucket, told once all its settings are there: logs are only taken by its policy."
  value       = aws_s3_bucket.this.bucket

  depends_on = [
    aws_s3_bucket_policy.this,
    aws_s3_bucket_public_access_block.this,
    aws_s3_bucket_ownership_controls.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
  ]
}

output "arn" {
  description = "ARN of the bucket."
  value       = aws_s3_bucket.this.arn
}

output "regional_domain_name" {
  description = "Host name by which CloudFront reads the bucket."
  value       = aws_s3_bucket.this.bucket_regional_domain_name
}
