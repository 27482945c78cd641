# What the AWS Load Balancer Controller may do: the balancers of this cluster's Ingresses, no others.

locals {
  elb  = "arn:${data.aws_partition.current.partition}:elasticloadbalancing:${local.region}:${local.account}"
  ours = { variable = "aws:ResourceTag/elbv2.k8s.aws/cluster", value = local.name }
}

data "aws_iam_policy_document" "load_balancer" {
  statement {
    sid = "Look"
    actions = [
      "acm:DescribeCertificate",
      "acm:ListCertificates",
      "ec2:DescribeAccountAttributes",
      "ec2:DescribeAddresses",
      "ec2:DescribeAvailabilityZones",
      "ec2:DescribeInstances",
      "ec2:DescribeInternetGateways",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeRouteTables",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeSubnets",
      "ec2:DescribeTags",
      "ec2:DescribeVpcs",
      "elasticloadbalancing:Describe*",
      "wafv2:GetWebACL",
      "wafv2:GetWebACLForResource",
    ]
    # AWS knows no narrower resource for reading these.
    resources = ["*"]
  }

  statement {
    sid = "MakeOurs"
    actions = [
      "elasticloadbalancing:CreateLoadBalancer",
      "elasticloadbalancing:CreateTargetGroup",
    ]
    resources = ["${local.elb}:loadbalancer/*/*", "${local.elb}:targetgroup/*/*"]

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/elbv2.k8s.aws/cluster"
      values   = [local.name]
    }
  }

  statement {
    sid       = "TagWhatIsMade"
    actions   = ["elasticloadbalancing:AddTags"]
    resources = ["${local.elb}:loadbalancer/*/*", "${local.elb}:targetgroup/*/*"]

    condition {
      test     = "StringEquals"
      variable = "elasticloadbalancing:CreateAction"
      values   = ["CreateTargetGroup", "CreateLoadBalancer"]
    }
  }

  statement {
    sid = "ChangeOurs"
    actions = [
      "elasticloadbalancing:AddTags",
      "elasticloadbalancing:DeleteLoadBalancer",
      "elasticloadbalancing:DeleteTargetGroup",
      "elasticloadbalancing:ModifyLoadBalancerAttributes",
      "elasticloadbalancing:ModifyTargetGroup",
      "elasticloadbalancing:ModifyTargetGroupAttributes",
      "elasticloadbalancing:RemoveTags",
      "elasticloadbalancing:SetIpAddressType",
      "elasticloadbalancing:SetSecurityGroups",
      "elasticloadbalancing:SetSubnets",
    ]
    resources = ["${local.elb}:loadbalancer/*/*", "${local.elb}:targetgroup/*/*"]

    condition {
      test     = "StringEquals"
      variable = local.ours.variable
      values   = [local.ours.value]
    }
  }

  # Listeners and rules carry no tag when they are made; their ARNs say what they belong to.
  statement {
    sid = "Listeners"
    actions = [
      "elasticloadbalancing:AddListenerCertificates",
      "elasticloadbalancing:AddTags",
      "elasticloadbalancing:CreateListener",
      "elasticloadbalancing:CreateRule",
      "elasticloadbalancing:DeleteListener",
      "elasticloadbalancing:DeleteRule",
      "elasticloadbalancing:DeregisterTargets",
      "elasticloadbalancing:ModifyListener",
      "elasticloadbalancing:ModifyRule",
      "elasticloadbalancing:RegisterTargets",
      "elasticloadbalancing:RemoveListenerCertificates",
      "elasticloadbalancing:RemoveTags",
      "elasticloadbalancing:SetRulePriorities",
      "elasticloadbalancing:SetWebAcl",
    ]
    resources = [
      "${local.elb}:listener-rule/app/k8s-*",
      "${local.elb}:listener/app/k8s-*",
      "${local.elb}:loadbalancer/app/k8s-*",
      "${local.elb}:targetgroup/k8s-*",
    ]
  }

  statement {
    sid       = "MakeSecurityGroups"
    actions   = ["ec2:CreateSecurityGroup", "ec2:CreateTags"]
    resources = ["arn:${data.aws_partition.current.partition}:ec2:${local.region}:${local.account}:security-group/*"]
  }

  statement {
    sid       = "InOurVpc"
    actions   = ["ec2:CreateSecurityGroup"]
    resources = ["arn:${data.aws_partition.current.partition}:ec2:${local.region}:${local.account}:vpc/${module.network.vpc_id}"]
  }

  statement {
    sid = "ChangeSecurityGroups"
    actions = [
      "ec2:AuthorizeSecurityGroupIngress",
      "ec2:DeleteSecurityGroup",
      "ec2:RevokeSecurityGroupIngress",
    ]
    resources = ["arn:${data.aws_partition.current.partition}:ec2:${local.region}:${local.account}:security-group/*"]

    condition {
      test     = "ArnEquals"
      variable = "ec2:Vpc"
      values   = ["arn:${data.aws_partition.current.partition}:ec2:${local.region}:${local.account}:vpc/${module.network.vpc_id}"]
    }
  }
}
