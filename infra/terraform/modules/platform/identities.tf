# Roles of service accounts: the desk's own, and the cluster's controllers'.

locals {
  identities = {
    ai-pod           = { namespace = "shiftdesk", policy = data.aws_iam_policy_document.learns.json }
    backend          = { namespace = "shiftdesk", policy = data.aws_iam_policy_document.reads_history.json }
    market           = { namespace = "shiftdesk", policy = data.aws_iam_policy_document.reads_history.json }
    external-secrets = { namespace = "shiftdesk", policy = data.aws_iam_policy_document.external_secrets.json }
    cluster-autoscaler = {
      namespace = "kube-system"
      policy    = data.aws_iam_policy_document.autoscaler.json
    }
    aws-load-balancer-controller = {
      namespace = "kube-system"
      policy    = data.aws_iam_policy_document.load_balancer.json
    }
    alertmanager = { namespace = "monitoring", policy = data.aws_iam_policy_document.alertmanager.json }
    prometheus   = { namespace = "monitoring", policy = data.aws_iam_policy_document.prometheus.json }
  }
}

module "identity" {
  source = "../identity"
  # Without a workspace Prometheus asks AWS for nothing.
  for_each = { for name, its in local.identities : name => its if name != "prometheus" || var.managed_prometheus }

  name              = "${local.name}-${each.key}"
  namespace         = each.value.namespace
  service_account   = each.key
  oidc_provider_arn = module.cluster.oidc_provider_arn
  oidc_issuer       = module.cluster.oidc_issuer
  policy            = each.value.policy
}

data "aws_iam_policy_document" "reads_history" {
  statement {
    sid       = "List"
    actions   = ["s3:ListBucket"]
    resources = [module.history.arn]
  }

  statement {
    sid       = "Read"
    actions   = ["s3:GetObject"]
    resources = ["${module.history.arn}/history/*"]
  }

  statement {
    sid       = "Key"
    actions   = ["kms:Decrypt"]
    resources = [module.data_key.key_arn]
  }
}

# Pods learn: they read history, and write trials and policies.
data "aws_iam_policy_document" "learns" {
  source_policy_documents = [data.aws_iam_policy_document.reads_history.json]

  statement {
    sid       = "ListArtifacts"
    actions   = ["s3:ListBucket"]
    resources = [module.artifacts.arn]
  }

  statement {
    sid       = "KeepArtifacts"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    resources = ["${module.artifacts.arn}/artifacts/*"]
  }

  statement {
    sid       = "WriteKey"
    actions   = ["kms:GenerateDataKey"]
    resources = [module.data_key.key_arn]
  }
}

data "aws_iam_policy_document" "external_secrets" {
  statement {
    sid       = "Read"
    actions   = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
    resources = [for name, arn in local.secret_arns : arn if name != "database-admin"]
  }

  statement {
    sid       = "Key"
    actions   = ["kms:Decrypt"]
    resources = [module.data_key.key_arn]
  }
}

data "aws_iam_policy_document" "autoscaler" {
  statement {
    sid = "Look"
    actions = [
      "autoscaling:DescribeAutoScalingGroups",
      "autoscaling:DescribeAutoScalingInstances",
      "autoscaling:DescribeLaunchConfigurations",
      "autoscaling:DescribeScalingActivities",
      "autoscaling:DescribeTags",
      "ec2:DescribeImages",
      "ec2:DescribeInstanceTypes",
      "ec2:DescribeLaunchTemplateVersions",
      "ec2:GetInstanceTypesFromInstanceRequirements",
      "eks:DescribeNodegroup",
    ]
    # AWS knows no narrower resource for reading these.
    resources = ["*"]
  }

  statement {
    sid       = "Scale"
    actions   = ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"]
    resources = ["arn:${data.aws_partition.current.partition}:autoscaling:${local.region}:${local.account}:autoScalingGroup:*"]

    # Only groups of this cluster; EKS tags them.
    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/k8s.io/cluster-autoscaler/${local.name}"
      values   = ["owned"]
    }
  }
}

# Alertmanager tells the alarms' topic, which is encrypted.
data "aws_iam_policy_document" "alertmanager" {
  statement {
    sid       = "Tell"
    actions   = ["sns:Publish"]
    resources = [module.observability.topic_arn]
  }

  statement {
    sid       = "Key"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [module.data_key.key_arn]
  }
}

data "aws_iam_policy_document" "prometheus" {
  statement {
    sid       = "Write"
    actions   = ["aps:RemoteWrite", "aps:QueryMetrics", "aps:GetLabels", "aps:GetMetricMetadata", "aps:GetSeries"]
    resources = compact([module.observability.prometheus_arn])
  }
}
