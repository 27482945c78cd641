mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_region" {
    defaults = { name = "eu-central-1" }
  }

  mock_data "aws_ec2_managed_prefix_list" {
    defaults = { id = "pl-0123456789abcdef0" }
  }

  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-central-1:111122223333:key/one" }
  }

  mock_resource "aws_vpc" {
    defaults = { id = "vpc-0123456789abcdef0" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/one" }
  }

  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-central-1:111122223333:queue" }
  }

  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:eu-central-1:111122223333:topic" }
  }

  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:eu-central-1:111122223333:function:one" }
  }

  mock_resource "aws_cloudfront_distribution" {
    defaults = { arn = "arn:aws:cloudfront::111122223333:distribution/one" }
  }

  mock_resource "aws_cloudfront_function" {
    defaults = { arn = "arn:aws:cloudfront::111122223333:function/one" }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:one" }
  }

  mock_resource "aws_launch_template" {
    defaults = { id = "lt-0123456789abcdef0", latest_version = 1 }
  }

  mock_resource "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws:iam::111122223333:oidc-provider/one" }
  }

  mock_resource "aws_eks_cluster" {
    defaults = {
      identity = [{ oidc = [{ issuer = "https://oidc.eks.eu-central-1.amazonaws.com/id/X" }] }]
    }
  }
}

variables {
  environment        = "test"
  cidr               = "10.40.0.0/16"
  zones              = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
  kubernetes_version = "1.36"

  node_groups = {
    steady = { instance_types = ["m7i.large"], min = 2, max = 4 }
  }
}

run "before_the_first_image" {
  command = apply

  assert {
    condition     = output.functions == {} && length(module.queue) == 2
    error_message = "queues wait for the jobs that come with their image"
  }

  assert {
    condition     = output.secret_names["database"] == "shiftdesk/test/database"
    error_message = "as the cluster asks for it"
  }

  assert {
    condition     = output.site["HISTORY"] == "s3://shiftdesk-test-history-111122223333/history" && output.site["INGRESS_CIDR"] == "10.40.0.0/22"
    error_message = "what the overlay's site.env takes"
  }

  assert {
    condition     = output.site["EDGE_ADDRESSES"] == "pl-0123456789abcdef0"
    error_message = "whom the load balancer lets in"
  }

  assert {
    condition     = output.site["ALARM_TOPIC"] == output.alarm_topic_arn && contains(keys(output.service_account_roles), "alertmanager") && !contains(keys(output.service_account_roles), "prometheus")
    error_message = "Alertmanager tells the alarms' topic; Prometheus has a role only where it writes to a workspace"
  }
}

run "with_the_image" {
  command = apply

  variables {
    functions_image = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/shiftdesk/functions:1"
  }

  assert {
    condition     = join(" ", keys(output.functions)) == "analyse prepare rotation"
    error_message = "data preparation, scheduled analysis, rotation"
  }
}

run "a_feed_without_instruments_is_refused" {
  command = plan

  variables {
    feed = "alpaca"
  }

  expect_failures = [var.feed_instruments]
}
