"""Manifests and code agree: settings, ports, probes, commands, the addresses of neighbours."""

import importlib.util
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from pydantic_settings import BaseSettings
from starlette.routing import Match

import ai_pod.app
import backend.app
import market.app
import scheduler.app
from ai_pod.settings import PodSettings
from backend.settings import Settings as BackendSettings
from market.settings import Settings as MarketSettings
from scheduler.settings import Settings as SchedulerSettings
from tests.support.manifests import (
    OVERLAYS,
    ROOT,
    Manifest,
    Pod,
    container,
    environment,
    mounted_secrets,
    named,
    of_kind,
    overlay,
    pods,
    running_pods,
    secret_keys,
    selects,
)

SETTINGS: dict[str, type[BaseSettings]] = {
    "ai-pod": PodSettings,
    "backend": BackendSettings,
    "market": MarketSettings,
    "scheduler": SchedulerSettings,
    "migrate-backend": BackendSettings,
    "migrate-scheduler": SchedulerSettings,
}
APPS: dict[str, Callable[[], FastAPI]] = {
    "ai-pod": lambda: ai_pod.app.create_app(PodSettings(), "http://127.0.0.1:1"),
    "backend": lambda: backend.app.create_app(BackendSettings()),
    "market": lambda: market.app.create_app(MarketSettings()),
    "scheduler": lambda: scheduler.app.create_app(SchedulerSettings()),
}
SECRET = "x" * 40
NGINX = (ROOT / "frontend" / "nginx.conf").read_text()


@pytest.mark.parametrize("name", OVERLAYS)
def test_every_variable_is_a_setting_of_its_service(name: str) -> None:
    for pod in pods(overlay(name)):
        if pod.name in SETTINGS:
            unknown = [
                variable
                for variable in environment(overlay(name), pod)
                if variable.startswith("SHIFTDESK_")
                and variable.removeprefix("SHIFTDESK_").lower()
                not in SETTINGS[pod.name].model_fields
            ]
            assert unknown == [], pod.name


