"""What holds for every pod: probes, bounds, no privileges, a budget, spread, time to leave."""

import pytest

from market.serving import LONGEST_END_SECONDS
from tests.support.manifests import (
    OVERLAYS,
    container,
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
    for pod in running_pods(overlay(name)):
        main = container(pod)
        before = main.get("lifecycle", {}).get("preStop", {})
        waits = float(before["exec"]["command"][-1]) if "exec" in before else 0.0
        waits += before.get("sleep", {}).get("seconds", 0)
        ends = LONGEST_END_SECONDS if "startupz" in str(main["startupProbe"]) else 10.0
        assert pod.spec["terminationGracePeriodSeconds"] > waits + ends, pod.name


def test_the_market_never_runs_twice(name: str) -> None:
    for single in ("market", "learning"):
        spec = named(overlay(name), "Deployment", single)["spec"]
        assert spec["replicas"] == 1
        assert spec["strategy"] == {"type": "Recreate"}


def test_a_rollout_of_pods_does_not_surge(name: str) -> None:
    """What runs beyond the wanted number is surplus, and the youngest is emptied first."""
    strategy = named(overlay(name), "Deployment", "ai-pod")["spec"]["strategy"]
    assert strategy["rollingUpdate"]["maxSurge"] == 0


def test_a_rollout_of_many_pods_takes_no_longer_than_one_of_few(name: str) -> None:
    """A share goes at a time, no more than a node's drain may take."""
    strategy = named(overlay(name), "Deployment", "ai-pod")["spec"]["strategy"]
    budget = named(overlay(name), "PodDisruptionBudget", "ai-pod")["spec"]
    share = strategy["rollingUpdate"]["maxUnavailable"]
    assert 0 < int(share.removesuffix("%")) <= int(budget["maxUnavailable"].removesuffix("%"))
    assert share.endswith("%")
