mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }

  mock_data "aws_region" {
    defaults = { name = "eu-central-1" }
  }
}

variables {
  name        = "shiftdesk-test"
  cidr        = "10.40.0.0/16"
  zones       = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
  kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/logs"
}

run "three_zones_that_do_not_overlap" {
  command = plan

  assert {
    condition     = length(aws_subnet.private) == 3 && length(aws_subnet.public) == 3
    error_message = "a public and a private subnet in each zone"
  }

  assert {
    condition     = [for zone in var.zones : aws_subnet.private[zone].cidr_block] == ["10.40.32.0/19", "10.40.64.0/19", "10.40.96.0/19"]
    error_message = "an eighth of the range for the pods of each zone"
  }

  assert {
    condition     = output.public_cidr == "10.40.0.0/22" && [for zone in var.zones : aws_subnet.public[zone].cidr_block] == ["10.40.0.0/24", "10.40.1.0/24", "10.40.2.0/24"]
    error_message = "load balancers speak from a range of their own"
  }

  assert {
    condition     = alltrue([for subnet in values(merge({ for k, v in aws_subnet.public : "public-${k}" => v }, { for k, v in aws_subnet.private : "private-${k}" => v })) : !subnet.map_public_ip_on_launch])
    error_message = "no machine gets a public address by itself"
  }
}

run "a_nat_gateway_in_every_zone" {
  command = plan

  assert {
    condition     = length(aws_nat_gateway.this) == 3
    error_message = "each zone survives alone"
  }
}

run "a_single_nat_gateway" {
  command = plan

  variables {
    nat = "single"
  }

  assert {
    condition     = keys(aws_nat_gateway.this) == ["eu-central-1a"] && length(aws_route.nat) == 3
    error_message = "one gateway that every zone's route leads to"
  }
}

run "two_zones_are_refused" {
  command = plan

  variables {
    zones = ["eu-central-1a", "eu-central-1b"]
  }

  expect_failures = [var.zones]
}

run "a_range_too_small_for_pods_is_refused" {
  command = plan

  variables {
    cidr = "10.40.0.0/20"
  }

  expect_failures = [var.cidr]
}
