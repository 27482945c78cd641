# What the page needs of CloudFront itself: any path that is no file is the page, and the headers
# that the back end gives it where it serves it.

resource "aws_cloudfront_function" "page" {
  count = var.viewer_rules ? 1 : 0

  name    = "${var.name}-page"
  comment = "A path without a file is the page, which reads it itself"
  runtime = "cloudfront-js-2.0"
  publish = true
  code    = file("${path.module}/page.js")
}

resource "aws_cloudfront_response_headers_policy" "page" {
  count = var.viewer_rules ? 1 : 0

  name = "${var.name}-page"

  security_headers_config {
    content_security_policy {
      override                = true
      content_security_policy = var.content_security_policy
    }

    content_type_options {
      override = true
    }

    frame_options {
      override     = true
      frame_option = "DENY"
    }

    referrer_policy {
      override        = true
      referrer_policy = "no-referrer"
    }

    strict_transport_security {
      override                   = true
      access_control_max_age_sec = 31536000
    }
  }

  custom_headers_config {
    items {
      header   = "Cross-Origin-Opener-Policy"
      value    = "same-origin"
      override = true
    }

    items {
      header   = "Permissions-Policy"
      value    = "camera=(), microphone=(), geolocation=()"
      override = true
    }
  }
}
