mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }

  mock_data "aws_region" {
    defaults = { name = "eu-central-1" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
}

variables {
  name        = "shiftdesk-test"
  bucket_name = "shiftdesk-test-client"
  log_bucket  = "shiftdesk-test-logs"
}

run "the_page_alone" {
  command = plan

  assert {
    condition     = length(aws_cloudfront_distribution.this.origin) == 1 && length(aws_cloudfront_distribution.this.ordered_cache_behavior) == 0
    error_message = "without an Ingress there is no /api"
  }

  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].viewer_protocol_policy == "redirect-to-https" && aws_cloudfront_origin_access_control.this.signing_behavior == "always"
    error_message = "TLS to people, signed requests to the bucket"
  }

  assert {
    condition     = length(aws_cloudfront_distribution.this.custom_error_response) == 0
    error_message = "an error of the API is never replaced by the page"
  }
}

run "the_api_under_the_same_name" {
  command = plan

  variables {
    aliases         = ["desk.example.com"]
    certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/desk"
    api_domain      = "api.desk.example.com"
  }

  assert {
    condition     = [for behaviour in aws_cloudfront_distribution.this.ordered_cache_behavior : behaviour.path_pattern] == ["/api/*", "/v1/*", "/mcp", "/openapi.json", "/docs*"]
    error_message = "what the back end serves, and no more"
  }

  assert {
    condition     = alltrue([for behaviour in aws_cloudfront_distribution.this.ordered_cache_behavior : behaviour.cache_policy_id == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad" && contains(behaviour.allowed_methods, "POST")])
    error_message = "nothing of the API is cached"
  }

  assert {
    condition     = alltrue([for behaviour in aws_cloudfront_distribution.this.ordered_cache_behavior : behaviour.origin_request_policy_id == "33f36d7e-f396-46d9-90e0-52428a34d9dc"])
    error_message = "all of the viewer's request is passed on, and CloudFront's headers (AllViewerAndCloudFrontHeaders-2022-06)"
  }

  assert {
    condition     = aws_cloudfront_distribution.this.viewer_certificate[0].minimum_protocol_version == "TLSv1.2_2021"
    error_message = "no old TLS"
  }
}

run "where_aws_is_imitated" {
  command = plan

  variables {
    viewer_rules = false
  }

  assert {
    condition     = length(aws_cloudfront_function.page) == 0 && aws_cloudfront_distribution.this.default_cache_behavior[0].response_headers_policy_id == "67f7725c-6f97-4210-82d7-5512b31e9d03"
    error_message = "AWS's own headers instead of ours"
  }
}

run "a_name_without_a_certificate_is_refused" {
  command = plan

  variables {
    aliases = ["desk.example.com"]
  }

  expect_failures = [var.certificate_arn]
}

run "a_certificate_of_another_region_is_refused" {
  command = plan

  variables {
    aliases         = ["desk.example.com"]
    certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/desk"
  }

  expect_failures = [var.certificate_arn]
}
