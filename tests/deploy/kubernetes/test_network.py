"""Who may speak to whom: every opening is named here, all else is shut."""

from itertools import product

import pytest

from tests.support.manifests import (
    OVERLAYS,
    Manifest,
    Pod,
    container,
    environment,
    name_of,
    named,
    of_kind,
    overlay,
    pods,
    running_pods,
    selects,
)

DASK = 40_000
"""One of the ports that the system gives Dask's workers."""

OPENINGS = {
    ("ai-pod", "ai-pod", DASK),
    ("ai-pod", "learning", 8786),
    ("backend", "ai-pod", 8000),
    ("backend", "scheduler", 8000),
    ("learning", "ai-pod", DASK),
}
OF_THE_STORES = {
    *((one, "postgres", 5432) for one in ("backend", "scheduler", "demo")),
    *((f"migrate-{one}", "postgres", 5432) for one in ("backend", "scheduler")),
    *((one, "redis", 6379) for one in ("ai-pod", "backend", "market", "scheduler")),
}
FROM_NAMESPACES = {
    "ingress-nginx": {"ai-pod", "backend", "frontend"},
    "keda": {"backend"},
    "monitoring": {"ai-pod", "backend", "market", "scheduler"},
}


@pytest.mark.parametrize("name", OVERLAYS)
def test_between_our_pods_only_what_is_named_is_open(name: str) -> None:
    manifests = overlay(name)
    ports = {port for _, _, port in OPENINGS | OF_THE_STORES} | {8080, 443}
    found = {
        (one.name, other.name, port)
        for one, other in product(pods(manifests), repeat=2)
        for port in ports
        if _may_speak(manifests, one, other, port)
    }
    assert found == OPENINGS | (OF_THE_STORES if name == "local" else set())


@pytest.mark.parametrize("name", OVERLAYS)
def test_every_pod_is_shut_both_ways_by_default(name: str) -> None:
    manifests = overlay(name)
    shut = named(manifests, "NetworkPolicy", "default-deny")["spec"]
    assert shut == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    for pod in running_pods(manifests):
        own = [
            one
            for one in of_kind(manifests, "NetworkPolicy")
            if one["spec"]["podSelector"] and selects(one["spec"]["podSelector"], pod.labels)
        ]
        assert own, f"{pod.name} has no policy of its own"


def test_from_other_namespaces_come_ingress_keda_and_prometheus() -> None:
    manifests = overlay("local")
    for namespace, open_to in FROM_NAMESPACES.items():
        found = {pod.name for pod in running_pods(manifests) if _from(manifests, namespace, pod)}
        assert found == open_to, namespace


@pytest.mark.parametrize("name", ["staging", "production"])
def test_load_balancers_come_from_their_subnets_and_nodes_credentials_are_out_of_reach(
    name: str,
) -> None:
    manifests = overlay(name)
    for service in ("frontend", "backend", "ai-pod"):
        first = named(manifests, "NetworkPolicy", service)["spec"]["ingress"][0]
        assert first["from"] == [{"ipBlock": {"cidr": "10.0.0.0/20"}}]
    for policy in of_kind(manifests, "NetworkPolicy"):
        for rule in policy["spec"].get("egress", ()):
            for peer in rule.get("to", ()):
                if peer.get("ipBlock", {}).get("cidr") == "0.0.0.0/0":
                    assert "169.254.169.254/32" in peer["ipBlock"]["except"]
    outside = {pod.name for pod in running_pods(manifests) if _to_the_world(manifests, pod, 443)}
    assert outside == {"ai-pod", "backend", "market"}


@pytest.mark.parametrize("name", ["staging", "production"])
def test_page_and_api_are_reached_by_way_of_cloudfront_alone(name: str) -> None:
    manifests = overlay(name)
    let_in = "alb.ingress.kubernetes.io/security-group-prefix-lists"
    for ingress in of_kind(manifests, "Ingress"):
        annotations = ingress["metadata"]["annotations"]
        public = annotations["alb.ingress.kubernetes.io/scheme"] == "internet-facing"
        assert annotations.get(let_in, "").startswith("pl-") == public, name_of(ingress)
        assert "alb.ingress.kubernetes.io/inbound-cidrs" not in annotations
    backend = next(pod for pod in running_pods(manifests) if pod.name == "backend")
    told = environment(manifests, backend)
    assert told["SHIFTDESK_VIEWER_HEADER"] == "CloudFront-Viewer-Address"
    assert told["FORWARDED_ALLOW_IPS"] == "10.0.0.0/20"


@pytest.mark.parametrize("name", OVERLAYS)
def test_policies_name_ports_that_somebody_listens_on(name: str) -> None:
    listening = {
        port["containerPort"]
        for pod in running_pods(overlay(name))
        for one in pod.spec["containers"]
        for port in one["ports"]
    }
    for policy in of_kind(overlay(name), "NetworkPolicy"):
        for rule in policy["spec"].get("ingress", ()):
            for port in rule["ports"]:
                assert "endPort" in port or port["port"] in listening, policy["metadata"]["name"]


def _may_speak(manifests: tuple[Manifest, ...], one: Pod, other: Pod, port: int) -> bool:
    out = any(
        _port(rule, port) and _peer(rule.get("to"), other.labels)
        for rule in _rules(manifests, one, "egress")
    )
    return out and any(
        _port(rule, port) and _peer(rule.get("from"), one.labels)
        for rule in _rules(manifests, other, "ingress")
    )


def _rules(manifests: tuple[Manifest, ...], pod: Pod, way: str) -> list[Manifest]:
    return [
        rule
        for policy in of_kind(manifests, "NetworkPolicy")
        if selects(policy["spec"]["podSelector"], pod.labels)
        for rule in policy["spec"].get(way, ())
    ]


def _port(rule: Manifest, port: int) -> bool:
    return any(
        one["port"] == port or one["port"] <= port <= one.get("endPort", one["port"])
        for one in rule["ports"]
    )


def _peer(peers: list[Manifest] | None, labels: dict[str, str]) -> bool:
    """Whether a pod of our namespace is among the peers; None is everybody."""
    return peers is None or any(
        (
            "podSelector" in peer
            and "namespaceSelector" not in peer
            and selects(peer["podSelector"], labels)
        )
        or peer.get("ipBlock", {}).get("cidr") == "0.0.0.0/0"
        for peer in peers
    )


def _from(manifests: tuple[Manifest, ...], namespace: str, pod: Pod) -> bool:
    labels = {"kubernetes.io/metadata.name": namespace}
    port = container(pod)["ports"][0]["containerPort"]
    return any(
        _port(rule, port)
        and any(
            "namespaceSelector" in peer and selects(peer["namespaceSelector"], labels)
            for peer in rule["from"]
        )
        for rule in _rules(manifests, pod, "ingress")
    )


def _to_the_world(manifests: tuple[Manifest, ...], pod: Pod, port: int) -> bool:
    return any(
        _port(rule, port) and any("ipBlock" in peer for peer in rule.get("to", ()))
        for rule in _rules(manifests, pod, "egress")
    )
