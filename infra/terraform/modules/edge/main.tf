# The web client: files in a private bucket, read by CloudFront alone, and the API behind the same
# name, so that the page and its sockets share an origin.

locals {
  # AWS's own policies, by their fixed ids.
  caching_optimized          = "658327ea-f89d-4fab-a63d-7e88639e58f6"
  caching_disabled           = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  viewer_and_its_address     = "33f36d7e-f396-46d9-90e0-52428a34d9dc"
  security_headers           = "67f7725c-6f97-4210-82d7-5512b31e9d03"
  site_origin                = "site"
  api_origin                 = "api"
  own_name                   = length(var.aliases) > 0
  api_paths                  = var.api_domain == null ? [] : ["/api/*", "/v1/*", "/mcp", "/openapi.json", "/docs*"]
  site_headers               = var.viewer_rules ? aws_cloudfront_response_headers_policy.page[0].id : local.security_headers
  oldest_protocol_for_custom = "TLSv1.2_2021"
}

module "site" {
  source = "../bucket"

  name          = var.bucket_name
  access_logs   = { bucket = var.log_bucket }
  force_destroy = var.force_destroy
  policies      = [data.aws_iam_policy_document.cloudfront_reads.json]
}

data "aws_partition" "current" {}

data "aws_iam_policy_document" "cloudfront_reads" {
  statement {
    sid       = "CloudFrontReads"
    actions   = ["s3:GetObject"]
    resources = ["arn:${data.aws_partition.current.partition}:s3:::${var.bucket_name}/*"]

    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [aws_cloudfront_distribution.this.arn]
    }
  }
}

resource "aws_cloudfront_origin_access_control" "this" {
  name                              = var.name
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_distribution" "this" {
  enabled             = true
  comment             = var.name
  default_root_object = "index.html"
  aliases             = var.aliases
  is_ipv6_enabled     = true
  http_version        = "http2and3"
  price_class         = var.price_class
  web_acl_id          = var.web_acl_arn

  origin {
    origin_id                = local.site_origin
    domain_name              = "${var.bucket_name}.s3.${data.aws_region.current.name}.amazonaws.com"
    origin_access_control_id = aws_cloudfront_origin_access_control.this.id
  }

  dynamic "origin" {
    for_each = var.api_domain == null ? [] : [var.api_domain]

    content {
      origin_id   = local.api_origin
      domain_name = origin.value

      custom_origin_config {
        http_port                = 80
        https_port               = 443
        origin_protocol_policy   = "https-only"
        origin_ssl_protocols     = ["TLSv1.2"]
        origin_read_timeout      = 60
        origin_keepalive_timeout = 60
      }
    }
  }

  default_cache_behavior {
    target_origin_id           = local.site_origin
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    cache_policy_id            = local.caching_optimized
    response_headers_policy_id = local.site_headers
    compress                   = true

    dynamic "function_association" {
      for_each = aws_cloudfront_function.page

      content {
        event_type   = "viewer-request"
        function_arn = function_association.value.arn
      }
    }
  }

  # Nothing is cached; everything is passed on, sockets, event streams and the host too: the Ingress
  # knows the page's name, and the back end sees that `Origin` is its own. CloudFront adds whose
  # request it is (`CloudFront-Viewer-Address`): the load balancer sees only CloudFront.
  dynamic "ordered_cache_behavior" {
    for_each = local.api_paths

    content {
      path_pattern             = ordered_cache_behavior.value
      target_origin_id         = local.api_origin
      viewer_protocol_policy   = "https-only"
      allowed_methods          = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
      cached_methods           = ["GET", "HEAD"]
      cache_policy_id          = local.caching_disabled
      origin_request_policy_id = local.viewer_and_its_address
      compress                 = false
    }
  }

  logging_config {
    bucket = "${var.log_bucket}.s3.amazonaws.com"
    prefix = "cloudfront/${var.name}/"
  }

  restrictions {
    geo_restriction {
      restriction_type = length(var.countries) > 0 ? "whitelist" : "none"
      locations        = var.countries
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = !local.own_name
    acm_certificate_arn            = local.own_name ? var.certificate_arn : null
    ssl_support_method             = local.own_name ? "sni-only" : null
    minimum_protocol_version       = local.own_name ? local.oldest_protocol_for_custom : null
  }
}

data "aws_region" "current" {}
