"""What Terraform, the manifests and the code must agree on: names, settings, headers, runbooks."""

import importlib
import re
from pathlib import Path

import pytest
import yaml
from starlette.datastructures import MutableHeaders

from backend.middleware import RequestEdge
from infra.functions.settings import JobSettings
from tests.support.terraform import INFRA, ROOT, blocks

PLATFORM = INFRA / "modules" / "platform"
K8S = ROOT / "k8s"
SECRETS = [
    K8S / "components" / name / "secrets.yaml" for name in ("external-secrets", "migration-secrets")
]
OWN = {"REGISTRY", "TAG", "HOST", "AI_HOST", "CERTIFICATE_ARN"}
"""What an overlay's site.env does not take from Terraform's environment."""

manifests = pytest.mark.skipif(not K8S.is_dir(), reason="there are no manifests")


def names_in(block: str, text: str) -> list[str]:
    """Keys of a local or output whose value is one object of plain keys."""
    body = re.search(rf"(?ms)^\s*{block} = \{{\n(.*?)^  \}}$", text)
    assert body, block
    indent = min(len(one) for one in re.findall(r"(?m)^( +)\S", body[1]))
    return re.findall(rf"(?m)^ {{{indent}}}([\w-]+)\s+=", body[1])


def secret_names() -> list[str]:
    return names_in("secrets", (PLATFORM / "secrets.tf").read_text())


def test_handlers_exist() -> None:
    handlers = re.findall(r'handler\s+= "([\w.]+)"', (PLATFORM / "jobs.tf").read_text())
    assert len(handlers) == 3
    for handler in handlers:
        module, _, function = handler.rpartition(".")
        assert callable(getattr(importlib.import_module(module), function))


def test_the_jobs_settings_exist() -> None:
    told = set(re.findall(r"SHIFTDESK_(\w+)", (PLATFORM / "jobs.tf").read_text()))
    assert told
    assert told <= {one.upper() for one in JobSettings.model_fields}


def test_a_schedule_never_spells_a_market_time() -> None:
    schedules = re.findall(r'expression = "(\w+)\(', (PLATFORM / "jobs.tf").read_text())
    assert schedules
    assert set(schedules) == {"rate"}


def test_the_page_has_the_headers_that_the_back_end_gives_it() -> None:
    headers = MutableHeaders()
    RequestEdge(lambda *_: None, secure=True)._protect(headers, "/")  # type: ignore[arg-type, return-value]  # the app is never called
    [policy] = [
        body["default"].strip('"')
        for name, body in blocks(INFRA / "modules" / "edge" / "variables.tf", "variable").items()
        if name == "content_security_policy"
    ]
    assert policy == headers["Content-Security-Policy"]
    viewer = (INFRA / "modules" / "edge" / "viewer.tf").read_text()
    for name in ("Cross-Origin-Opener-Policy", "Permissions-Policy"):
        assert f'"{name}"' in viewer
        assert f'"{headers[name]}"' in viewer
    assert headers["Strict-Transport-Security"].removeprefix("max-age=") in viewer
    assert headers["Referrer-Policy"] in viewer


def test_every_alarm_names_a_runbook_that_exists() -> None:
    alarms = (INFRA / "modules" / "observability" / "main.tf").read_text()
    runbooks = re.findall(r"docs/runbooks/[\w/-]+\.md", alarms)
    assert len(runbooks) == alarms.count("alarm_description")
    assert [one for one in runbooks if not (ROOT / one).is_file()] == []


@manifests
def test_the_cluster_asks_for_secrets_that_there_are() -> None:
    asked = {
        data["remoteRef"]["key"].split("/")[-1]
        for component in SECRETS
        for secret in yaml.safe_load_all(component.read_text())
        for data in secret["spec"]["data"]
    }
    assert asked
    assert asked <= set(secret_names())
    assert "database-admin" not in asked, "the owner's URL stays out of the cluster"


@manifests
def test_properties_of_the_database_are_those_that_are_rotated() -> None:
    components = "".join(component.read_text() for component in SECRETS)
    asked = set(re.findall(r"site/database, property: (\w+)", components))
    assert asked == {
        f"{service}_{url}" for service in ("backend", "scheduler") for url in ("url", "direct_url")
    }


@manifests
@pytest.mark.parametrize("environment", ["staging", "production"])
def test_the_overlay_takes_what_terraform_gives(environment: str) -> None:
    file = K8S / "overlays" / environment / "site" / "site.env"
    settings = set(re.findall(r"(?m)^(\w+)=", file.read_text()))
    outputs = (PLATFORM / "outputs.tf").read_text()
    site = outputs[outputs.index('output "site"') :]
    given = set(names_in("value", site))
    assert settings - OWN == given


@manifests
def test_service_accounts_with_a_role_exist() -> None:
    accounts = {
        one["metadata"]["name"]
        for path in K8S.rglob("*.yaml")
        for one in documents(path)
        if one.get("kind") == "ServiceAccount"
    }
    identities = (PLATFORM / "identities.tf").read_text()
    ours = set(re.findall(r'(?m)^    ([\w-]+)\s+= \{ namespace = "shiftdesk"', identities))
    assert ours
    assert ours <= accounts


def documents(path: Path) -> list[dict[str, object]]:
    loaded = yaml.safe_load_all(path.read_text())
    return [one for one in loaded if isinstance(one, dict)]
