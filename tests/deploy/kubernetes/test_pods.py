"""What holds for every pod: probes, bounds, no privileges, a budget, spread, time to leave."""

import pytest

from ai_pod.__main__ import MARGIN_SECONDS
from tests.support.manifests import (
    OVERLAYS,
    Manifest,
    container,
    environment,
    named,
    of_kind,
    overlay,
    pods,
    running_pods,
    selects,
)

pytestmark = pytest.mark.parametrize("name", OVERLAYS)

PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
BOUNDS = ("cpu", "memory")


def test_every_container_is_probed(name: str) -> None:
    for pod in running_pods(overlay(name)):
        main = container(pod)
        assert [probe for probe in PROBES if probe not in main] == [], pod.name
        for beside in pod.spec["containers"]:
            assert "livenessProbe" in beside
            assert "readinessProbe" in beside


def test_every_container_is_bounded(name: str) -> None:
    for pod in pods(overlay(name)):
        for one in pod.spec["containers"]:
            for kind in ("requests", "limits"):
                assert set(BOUNDS) <= set(one["resources"][kind]), (pod.name, one["name"])


def test_every_pod_is_hardened(name: str) -> None:
    """Pod Security `restricted`, and more: a file system that is read only, no token."""
    for pod in pods(overlay(name)):
        whole = pod.spec["securityContext"]
        assert whole["runAsNonRoot"] is True, pod.name
        assert whole["runAsUser"] >= 10000
        assert whole["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(pod.spec)
        assert not [one for one in pod.spec.get("volumes", ()) if "hostPath" in one]
        assert pod.spec["automountServiceAccountToken"] is (pod.name == "backend"), pod.name
        for one in pod.spec["containers"]:
            rights = one["securityContext"]
            assert rights["allowPrivilegeEscalation"] is False
            assert rights["readOnlyRootFilesystem"] is True
            assert rights["capabilities"] == {"drop": ["ALL"]}


def test_the_namespace_admits_hardened_pods_alone(name: str) -> None:
    labels = named(overlay(name), "Namespace", "shiftdesk")["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


def test_every_pod_has_one_budget_that_lets_a_node_be_drained(name: str) -> None:
    budgets = of_kind(overlay(name), "PodDisruptionBudget")
    for pod in running_pods(overlay(name)):
        its = [one for one in budgets if selects(one["spec"]["selector"], pod.labels)]
        assert len(its) == 1, pod.name
        assert "minAvailable" not in its[0]["spec"]
        assert its[0]["spec"]["maxUnavailable"] not in (0, "0%")


def test_every_pod_is_spread(name: str) -> None:
    for pod in running_pods(overlay(name)):
        spreads = pod.spec["topologySpreadConstraints"]
        keys = {one["topologyKey"] for one in spreads}
        assert "kubernetes.io/hostname" in keys
        if pod.kind == "Deployment":
            assert "topology.kubernetes.io/zone" in keys
        assert all(selects(one["labelSelector"], pod.labels) for one in spreads), pod.name


def test_every_deployment_selects_its_own_pods_and_has_a_priority(name: str) -> None:
    manifests = overlay(name)
    classes = {one["metadata"]["name"] for one in of_kind(manifests, "PriorityClass")}
    for one in of_kind(manifests, "Deployment"):
        template = one["spec"]["template"]
        assert selects(one["spec"]["selector"], template["metadata"]["labels"])
        assert template["spec"]["priorityClassName"] in classes
        assert template["spec"]["serviceAccountName"] == one["metadata"]["name"]


def test_a_pod_has_longer_to_leave_than_it_may_need(name: str) -> None:
    manifests = overlay(name)
    for pod in running_pods(manifests):
        if pod.kind == "Deployment":
            assert pod.spec["terminationGracePeriodSeconds"] > _leaves_in(manifests, pod.name)


def test_the_market_never_runs_twice(name: str) -> None:
    for single in ("market", "learning"):
        spec = named(overlay(name), "Deployment", single)["spec"]
        assert spec["replicas"] == 1
        assert spec["strategy"] == {"type": "Recreate"}


def test_a_rollout_of_pods_does_not_surge(name: str) -> None:
    """What runs beyond the wanted number is surplus, and the youngest is emptied first."""
    strategy = named(overlay(name), "Deployment", "ai-pod")["spec"]["strategy"]
    assert strategy["rollingUpdate"]["maxSurge"] == 0


def _leaves_in(manifests: tuple[Manifest, ...], service: str) -> float:
    """Seconds of preStop and of the service's own drain."""
    pod = next(one for one in running_pods(manifests) if one.name == service)
    before = container(pod).get("lifecycle", {}).get("preStop", {})
    if "sleep" in before:
        waits = float(before["sleep"]["seconds"])
    else:
        waits = float(before["exec"]["command"][-1]) if before else 0.0
    if service == "ai-pod":
        leave = environment(manifests, pod)["SHIFTDESK_LEAVE_SECONDS"]
        return waits + float(leave or 0.0) + MARGIN_SECONDS
    return waits + 20.0
