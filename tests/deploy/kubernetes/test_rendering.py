"""Every installation renders, complete, and its objects fit the schemas of what will read them."""

import json
import re
import shutil
from collections import Counter
from functools import cache
from pathlib import Path

import jsonschema
import kubernetes_validate
import pytest
import yaml

from tests.support.manifests import (
    K8S,
    OVERLAYS,
    SERVICES,
    kustomized,
    name_of,
    named,
    of_kind,
    overlay,
)

SCHEMAS = Path(__file__).parent / "schemas"
VERSION = "1.36"
CLUSTER_WIDE = {"Namespace", "PriorityClass"}
PLACEHOLDER = re.compile(r"(^|[/:])site([/:]|$)")


@pytest.mark.parametrize("name", OVERLAYS)
def test_an_overlay_holds_every_service_once(name: str) -> None:
    manifests = overlay(name)
    seen = Counter((one["kind"], name_of(one)) for one in manifests)
    assert [what for what, times in seen.items() if times > 1] == []
    for service in SERVICES:
        for kind in ("Deployment", "Service", "ServiceAccount", "NetworkPolicy"):
            assert (kind, service) in seen
    assert {name_of(one) for one in of_kind(manifests, "Ingress")} == {
        "ai-pod",
        "backend",
        "frontend",
    }


@pytest.mark.parametrize("name", OVERLAYS)
def test_everything_lies_in_the_namespace(name: str) -> None:
    astray = [
        name_of(one)
        for one in overlay(name)
        if one["kind"] not in CLUSTER_WIDE and one["metadata"].get("namespace") != "shiftdesk"
    ]
    assert astray == []


@pytest.mark.parametrize("name", ["staging", "production"])
def test_no_placeholder_is_left(name: str) -> None:
    for manifests in (overlay(name), kustomized(K8S / "argocd" / name)):
        left = [text for one in manifests for text in _texts(one) if PLACEHOLDER.search(text)]
        assert left == []
        assert not of_kind(manifests, "Secret"), "secrets come by reference"


@pytest.mark.parametrize("name", [*OVERLAYS, "argocd"])
def test_objects_fit_their_schemas(name: str) -> None:
    manifests = overlay(name) if name in OVERLAYS else kustomized(K8S / name)
    for one in manifests:
        _validate(json.dumps(one, sort_keys=True))


def test_a_wrong_object_does_not_fit() -> None:
    scaled = next(one for one in overlay("production") if one["kind"] == "ScaledObject")
    wrong = json.loads(json.dumps(scaled))
    wrong["spec"]["maxReplicas"] = 3
    with pytest.raises(jsonschema.ValidationError):
        _validate(json.dumps(wrong))
    service = next(one for one in overlay("production") if one["kind"] == "Service")
    with pytest.raises(kubernetes_validate.ValidationError):
        _validate(json.dumps({**service, "spec": {"ports": [{"port": "eighty"}]}}))


def test_argo_cd_applies_migrations_before_what_needs_them() -> None:
    """By waves: what they stand on, the Jobs (made anew each time), the services."""
    waves: dict[str, set[str]] = {}
    for one in kustomized(K8S / "argocd" / "production"):
        told = one["metadata"].get("annotations", {})
        wave = told.get("argocd.argoproj.io/sync-wave", "0")
        waves.setdefault(wave, set()).add(one["kind"])
        if one["kind"] == "Job":
            assert told["argocd.argoproj.io/hook-delete-policy"] == "BeforeHookCreation"
    assert waves["-1"] == {"Job"}
    assert {"Namespace", "ExternalSecret", "NetworkPolicy"} <= waves["-2"]
    assert {"Deployment", "ScaledObject"} <= waves["0"]


def test_every_folder_is_rendered_by_some_installation() -> None:
    """Whatever lies in k8s/ is reached from an overlay, from Argo CD's, or is an option."""
    options = {K8S / "components" / "gpu-learning", K8S / "components" / "tracing"}
    tops = [K8S / "overlays" / name for name in OVERLAYS]
    tops += [top / "migrations" for top in tops]
    tops += [K8S / "argocd", *(K8S / "argocd" / name for name in ("staging", "production"))]
    reached: set[Path] = set()
    for top in tops:
        _reach(top, reached)
    folders = {file.parent for file in K8S.rglob("kustomization.yaml")}
    assert folders - reached - options == set()


def test_gpu_nodes_and_traces_are_options_of_an_overlay(tmp_path: Path) -> None:
    shutil.copytree(K8S, tmp_path / "k8s")
    file = tmp_path / "k8s" / "overlays" / "staging" / "kustomization.yaml"
    first = "  - ../../components/external-secrets\n"
    options = "".join(f"  - ../../components/{name}\n" for name in ("gpu-learning", "tracing"))
    file.write_text(file.read_text().replace(first, first + options))
    manifests = kustomized(file.parent)
    pod = next(one for one in of_kind(manifests, "Deployment") if name_of(one) == "ai-pod")
    spec = pod["spec"]["template"]["spec"]
    main = spec["containers"][0]
    assert main["resources"]["limits"]["nvidia.com/gpu"] == "1"
    assert main["image"].endswith("/shiftdesk/ai-pod-cuda:0.1.0")
    told = named(manifests, "ConfigMap", main["envFrom"][0]["configMapRef"]["name"])["data"]
    assert told["SHIFTDESK_LEARNING_DEVICE"] == "cuda"
    assert told["SHIFTDESK_OTLP_ENDPOINT"]
    for one in manifests:
        _validate(json.dumps(one, sort_keys=True))


def _reach(folder: Path, reached: set[Path]) -> None:
    folder = folder.resolve()
    if folder in reached:
        return
    reached.add(folder)
    text = yaml.safe_load((folder / "kustomization.yaml").read_text())
    for path in [*text.get("resources", ()), *text.get("components", ())]:
        if (folder / path).is_dir():
            _reach(folder / path, reached)


@cache
def _validate(text: str) -> None:
    """Overlays share most of their objects, and each is looked at once."""
    manifest = json.loads(text)
    group, _, version = manifest["apiVersion"].rpartition("/")
    if "." not in group or group.endswith(".k8s.io"):
        kubernetes_validate.validate(manifest, VERSION, strict=True)
        return
    file = SCHEMAS / f"{manifest['kind'].lower()}.json"
    schema = json.loads(file.read_text())
    assert schema["title"] == f"{manifest['kind']} of {group}/{version}"
    jsonschema.validate(manifest, schema, jsonschema.Draft202012Validator)


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []
