mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

variables {
  name              = "shiftdesk-test-ai-pod"
  oidc_provider_arn = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/X"
  oidc_issuer       = "oidc.eks.eu-central-1.amazonaws.com/id/X"
  namespace         = "shiftdesk"
  service_account   = "ai-pod"
  policy            = "{}"
}

run "one_service_account_and_nobody_else" {
  command = plan

  assert {
    condition = alltrue([
      for condition in data.aws_iam_policy_document.assume.statement[0].condition : condition.test == "StringEquals"
      ]) && contains(flatten([
        for condition in data.aws_iam_policy_document.assume.statement[0].condition : condition.values
    ]), "system:serviceaccount:shiftdesk:ai-pod")
    error_message = "the trust names the account, without wildcards"
  }
}

run "a_wildcard_is_refused" {
  command = plan

  variables {
    service_account = "*"
  }

  expect_failures = [var.service_account]
}
