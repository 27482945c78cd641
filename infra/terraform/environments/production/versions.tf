terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }

  # Where the bucket is, `backend.hcl` says (bootstrap's output): terraform init -backend-config=backend.hcl
  backend "s3" {
    key          = "production.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      project     = "shiftdesk"
      environment = "production"
      managed-by  = "terraform"
    }
  }
}
