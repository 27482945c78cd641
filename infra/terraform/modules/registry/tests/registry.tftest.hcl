mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }

  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
}

variables {
  repositories = ["backend", "ai-pod"]
  kms_key_arn  = "arn:aws:kms:eu-central-1:111122223333:key/state"
}

run "a_tag_never_moves" {
  command = plan

  assert {
    condition     = alltrue([for one in values(aws_ecr_repository.this) : one.image_tag_mutability == "IMMUTABLE" && one.image_scanning_configuration[0].scan_on_push])
    error_message = "what staging tried is what production runs"
  }

  assert {
    condition     = aws_ecr_repository.this["ai-pod"].name == "shiftdesk/ai-pod"
    error_message = "as the manifests call it"
  }

  assert {
    condition = alltrue([
      for one in values(aws_ecr_lifecycle_policy.this) : [
        for rule in jsondecode(one.policy).rules : rule.selection.tagStatus
      ] == ["untagged", "tagged"]
    ])
    error_message = "leftovers go, and old releases go"
  }
}

run "only_named_accounts_pull" {
  command = plan

  variables {
    pull_accounts = ["444455556666"]
  }

  assert {
    condition     = length(data.aws_iam_policy_document.pull.statement) == 2
    error_message = "the other environment's account, and Lambda"
  }
}

run "a_registry_that_keeps_nothing_to_roll_back_to_is_refused" {
  command = plan

  variables {
    keep_images = 1
  }

  expect_failures = [var.keep_images]
}
