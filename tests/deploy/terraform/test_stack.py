"""Staging, applied to and destroyed from a local imitation of AWS, with what that imitation has.

Left out, because `moto` lacks it: EKS addons and access entries, CloudFront's function and header
policy, the budget. Minutes long: `-m slow`.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import botocore.session
import pytest

from tests.support.moto import ENVIRONMENT, moto_server
from tests.support.terraform import INFRA, Terraform, command, mirror

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

APPLY_SECONDS = 600
IMAGE = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/shiftdesk/functions:1"
VARIABLES = {
    "access": {},
    "addons": {},
    "alarm_emails": ["desk-oncall@example.com"],
    "page": {"viewer_rules": False},
}
KEYS = {
    "aws_access_key_id": ENVIRONMENT["AWS_ACCESS_KEY_ID"],
    "aws_secret_access_key": ENVIRONMENT["AWS_SECRET_ACCESS_KEY"],
    "region_name": ENVIRONMENT["AWS_REGION"],
}
# An override file replaces what the root says of its provider and its state.
OVERRIDE = """
terraform {{
  backend "local" {{}}
}}

provider "aws" {{
  region                      = "eu-central-1"
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_requesting_account_id  = false

  endpoints {{
{endpoints}
  }}
}}
"""
SERVICES = (
    *("amp", "budgets", "cloudfront", "cloudwatch", "ec2", "ecr", "eks", "iam", "kms", "lambda"),
    *("logs", "s3", "scheduler", "secretsmanager", "sns", "sqs", "sts"),
)


@pytest.fixture
def aws(tmp_path: Path) -> Iterator[str]:
    """The imitation's address."""
    if command() is None or mirror() is None:
        pytest.skip("needs terraform and a mirror of hashicorp/aws")
    with moto_server(tmp_path / "moto.log") as url:
        yield url


def local(root: str, work: Path, url: str) -> Terraform:
    """The root with its provider at `url` and its state on disk."""
    terraform = Terraform(work, INFRA / root)
    endpoints = "\n".join(f'    {service} = "{url}"' for service in SERVICES)
    (terraform.folder / "local_override.tf").write_text(OVERRIDE.format(endpoints=endpoints))
    terraform.run("init", "-input=false", **ENVIRONMENT)
    return terraform


def test_staging_comes_and_goes(tmp_path: Path, aws: str) -> None:
    staging = local("environments/staging", tmp_path, aws)
    told = staging.folder / "test.auto.tfvars.json"
    told.write_text(json.dumps(VARIABLES))

    staging.run("apply", "-auto-approve", "-input=false", seconds=APPLY_SECONDS, **ENVIRONMENT)
    assert outputs(staging)["functions"] == {}, "no jobs before the first image"

    give_first_values(aws)
    told.write_text(json.dumps(VARIABLES | {"functions_image": IMAGE}))
    staging.run("apply", "-auto-approve", "-input=false", seconds=APPLY_SECONDS, **ENVIRONMENT)

    made = outputs(staging)
    assert set(made["functions"]) == {"prepare", "analyse", "rotation"}
    assert made["cluster_name"] == "shiftdesk-staging"
    assert made["secret_names"]["database"] == "shiftdesk/staging/database"
    assert made["site"]["BACKEND_ROLE"].endswith(":role/shiftdesk-staging-backend")
    resources = staging.run("state", "list").split()
    assert len([one for one in resources if ".data." not in one]) > 120

    staging.run("destroy", "-auto-approve", "-input=false", seconds=APPLY_SECONDS, **ENVIRONMENT)
    assert staging.run("state", "list").split() == []


def test_bootstrap_comes_and_outlives_a_destroy(tmp_path: Path, aws: str) -> None:
    bootstrap = local("bootstrap", tmp_path, aws)
    bootstrap.run("apply", "-auto-approve", "-input=false", seconds=APPLY_SECONDS, **ENVIRONMENT)
    made = outputs(bootstrap)
    assert made["state_bucket"].startswith("shiftdesk-state-")
    assert "functions" in made["repositories"]
    with pytest.raises(AssertionError, match="BucketNotEmpty"):
        bootstrap.run("destroy", "-auto-approve", "-input=false", **ENVIRONMENT)


def give_first_values(url: str) -> None:
    """What the runbook puts in by hand: without a value there is nothing to rotate."""
    session = botocore.session.get_session()
    client = session.create_client("secretsmanager", endpoint_url=url, **KEYS)
    for secret in ("database", "service"):
        client.put_secret_value(SecretId=f"shiftdesk/staging/{secret}", SecretString="{}")
    client.close()


def outputs(terraform: Terraform) -> dict[str, object]:
    told = json.loads(terraform.run("output", "-json"))
    return {name: its["value"] for name, its in told.items()}
