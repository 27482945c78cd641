mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

variables {
  name = "shiftdesk-test-history"
}

run "nobody_outside_reads_it" {
  command = plan

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls,
      aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls,
      aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "public access is blocked four ways"
  }

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "what is overwritten can be brought back"
  }

  assert {
    condition     = anytrue([for statement in data.aws_iam_policy_document.this.statement : statement.effect == "Deny" && statement.sid == "TlsOnly"])
    error_message = "TLS only"
  }

  assert {
    condition     = !aws_s3_bucket.this.force_destroy && length(aws_s3_bucket_logging.this) == 0
    error_message = "data outlives a destroy, and a bucket without a place for logs writes none"
  }
}

run "encrypted_with_our_key_and_logged" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/data"
    access_logs = { bucket = "shiftdesk-test-logs" }
    expire_days = { "refused/" = 90 }
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "aws:kms"
    error_message = "our key"
  }

  assert {
    condition     = aws_s3_bucket_logging.this[0].target_prefix == "s3/shiftdesk-test-history/"
    error_message = "access is logged under the bucket's name"
  }

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.this.rule) == 2
    error_message = "leftovers, and the prefix that expires"
  }
}

run "a_policy_is_json" {
  command = plan

  variables {
    policies = ["allow everything"]
  }

  expect_failures = [var.policies]
}
