mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

variables {
  name             = "shiftdesk-test"
  image            = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/shiftdesk/functions:1"
  vpc_id           = "vpc-1"
  data_kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/data"
  logs_kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/logs"

  functions = {
    prepare = {
      description = "Prepares"
      handler     = "infra.functions.handlers.prepare"
      policy      = "{}"
      concurrency = 1
      queue       = { arn = "arn:aws:sqs:eu-central-1:111122223333:prepare", dead_letter_arn = "arn:aws:sqs:eu-central-1:111122223333:prepare-dead" }
      schedules   = { hourly = { expression = "rate(1 hour)", message = "{\"job\":\"prepare\"}" } }
    }
    rotation = {
      description = "Rotates"
      handler     = "infra.functions.rotating.rotate"
      policy      = "{}"
      subnet_ids  = ["subnet-a"]
      ports       = [443, 5432]
    }
  }
}

run "schedule_queue_function" {
  command = plan

  assert {
    condition     = aws_scheduler_schedule.this["prepare-hourly"].target[0].arn == var.functions.prepare.queue.arn && aws_scheduler_schedule.this["prepare-hourly"].target[0].dead_letter_config[0].arn == var.functions.prepare.queue.dead_letter_arn
    error_message = "a schedule writes to the queue, or to its dead letters"
  }

  assert {
    condition     = keys(aws_lambda_event_source_mapping.this) == ["prepare"] && aws_lambda_event_source_mapping.this["prepare"].function_response_types == toset(["ReportBatchItemFailures"])
    error_message = "the function reads its queue, and says which message failed"
  }

  assert {
    condition     = aws_lambda_function.this["prepare"].image_config[0].command == tolist(["infra.functions.handlers.prepare"]) && aws_lambda_function.this["prepare"].reserved_concurrent_executions == 1 && aws_lambda_function.this["rotation"].reserved_concurrent_executions == null
    error_message = "one image, one handler each, and one run at a time where that is asked for"
  }
}

run "only_who_asks_is_in_the_vpc" {
  command = plan

  assert {
    condition     = length(aws_lambda_function.this["rotation"].vpc_config) == 1 && length(aws_lambda_function.this["prepare"].vpc_config) == 0
    error_message = "the rotation dials Postgres from within"
  }

  assert {
    condition     = sort([for rule in values(aws_vpc_security_group_egress_rule.this) : tostring(rule.from_port)]) == tolist(["443", "5432"])
    error_message = "only the named ports lead out, and none in"
  }
}

run "latest_is_refused" {
  command = plan

  variables {
    image = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/shiftdesk/functions:latest"
  }

  expect_failures = [var.image]
}

run "a_schedule_without_a_queue_is_refused" {
  command = plan

  variables {
    functions = {
      prepare = {
        description = "Prepares"
        handler     = "infra.functions.handlers.prepare"
        policy      = "{}"
        schedules   = { hourly = { expression = "rate(1 hour)", message = "{}" } }
      }
    }
  }

  expect_failures = [var.functions]
}