@pytest.mark.parametrize("name", OVERLAYS)
@pytest.mark.parametrize("service", APPS)
def test_a_service_starts_with_its_settings(
    name: str, service: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    manifests = overlay(name)
    told = environment(manifests, _running(manifests, service))
    for variable, value in told.items():
        if re.fullmatch("SHIFTDESK_.*_FILE", variable):
            file = tmp_path / variable
            file.write_text(_secret(variable))
            value = str(file)
        monkeypatch.setenv(variable, value or SECRET)
    settings = SETTINGS[service]()
    if service != "market":
        expected = "local" if name == "local" else "production"
        assert settings.environment == expected  # type: ignore[attr-defined]
    assert settings.host == "0.0.0.0"  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", OVERLAYS)
def test_every_file_that_a_service_is_told_of_is_mounted_from_a_secret(name: str) -> None:
    manifests = overlay(name)
    for pod in pods(manifests):
        if pod.name in SETTINGS:
            told = environment(manifests, pod)
            files = {told[one] for one in told if re.fullmatch("SHIFTDESK_.*_FILE", one)}
            assert files == mounted_secrets(manifests, pod), pod.name
            assert files


@pytest.mark.parametrize("name", OVERLAYS)
def test_all_services_share_clock_pool_and_stores(name: str) -> None:
    manifests = overlay(name)
    told = {service: environment(manifests, _running(manifests, service)) for service in APPS}
    for variable in ("CLOCK", "HISTORY", "ARTIFACTS", "POOL"):
        values = {
            its[f"SHIFTDESK_{variable}"] for its in told.values() if f"SHIFTDESK_{variable}" in its
        }
        assert len(values) == 1, variable
    assert told["scheduler"]["SHIFTDESK_POOLS"] == told["backend"]["SHIFTDESK_POOL"]


@pytest.mark.parametrize("service", APPS)
def test_every_probe_is_a_route_on_the_port_that_is_served(service: str) -> None:
    manifests = overlay("production")
    pod = _running(manifests, service)
    main = container(pod)
    app = APPS[service]()
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert _answers(app, main[probe]["httpGet"]["path"]), probe
        assert main[probe]["httpGet"]["port"] == "http"
    assert _answers(app, "/metrics")
    assert not _answers(app, "/no-such-probe")
    (port,) = main["ports"]
    served = environment(manifests, pod)["SHIFTDESK_PORT"]
    assert port == {"name": "http", "containerPort": int(served or 0)}


def test_nginx_serves_the_port_and_the_probe_of_the_page() -> None:
    pod = _running(overlay("production"), "frontend")
    main = container(pod)
    assert f"listen {main['ports'][0]['containerPort']};" in NGINX
    assert f"location = {main['livenessProbe']['httpGet']['path']} {{" in NGINX
    asked = urlsplit(container(pod, "exporter")["args"][0].partition("=")[2])
    assert f"location = {asked.path} {{" in NGINX
    assert asked.port == main["ports"][0]["containerPort"]


def test_the_page_is_protected_as_the_back_end_protects_it() -> None:
    from backend import middleware

    assert f'add_header Content-Security-Policy "{middleware._PAGE_POLICY}" always;' in NGINX
    for header, value in middleware._HEADERS.items():
        assert re.search(rf'add_header {header} "?{re.escape(value)}"? always;', NGINX), header


@pytest.mark.parametrize("name", OVERLAYS)
def test_every_command_is_a_module_or_a_file(name: str) -> None:
    for pod in pods(overlay(name)):
        main = container(pod)
        hook = main.get("lifecycle", {}).get("preStop", {}).get("exec", {}).get("command", [])
        for command in (main.get("args", []), hook):
            if command[:2] == ["python", "-m"]:
                assert importlib.util.find_spec(command[2]), command


@pytest.mark.parametrize("name", OVERLAYS)
def test_services_lead_to_ports_of_pods(name: str) -> None:
    manifests = overlay(name)
    for service in of_kind(manifests, "Service"):
        (pod,) = [
            pod
            for pod in running_pods(manifests)
            if selects({"matchLabels": service["spec"]["selector"]}, pod.labels)
        ]
        names = {port["name"] for port in container(pod)["ports"]}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= names
    for ingress in of_kind(manifests, "Ingress"):
        for rule in ingress["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                target = path["backend"]["service"]
                ports = named(manifests, "Service", target["name"])["spec"]["ports"]
                assert target["port"]["name"] in {port["name"] for port in ports}


@pytest.mark.parametrize("name", OVERLAYS)
def test_neighbours_are_dialled_where_they_are(name: str) -> None:
    manifests = overlay(name)
    ports = {
        one["metadata"]["name"]: {port["port"] for port in one["spec"]["ports"]}
        for one in of_kind(manifests, "Service")
    }
    backend_is_told = environment(manifests, _running(manifests, "backend"))
    pod_is_told = environment(manifests, _running(manifests, "ai-pod"))
    for url in (backend_is_told["SHIFTDESK_SCHEDULER_URL"], pod_is_told["SHIFTDESK_DASK"]):
        assert url
        assert (urlsplit(url).port or 80) in ports[urlsplit(url).hostname or ""]
    learning = container(_running(manifests, "learning"))
    assert (
        urlsplit(learning["args"][-1]).scheme
        == urlsplit(pod_is_told["SHIFTDESK_DASK"] or "").scheme
    )
    assert urlsplit(learning["args"][-1]).port == learning["ports"][0]["containerPort"]


@pytest.mark.parametrize("name", OVERLAYS)
def test_keda_asks_the_back_end_with_a_token_that_it_knows(name: str) -> None:
    manifests = overlay(name)
    trigger = named(manifests, "ScaledObject", "ai-pod")["spec"]["triggers"][0]
    url = urlsplit(trigger["metadata"]["url"])
    assert url.hostname == "backend.shiftdesk.svc.cluster.local"
    assert _answers(APPS["backend"](), url.path)
    pool = environment(manifests, _running(manifests, "backend"))["SHIFTDESK_POOL"]
    assert url.query == f"pool={pool}"
    asked = named(manifests, "TriggerAuthentication", trigger["authenticationRef"]["name"])
    (token,) = asked["spec"]["secretTargetRef"]
    assert token["key"] in secret_keys(manifests, token["name"])
    if name != "local":
        places = {
            row["secretKey"]: row["remoteRef"]
            for secret in ("backend", "scaling")
            for row in named(manifests, "ExternalSecret", secret)["spec"]["data"]
        }
        assert places["token"]["key"] == places["scaling-tokens"]["key"]
        # While one is replaced the back end knows two, a line each; a header holds one line.
        assert places["scaling-tokens"]["property"] == "scaling_tokens"
        assert places["token"]["property"] == "scaling_token"


def test_the_back_end_may_do_to_pods_what_it_does_and_no_more() -> None:
    manifests = overlay("production")
    binding = of_kind(manifests, "RoleBinding")[0]
    assert binding["subjects"] == [
        {"kind": "ServiceAccount", "name": "backend", "namespace": "shiftdesk"}
    ]
    fleet = (ROOT / "backend" / "pods" / "fleets" / "kubernetes.py").read_text()
    calls = re.findall(r"\.(\w+?)_namespaced_pod_", fleet)
    role = named(manifests, "Role", binding["roleRef"]["name"])
    assert role["rules"] == [{"apiGroups": [""], "resources": ["pods"], "verbs": sorted(calls)}]
    backend_is_told = environment(manifests, _running(manifests, "backend"))
    assert backend_is_told["SHIFTDESK_FLEET"] == "kubernetes"
    key, _, value = BackendSettings().fleet_selector.partition("=")
    assert _running(manifests, "ai-pod").labels[key] == value


@pytest.mark.parametrize("name", ["staging", "production"])
def test_pods_are_sent_to_node_groups_that_terraform_makes(name: str) -> None:
    environment_tf = ROOT / "infra" / "terraform" / "environments" / name / "main.tf"
    groups = environment_tf.read_text().partition("node_groups = {")[2]
    there = set(re.findall(r"(?m)^    (\w+) = \{$", groups))
    for pod in running_pods(overlay(name)):
        if pod.name != "ai-pod":
            assert pod.spec["nodeSelector"]["shiftdesk/nodes"] in there
    affinity = _running(overlay(name), "ai-pod").spec["affinity"]["nodeAffinity"]
    preferred = affinity["preferredDuringSchedulingIgnoredDuringExecution"][0]["preference"]
    assert set(preferred["matchExpressions"][0]["values"]) <= there


def _answers(app: FastAPI, path: str) -> bool:
    """Whether GET of the path is somebody's."""
    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    return any(route.matches(scope)[0] is Match.FULL for route in app.routes)


def _running(manifests: tuple[Manifest, ...], service: str) -> Pod:
    return next(pod for pod in running_pods(manifests) if pod.name == service)


def _secret(variable: str) -> str:
    if "DATABASE_URL" in variable:
        return "postgresql://role:word@neon.example/shiftdesk"
    return "rediss://redis.example:6379/0" if "REDIS_URL" in variable else SECRET
