"""What roles may do, read from the policies: neither a mock of AWS nor moto ever refuses."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.terraform import MODULES, blocks

FUNCTIONS, PLATFORM = (
    next(folder for folder in MODULES if folder.name == name) for name in ("functions", "platform")
)

WHAT_A_FUNCTION_NEEDS = {
    "tracing_config": {"xray:PutTraceSegments", "xray:PutTelemetryRecords"},
    "vpc_config": {
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
    },
    "kms_key_arn": {"kms:Decrypt"},
}
"""A setting of a function → what AWS asks of its role before it makes the function."""


def statements(folder: Path, document: str) -> list[dict[str, Any]]:
    """Statements of a policy document, those under a condition of Terraform's too."""
    body = blocks(folder, "data")[f"aws_iam_policy_document.{document}"]
    sometimes = [one for block in body.get("dynamic", []) for one in block.values()]
    return [*body.get("statement", []), *(one for its in sometimes for one in its["content"])]


def actions(*those: dict[str, Any]) -> set[str]:
    return {action.strip('"') for one in those for action in one["actions"]}


def named(folder: Path, document: str, sid: str) -> dict[str, Any]:
    [found] = [one for one in statements(folder, document) if one.get("sid", "").strip('"') == sid]
    return found


def test_a_functions_role_may_do_what_its_settings_ask_for() -> None:
    made = blocks(FUNCTIONS, "resource")["aws_lambda_function.this"]
    settings = {*made, *(name.strip('"') for block in made["dynamic"] for name in block)}
    asked = settings & set(WHAT_A_FUNCTION_NEEDS)
    assert {"vpc_config", "kms_key_arn"} <= asked
    may = actions(*statements(FUNCTIONS, "this"))
    for setting in asked:
        assert may >= WHAT_A_FUNCTION_NEEDS[setting], setting


def test_a_queue_is_written_by_its_schedule_and_read_by_its_function() -> None:
    assert actions(*statements(FUNCTIONS, "scheduler")) >= {
        "sqs:SendMessage",
        "kms:GenerateDataKey",
    }
    assert "aws_lambda_event_source_mapping.this" in blocks(FUNCTIONS, "resource")
    queue = actions(named(FUNCTIONS, "this", "Queue"))
    assert queue >= {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}


def test_the_first_load_balancer_of_an_account_can_be_made() -> None:
    its = named(PLATFORM, "load_balancer", "RoleOfElb")
    assert actions(its) == {"iam:CreateServiceLinkedRole"}
    [condition] = its["condition"]
    assert condition["variable"].strip('"') == "iam:AWSServiceName"
    assert "elasticloadbalancing.amazonaws.com" in str(condition["values"])


def test_balancers_listeners_and_rules_of_another_cluster_are_out_of_reach() -> None:
    """One account may hold staging and production: a name alone tells them not apart."""
    changes = [
        one
        for one in statements(PLATFORM, "load_balancer")
        if any(re.match(r"elasticloadbalancing:(?!Describe)", action) for action in actions(one))
    ]
    assert len(changes) >= 3
    for one in changes:
        conditions = json.dumps(one["condition"])
        assert re.search(r"aws:Re(source|quest)Tag/elbv2\.k8s\.aws/cluster", conditions)
        assert "local.name" in conditions


def test_alerts_are_published_by_who_has_them() -> None:
    assert actions(*statements(PLATFORM, "alertmanager")) == {
        "sns:Publish",
        "kms:Decrypt",
        "kms:GenerateDataKey",
    }
    identities = (PLATFORM / "identities.tf").read_text()
    [account] = re.findall(
        r'(?m)^    ([\w-]+) +=.*namespace = "(\w+)".*document\.alertmanager\.json', identities
    )
    assert account == ("alertmanager", "monitoring")


@pytest.mark.parametrize("folder", MODULES, ids=lambda folder: folder.name)
def test_no_role_may_do_everything_of_a_service(folder: Path) -> None:
    for document in blocks(folder, "data"):
        kind, _, name = document.partition(".")
        if kind != "aws_iam_policy_document":
            continue
        for one in statements(folder, name):
            # In a key's or a bucket's own policy, `*` is that key or bucket.
            if "actions" in one and "principals" not in one:
                wide = {action for action in actions(one) if action.endswith("*")}
                assert wide <= {"elasticloadbalancing:Describe*"}, f"{name}: {wide}"
