mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
}

variables {
  name               = "shiftdesk-test"
  kubernetes_version = "1.36"
  subnet_ids         = ["subnet-a", "subnet-b", "subnet-c"]
  data_kms_key_arn   = "arn:aws:kms:eu-central-1:111122223333:key/data"
  logs_kms_key_arn   = "arn:aws:kms:eu-central-1:111122223333:key/logs"

  node_groups = {
    steady = { instance_types = ["m7i.large"], min = 2, max = 4 }
    pods   = { instance_types = ["m7i.xlarge", "m6i.xlarge"], capacity = "SPOT", min = 0, max = 4, max_pods = 58 }
    gpu = {
      instance_types = ["g6.xlarge"]
      min            = 0
      max            = 2
      taints         = [{ key = "nvidia.com/gpu", value = "true", effect = "NO_SCHEDULE" }]
    }
  }
}

run "closed_unless_opened" {
  command = plan

  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_private_access && !aws_eks_cluster.this.vpc_config[0].endpoint_public_access
    error_message = "without ranges the API is reached from within only"
  }

  assert {
    condition     = aws_eks_cluster.this.access_config[0].authentication_mode == "API" && !aws_eks_cluster.this.access_config[0].bootstrap_cluster_creator_admin_permissions
    error_message = "nobody is administrator by having made the cluster"
  }

  assert {
    condition     = aws_eks_cluster.this.encryption_config[0].provider[0].key_arn == var.data_kms_key_arn && length(aws_eks_cluster.this.enabled_cluster_log_types) == 5
    error_message = "secrets are encrypted, and the control plane logs all it does"
  }
}

run "nodes_on_demand_and_spot" {
  command = plan

  assert {
    condition     = aws_eks_node_group.this["steady"].capacity_type == "ON_DEMAND" && aws_eks_node_group.this["pods"].capacity_type == "SPOT"
    error_message = "as each group says"
  }

  assert {
    condition     = strcontains(base64decode(aws_launch_template.this["pods"].user_data), "maxPods: 58") && strcontains(base64decode(aws_launch_template.this["steady"].user_data), "maxPods: 110")
    error_message = "the kubelet is told how dense its node may be"
  }

  assert {
    condition     = alltrue([for template in values(aws_launch_template.this) : template.metadata_options[0].http_tokens == "required" && template.metadata_options[0].http_put_response_hop_limit == 1])
    error_message = "pods do not reach the node's role"
  }

  assert {
    condition     = one(aws_eks_node_group.this["gpu"].taint).key == "nvidia.com/gpu" && aws_eks_node_group.this["gpu"].labels["shiftdesk/nodes"] == "gpu"
    error_message = "only pods that ask for a GPU get one, and find it by its label"
  }
}

run "who_may_enter" {
  command = plan

  variables {
    access = {
      platform = { principal_arn = "arn:aws:iam::111122223333:role/platform", policy = "AmazonEKSClusterAdminPolicy" }
      deploy   = { principal_arn = "arn:aws:iam::111122223333:role/deploy", policy = "AmazonEKSEditPolicy", namespaces = ["shiftdesk"] }
    }
  }

  assert {
    condition     = aws_eks_access_policy_association.this["platform"].access_scope[0].type == "cluster" && aws_eks_access_policy_association.this["deploy"].access_scope[0].type == "namespace"
    error_message = "deployments are bound to their namespace"
  }
}

run "the_world_is_refused" {
  command = plan

  variables {
    public_access_cidrs = ["0.0.0.0/0"]
  }

  expect_failures = [var.public_access_cidrs]
}

run "a_kubernetes_that_cannot_scale_by_one_in_ten_is_refused" {
  command = plan

  variables {
    kubernetes_version = "1.31"
  }

  expect_failures = [var.kubernetes_version]
}

run "a_cluster_of_spot_alone_is_refused" {
  command = plan

  variables {
    node_groups = { pods = { instance_types = ["m7i.xlarge"], capacity = "SPOT", min = 2, max = 4 } }
  }

  expect_failures = [var.node_groups]
}
