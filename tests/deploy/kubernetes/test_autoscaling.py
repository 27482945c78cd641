"""One autoscaler a target, and nothing else that counts its pods."""

import pytest

from backend.pods.schemas import ScalingView
from tests.support.manifests import OVERLAYS, Manifest, name_of, named, of_kind, overlay

pytestmark = pytest.mark.parametrize("name", OVERLAYS)


def targets(manifests: tuple[Manifest, ...]) -> list[tuple[str, str]]:
    """(kind, name) of what each autoscaler rules."""
    refs = [
        one["spec"]["scaleTargetRef"]
        for one in of_kind(manifests, "HorizontalPodAutoscaler", "ScaledObject")
    ]
    return [(ref.get("kind", "Deployment"), ref["name"]) for ref in refs]


def test_every_target_has_one_autoscaler_and_exists(name: str) -> None:
    ruled = targets(overlay(name))
    assert sorted(ruled) == [
        ("Deployment", "ai-pod"),
        ("Deployment", "backend"),
        ("Deployment", "frontend"),
    ]
    for kind, target in ruled:
        named(overlay(name), kind, target)


def test_replicas_stand_only_where_no_autoscaler_rules(name: str) -> None:
    ruled = set(targets(overlay(name)))
    for one in of_kind(overlay(name), "Deployment", "StatefulSet"):
        counted = "replicas" in one["spec"]
        assert counted is ((one["kind"], name_of(one)) not in ruled), name_of(one)


def test_the_pods_follow_wanted_pods_step_by_step(name: str) -> None:
    spec = named(overlay(name), "ScaledObject", "ai-pod")["spec"]
    config = spec["advanced"]["horizontalPodAutoscalerConfig"]
    assert config["name"] == "ai-pod"
    for way in ("scaleUp", "scaleDown"):
        assert config["behavior"][way]["tolerance"] == "0"
        assert config["behavior"][way]["stabilizationWindowSeconds"] == 0
    (trigger,) = spec["triggers"]
    assert trigger["type"] == "metrics-api"
    assert trigger["metricType"] == "AverageValue"
    assert trigger["metadata"]["targetValue"] == "1"
    assert trigger["metadata"]["valueLocation"] in ScalingView.model_fields


def test_no_pod_goes_while_the_number_is_unknown(name: str) -> None:
    spec = named(overlay(name), "ScaledObject", "ai-pod")["spec"]
    assert spec["fallback"]["behavior"] == "currentReplicasIfHigher"
    assert spec["minReplicaCount"] >= 1


def test_the_others_scale_by_load(name: str) -> None:
    for target in ("backend", "frontend"):
        spec = named(overlay(name), "HorizontalPodAutoscaler", target)["spec"]
        by = [one["resource"]["name"] for one in spec["metrics"] if one["type"] == "Resource"]
        assert by == ["cpu", "memory"]
        rates = [one["pods"]["metric"]["name"] for one in spec["metrics"] if one["type"] == "Pods"]
        assert rates == ([] if name == "local" else [f"{target}_requests_per_second"])
        assert spec["minReplicas"] >= 2
