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

  backend "s3" {
    key          = "neon.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}

# The key comes from NEON_API_KEY.
provider "neon" {}

provider "aws" {
  region = var.region
}
