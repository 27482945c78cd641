# Jobs that run now and then: a schedule wakes one by a message in its queue, and a function works
# it off. A schedule only wakes: what is to be done, the job finds out from the exchange's calendar
# and from what is there already, so one run too many does no harm and one too few is made up for.

resource "aws_cloudwatch_log_group" "this" {
  for_each = var.functions

  name              = "/aws/lambda/${var.name}-${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.logs_kms_key_arn
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "this" {
  for_each = var.functions

  name               = "${var.name}-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

data "aws_iam_policy_document" "this" {
  for_each = var.functions

  source_policy_documents = [each.value.policy]

  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this[each.key].arn}:*"]
  }

  statement {
    sid       = "Keys"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.data_kms_key_arn]
  }

  dynamic "statement" {
    for_each = each.value.queue == null ? [] : [each.value.queue]

    content {
      sid       = "Queue"
      actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"]
      resources = [statement.value.arn]
    }
  }

  dynamic "statement" {
    for_each = length(each.value.subnet_ids) > 0 ? [1] : []

    content {
      sid = "Interfaces"
      actions = [
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
      ]
      # EC2 knows no narrower resource for these.
      resources = ["*"]
    }
  }
}

resource "aws_iam_role_policy" "this" {
  for_each = var.functions

  name   = "work"
  role   = aws_iam_role.this[each.key].id
  policy = data.aws_iam_policy_document.this[each.key].json
}

resource "aws_security_group" "this" {
  for_each = { for name, function in var.functions : name => function if length(function.subnet_ids) > 0 }

  name        = "${var.name}-function-${each.key}"
  description = "Function ${each.key}: nothing comes in"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-function-${each.key}" }
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = merge([
    for name, group in aws_security_group.this : {
      for port in var.functions[name].ports : "${name}-${port}" => { group = group.id, port = port }
    }
  ]...)

  security_group_id = each.value.group
  description       = "Stores and AWS, over TLS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
}

resource "aws_lambda_function" "this" {
  for_each = var.functions

  function_name                  = "${var.name}-${each.key}"
  description                    = each.value.description
  role                           = aws_iam_role.this[each.key].arn
  package_type                   = "Image"
  image_uri                      = var.image
  architectures                  = ["x86_64"]
  timeout                        = each.value.timeout_seconds
  memory_size                    = each.value.memory_mb
  reserved_concurrent_executions = each.value.concurrency
  kms_key_arn                    = var.data_kms_key_arn

  image_config {
    command = [each.value.handler]
  }

  environment {
    variables = merge({ SHIFTDESK_ENVIRONMENT = "production" }, each.value.environment)
  }

  ephemeral_storage {
    size = each.value.disk_mb
  }

  dynamic "vpc_config" {
    for_each = length(each.value.subnet_ids) > 0 ? [each.value.subnet_ids] : []

    content {
      subnet_ids         = vpc_config.value
      security_group_ids = [aws_security_group.this[each.key].id]
    }
  }

  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy.this]
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each = { for name, function in var.functions : name => function if function.queue != null }

  event_source_arn        = each.value.queue.arn
  function_name           = aws_lambda_function.this[each.key].arn
  batch_size              = 1
  function_response_types = ["ReportBatchItemFailures"]
}
