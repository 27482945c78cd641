mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
}

variables {
  prefix      = "shiftdesk/test"
  kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/data"

  secrets = {
    database = { description = "URLs of Postgres", rotate_days = 30 }
    redis    = { description = "URL of Redis" }
  }
}

run "places_without_values" {
  command = plan

  assert {
    condition     = aws_secretsmanager_secret.this["database"].name == "shiftdesk/test/database" && alltrue([for one in values(aws_secretsmanager_secret.this) : one.kms_key_id == var.kms_key_arn])
    error_message = "as the cluster asks for them, encrypted with our key"
  }

  assert {
    condition     = length(aws_secretsmanager_secret_rotation.this) == 0 && length(aws_lambda_permission.rotation) == 0
    error_message = "without a function nothing is rotated"
  }
}

run "rotated_where_it_says_so" {
  command = plan

  variables {
    rotation = { function_arn = "arn:aws:lambda:eu-central-1:111122223333:function:shiftdesk-test-rotation" }
  }

  assert {
    condition     = keys(aws_secretsmanager_secret_rotation.this) == ["database"] && aws_secretsmanager_secret_rotation.this["database"].rotation_rules[0].automatically_after_days == 30
    error_message = "the database's each month; Redis by hand"
  }

  assert {
    condition     = !aws_secretsmanager_secret_rotation.this["database"].rotate_immediately
    error_message = "not before there is a first value"
  }
}

run "a_rotation_that_never_comes_is_refused" {
  command = plan

  variables {
    secrets = { database = { description = "URLs of Postgres", rotate_days = 1000 } }
  }

  expect_failures = [var.secrets]
}
