"""The rules as Prometheus reads them: promtool checks them, fires every alert, and keeps others
silent; every alert has a page.
"""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from market.observing import ENDPOINTS
from tests.deploy.observability.test_names import DASHBOARDS, ROOT, RULES, rules
from tests.support.manifests import K8S, kustomized, name_of, named, of_kind, overlay, selects

CASES = sorted((Path(__file__).parent / "alerts").glob("*.yaml"))
PAGES = ROOT / "docs" / "runbooks" / "alerts"
ALERTS = {rule["alert"]: rule for rule in rules() if "alert" in rule}

needs_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool is not here; Debian's prometheus has it"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rules as a rule file, with the cases beside it."""
    made = tmp_path_factory.mktemp("rules")
    (made / "rules.yaml").write_text(yaml.safe_dump({"groups": RULES}, sort_keys=False))
    for path in CASES:
        shutil.copy(path, made)
    return made


def promtool(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["promtool", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def cases() -> list[dict[str, Any]]:
    """Every question about an alert in the cases."""
    return [
        asked
        for path in CASES
        for test in yaml.safe_load(path.read_text())["tests"]
        for asked in test["alert_rule_test"]
    ]


@pytest.mark.parametrize("name", ["staging", "production"])
def test_every_alert_reaches_the_alarms_topic_with_what_it_says(name: str) -> None:
    spec = named(overlay(name), "AlertmanagerConfig", "shiftdesk")["spec"]
    (receiver,) = spec["receivers"]
    assert spec["route"]["receiver"] == receiver["name"]
    (matcher,) = spec["route"]["matchers"]
    assert (matcher["name"], matcher["matchType"]) == ("severity", "=~")
    for rule in ALERTS.values():
        assert re.fullmatch(matcher["value"], rule["labels"]["severity"])
        told = re.findall(r"\.Annotations\.(\w+)", receiver["snsConfigs"][0]["message"])
        assert set(rule["annotations"]) <= set(told)
    assert receiver["snsConfigs"][0]["topicARN"].endswith(f":shiftdesk-{name}-alarms")
    values = yaml.safe_load((K8S / "components" / "monitoring" / "stack-values.yaml").read_text())
    strategy = values["alertmanager"]["alertmanagerSpec"]["alertmanagerConfigMatcherStrategy"]
    assert strategy == {"type": "None"}, "or a sum over all pods, without a namespace, is lost"


@needs_promtool
def test_promtool_accepts_the_rules(folder: Path) -> None:
    done = promtool(folder, "check", "rules", "--lint=all", "--lint-fatal", "rules.yaml")
    assert done.returncode == 0, done.stdout + done.stderr


@needs_promtool
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_alerts_fire_when_they_should_and_only_then(folder: Path, path: Path) -> None:
    done = promtool(folder, "test", "rules", path.name)
    assert done.returncode == 0, done.stdout + done.stderr


@needs_promtool
def test_a_case_that_expects_another_alert_fails(folder: Path) -> None:
    wrong = (folder / "people.yaml").read_text().replace("severity: ticket", "severity: page")
    (folder / "wrong.yaml").write_text(wrong)
    assert promtool(folder, "test", "rules", "wrong.yaml").returncode == 1


def test_every_alert_has_a_case_that_fires_it_and_one_that_does_not() -> None:
    fired = {asked["alertname"] for asked in cases() if asked["exp_alerts"]}
    silent = {asked["alertname"] for asked in cases() if not asked["exp_alerts"]}
    # Of these a series beside the one that fires stays silent.
    beside = {"LoopFailing", "PlanNotPublished", "AgentFaulted", "PodOverFull"}
    assert set(ALERTS) == fired
    assert set(ALERTS) - silent == beside


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_says_how_urgent_it_is_and_what_to_do(name: str) -> None:
    rule = ALERTS[name]
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"]["summary"]
    page = ROOT / rule["annotations"]["runbook"]
    assert page.parent == PAGES
    text = page.read_text()
    assert text.startswith(f"# {name}\n")
    assert ("*Pages.*" in text) == (rule["labels"]["severity"] == "page")
    for part in ("**Who is hurt.**", "## Look", "## Mend"):
        assert part in text


def test_every_objective_has_its_three_series_and_its_row() -> None:
    series = ("slo:events:rate5m", "slo:bad:rate5m", "slo:budget:ratio")
    of = {
        name: {rule["labels"]["slo"] for rule in rules() if rule.get("record") == name}
        for name in series
    }
    assert of[series[0]] == of[series[1]] == of[series[2]]
    page = (ROOT / "docs" / "observability.md").read_text()
    runbook = (PAGES / "error-budget-burns-fast.md").read_text()
    for objective in of[series[0]]:
        assert f"| `{objective}` |" in page
        assert f"`{objective}`:" in runbook


def test_production_is_scraped_by_service_name_and_has_rules_and_dashboards() -> None:
    manifests = overlay("production")
    (rule,) = of_kind(manifests, "PrometheusRule")
    assert rule["spec"]["groups"] == RULES
    (monitor,) = of_kind(manifests, "ServiceMonitor")
    assert monitor["spec"]["jobLabel"] == "app.kubernetes.io/name"
    scraped = {
        name_of(one)
        for one in of_kind(manifests, "Service")
        if selects(monitor["spec"]["selector"], one["metadata"]["labels"])
    }
    assert scraped == {"ai-pod", "backend", "market", "scheduler"}
    boards = named(manifests, "ConfigMap", "shiftdesk-dashboards")
    assert boards["metadata"]["labels"]["grafana_dashboard"] == "1"
    assert set(boards["data"]) == {path.name for path in DASHBOARDS}


def test_traces_are_an_option_of_any_overlay(tmp_path: Path) -> None:
    shutil.copytree(K8S, tmp_path / "k8s")
    file = tmp_path / "k8s" / "overlays" / "staging" / "kustomization.yaml"
    before = "  - ../../components/monitoring\n"
    file.write_text(file.read_text().replace(before, before + "  - ../../components/tracing\n"))
    manifests = kustomized(file.parent)
    told = {
        one["metadata"]["name"].rsplit("-", 1)[0]: one["data"]
        for one in of_kind(manifests, "ConfigMap")
        if ENDPOINTS[0] in one.get("data", {})
    }
    assert set(told) == {"ai-pod", "backend", "scheduler"}
    network = named(manifests, "NetworkPolicy", "to-collector")["spec"]
    (port,) = network["egress"][0]["ports"]
    for data in told.values():
        assert data[ENDPOINTS[0]].endswith(f":{port['port']}")
