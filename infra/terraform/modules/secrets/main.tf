# Places for secrets, not the secrets: values are put in by hand or by the rotation, and stand in no
# plan and no state.

resource "aws_secretsmanager_secret" "this" {
  for_each = var.secrets

  name                    = "${var.prefix}/${each.key}"
  description             = each.value.description
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = var.recovery_days
}

locals {
  rotated = {
    for name, secret in var.secrets : name => secret.rotate_days
    if secret.rotate_days != null && var.rotation != null
  }
}

resource "aws_lambda_permission" "rotation" {
  count = length(local.rotated) > 0 ? 1 : 0

  statement_id   = "secrets-manager-rotates"
  action         = "lambda:InvokeFunction"
  function_name  = var.rotation.function_arn
  principal      = "secretsmanager.amazonaws.com"
  source_account = data.aws_caller_identity.current.account_id
}

data "aws_caller_identity" "current" {}

resource "aws_secretsmanager_secret_rotation" "this" {
  for_each = local.rotated

  secret_id           = aws_secretsmanager_secret.this[each.key].id
  rotation_lambda_arn = var.rotation.function_arn
  rotate_immediately  = false

  rotation_rules {
    automatically_after_days = each.value
  }

  depends_on = [aws_lambda_permission.rotation]
}
