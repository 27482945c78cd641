"""Whatever rules, dashboards and documentation name exists: metrics, labels, buckets, pages."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support import promql
from tests.support.exposed import exposed

ROOT = Path(__file__).parents[3]
MONITORING = ROOT / "k8s" / "components" / "monitoring"
RULES = yaml.safe_load((MONITORING / "rules.yaml").read_text())["spec"]["groups"]
DASHBOARDS = sorted((MONITORING / "dashboards").glob("*.json"))

TARGET_LABELS = {"job", "instance", "pod", "namespace", "slo", "alertname", "alertstate"}
"""Put on by Prometheus at the scrape, or by our rules."""

PROMETHEUS_OWN = {"up", "ALERTS"}

PROMISED = {
    "ai_pod_connected_users": (),
    "ai_pod_agent_state": ("agent", "state"),
    "ai_pod_switch_seconds_bucket": (),
    "ai_pod_switch_late_seconds_bucket": (),
    "ai_pod_memory_bytes": ("agent",),
    "ai_pod_tick_to_signal_seconds_bucket": (),
    "backend_live_delivery_seconds_bucket": (),
    "backend_allocation_seconds_bucket": (),
    "backend_waiting_desks": ("pool",),
    "backend_fenced_writes_total": (),
    "backend_orders_total": ("outcome", "reason"),
    "scheduler_pods_late": ("pool",),
    "chat_first_token_seconds_bucket": (),
    "chat_ungrounded_numbers_total": (),
    "learning_verdicts_total": ("verdict",),
    "desk_cost_seconds_total": ("resource",),
}
"""Names that others rely on: changing one breaks their dashboards."""


def rules() -> list[dict[str, Any]]:
    return [rule for group in RULES for rule in group["rules"]]


def panels(path: Path) -> list[dict[str, Any]]:
    board = json.loads(path.read_text())
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def expressions() -> list[tuple[str, str]]:
    """(where, expression) of every rule and every panel."""
    found = [(rule.get("alert") or rule["record"], str(rule["expr"])) for rule in rules()]
    for path in DASHBOARDS:
        for panel in panels(path):
            found += [(f"{path.stem}: {panel['title']}", its["expr"]) for its in panel["targets"]]
    return found


def known() -> set[str]:
    return {*exposed(), *PROMETHEUS_OWN, *(rule["record"] for rule in rules() if "record" in rule)}


@pytest.mark.parametrize("name", PROMISED)
def test_what_is_promised_is_exposed_with_its_labels(name: str) -> None:
    assert exposed()[name].labels == PROMISED[name]


def test_every_metric_of_rules_and_dashboards_exists() -> None:
    used = {(where, name) for where, expr in expressions() for name in promql.metrics(expr)}
    assert len(used) > 60
    assert not [(where, name) for where, name in sorted(used) if name not in known()]


def test_every_label_and_bucket_that_is_selected_exists() -> None:
    wrong = []
    for where, expression in expressions():
        for its in promql.selected(expression):
            about = exposed().get(its.metric)
            labels = TARGET_LABELS | {*(about.labels if about else ())}
            if its.label == "le":
                good = about is not None and its.value in about.buckets
            else:
                good = its.label in labels
            if not good:
                wrong.append((where, its))
    assert not wrong


def test_nothing_is_grouped_by_a_label_that_none_of_its_metrics_has() -> None:
    wrong = []
    for where, expression in expressions():
        abouts = [exposed()[name] for name in promql.metrics(expression) if name in exposed()]
        labels = TARGET_LABELS | {"le"} | {label for one in abouts for label in one.labels}
        wrong += [(where, label) for label in promql.grouped(expression) if label not in labels]
    assert not wrong


def test_every_metric_is_looked_at_by_a_rule_or_a_dashboard() -> None:
    used = {name for _, expression in expressions() for name in promql.metrics(expression)}
    seen = {name.removesuffix(part) for name in used for part in ("_bucket", "_count", "_sum", "")}
    stems = {name.removesuffix("_bucket") for name in exposed() if not _part(name)}
    assert not sorted(stems - seen)


def _part(name: str) -> bool:
    return name.endswith(("_count", "_sum")) and f"{name.rsplit('_', 1)[0]}_bucket" in exposed()


def test_the_documentation_names_metrics_that_exist() -> None:
    page = (ROOT / "docs" / "observability.md").read_text()
    named = set(re.findall(r"`((?:ai_pod|backend|market|scheduler|chat|learning)_\w+)", page))
    stems = {re.sub(r"_(bucket|count|sum)$", "", name) for name in exposed()}
    assert len(named) > 25
    assert not sorted(named - stems - set(exposed()))


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_a_dashboard_can_be_read_and_chosen(path: Path) -> None:
    board = json.loads(path.read_text())
    assert board["uid"] == f"shiftdesk-{path.stem}"
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids))
    for panel in panels(path):
        assert panel["title"]
        assert panel["targets"]
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
    listed = yaml.safe_load((MONITORING / "kustomization.yaml").read_text())
    assert f"dashboards/{path.name}" in listed["configMapGenerator"][0]["files"]


def test_no_two_panels_lie_on_each_other() -> None:
    for path in DASHBOARDS:
        taken: set[tuple[int, int]] = set()
        for panel in json.loads(path.read_text())["panels"]:
            place = panel["gridPos"]
            cells = {
                (x, y)
                for x in range(place["x"], place["x"] + place["w"])
                for y in range(place["y"], place["y"] + place["h"])
            }
            assert not cells & taken, (path.stem, panel["title"])
            taken |= cells


def test_an_expression_is_taken_apart_as_prometheus_reads_it() -> None:
    expression = 'sum by (le, pod) (rate(a_bucket{le="0.5",x!~"b|c"}[5m])) > on (slo) 14.4 * slo:b'
    assert promql.metrics(expression) == {"a_bucket", "slo:b"}
    assert {(its.label, its.value) for its in promql.selected(expression)} == {
        ("le", "0.5"),
        ("x", "b|c"),
    }
    assert promql.grouped(expression) == {"le", "pod", "slo"}
