terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    neon = {
      source  = "kislerdm/neon"
      version = "0.17.0"
    }
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }

  # One folder, a state an environment: terraform init -backend-config=BACKEND.hcl -backend-config="key=neon-ENVIRONMENT.tfstate"
  backend "s3" {
    encrypt      = true
    use_lockfile = true
  }
}

# The key comes from NEON_API_KEY.
provider "neon" {}

provider "aws" {
  region = var.region
}
