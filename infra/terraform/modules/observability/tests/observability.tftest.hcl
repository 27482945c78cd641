mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }

  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:eu-central-1:111122223333:shiftdesk-test-alarms" }
  }
}

variables {
  name               = "shiftdesk-test"
  kms_key_arn        = "arn:aws:kms:eu-central-1:111122223333:key/data"
  emails             = ["desk-oncall@example.com"]
  dead_letter_queues = { prepare = "shiftdesk-test-prepare-dead" }
}

run "before_there_are_functions" {
  command = plan

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.history) == 0 && length(aws_prometheus_workspace.this) == 0 && length(aws_budgets_budget.month) == 0
    error_message = "nothing rings for what is not there"
  }
}

run "all_of_it" {
  command = apply

  variables {
    functions          = { prepare = "shiftdesk-test-prepare" }
    managed_prometheus = true
    monthly_budget_usd = 500
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.dead_letters["prepare"].alarm_actions == toset([aws_sns_topic.alarms.arn]) && aws_cloudwatch_metric_alarm.dead_letters["prepare"].threshold == 0
    error_message = "a single dead letter rings"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.history[0].treat_missing_data == "breaching"
    error_message = "an analysis that does not run rings too"
  }

  assert {
    condition     = aws_budgets_budget.month[0].limit_amount == "500"
    error_message = "the month's money"
  }
}

run "an_address_that_is_none_is_refused" {
  command = plan

  variables {
    emails = ["on call"]
  }

  expect_failures = [var.emails]
}
