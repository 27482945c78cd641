mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }

  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-central-1:111122223333:queue" }
  }
}

variables {
  name               = "shiftdesk-test-prepare"
  visibility_seconds = 3600
  kms_key_arn        = "arn:aws:kms:eu-central-1:111122223333:key/data"
}

run "what_fails_waits_with_the_dead_letters" {
  command = apply

  assert {
    condition     = jsondecode(aws_sqs_queue.this.redrive_policy).maxReceiveCount == 4 && jsondecode(aws_sqs_queue.this.redrive_policy).deadLetterTargetArn == aws_sqs_queue.dead.arn
    error_message = "four attempts"
  }

  assert {
    condition     = aws_sqs_queue.dead.message_retention_seconds == 1209600 && aws_sqs_queue.dead.kms_master_key_id == var.kms_key_arn
    error_message = "a fortnight, encrypted"
  }
}

run "hidden_longer_than_sqs_can_is_refused" {
  command = plan

  variables {
    visibility_seconds = 90000
  }

  expect_failures = [var.visibility_seconds]
}
