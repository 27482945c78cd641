mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

variables {
  name        = "shiftdesk-test-data"
  description = "What a test stores"
}

run "the_key_rotates" {
  command = plan

  assert {
    condition     = aws_kms_key.this.enable_key_rotation && aws_kms_key.this.deletion_window_in_days == 30
    error_message = "rotated each year, and deleted a month after the order"
  }

  assert {
    condition     = length(data.aws_iam_policy_document.this.statement) == 1
    error_message = "without services only the account decides"
  }
}

run "services_get_a_statement_of_their_own" {
  command = plan

  variables {
    services = ["sqs.amazonaws.com"]
  }

  assert {
    condition     = length(data.aws_iam_policy_document.this.statement) == 2 && !contains(data.aws_iam_policy_document.this.statement[1].actions, "kms:*")
    error_message = "services encrypt and decrypt, and do not administer"
  }
}

run "a_service_is_a_principal" {
  command = plan

  variables {
    services = ["*"]
  }

  expect_failures = [var.services]
}
