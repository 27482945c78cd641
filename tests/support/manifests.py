"""Kubernetes' objects as `kubectl kustomize` renders them, and what tests ask of them."""

import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

ROOT = Path(__file__).parents[2]
K8S = ROOT / "k8s"
OVERLAYS = ("local", "staging", "production")
SERVICES = ("ai-pod", "backend", "frontend", "learning", "market", "scheduler")
POD_OWNERS = ("Deployment", "StatefulSet", "Job")

Manifest = dict[str, Any]


class Pod(NamedTuple):
    """A pod template and the object that it belongs to."""

    kind: str
    name: str
    labels: dict[str, str]
    spec: Manifest


@cache
def kustomized(folder: Path) -> tuple[Manifest, ...]:
    """The objects of a kustomization; skips the test where kubectl is not installed."""
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("kubectl is not installed: https://kubernetes.io/docs/tasks/tools/")
    done = subprocess.run(
        [kubectl, "kustomize", str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    return tuple(one for one in yaml.safe_load_all(done.stdout) if one)


def overlay(name: str) -> tuple[Manifest, ...]:
    """All that an installation consists of: what its migrations bring, and the rest."""
    folder = K8S / "overlays" / name
    first = kustomized(folder / "migrations")
    return first + tuple(one for one in kustomized(folder) if one not in first)


def of_kind(manifests: tuple[Manifest, ...], *kinds: str) -> list[Manifest]:
    return [one for one in manifests if one["kind"] in kinds]


def name_of(manifest: Manifest) -> str:
    name: str = manifest["metadata"]["name"]
    return name


def named(manifests: tuple[Manifest, ...], kind: str, name: str) -> Manifest:
    """The one object of this kind and name; a generated name may end in its hash."""
    found = [one for one in of_kind(manifests, kind) if name_of(one) == name]
    assert len(found) == 1, f"{len(found)} of {kind} {name}"
    return found[0]


def pods(manifests: tuple[Manifest, ...]) -> Iterator[Pod]:
    for owner in of_kind(manifests, *POD_OWNERS):
        template = owner["spec"]["template"]
        yield Pod(owner["kind"], name_of(owner), template["metadata"]["labels"], template["spec"])


def running_pods(manifests: tuple[Manifest, ...]) -> list[Pod]:
    """Those that are to run until they are told to end."""
    return [pod for pod in pods(manifests) if pod.kind != "Job"]


def container(pod: Pod, name: str = "main") -> Manifest:
    found: Manifest = next(one for one in pod.spec["containers"] if one["name"] == name)
    return found


def selects(selector: Manifest, labels: dict[str, str]) -> bool:
    """Whether a label selector picks an object with these labels; an empty one picks all."""
    wanted = selector.get("matchLabels", {})
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    for rule in selector.get("matchExpressions", ()):
        assert rule["operator"] == "In", rule
        if labels.get(rule["key"]) not in rule["values"]:
            return False
    return True


def environment(manifests: tuple[Manifest, ...], pod: Pod) -> dict[str, str | None]:
    """What the pod's own container is told: name → value; None for a secret's."""
    told: dict[str, str | None] = {}
    main = container(pod)
    for source in main.get("envFrom", ()):
        if "configMapRef" in source:
            told |= named(manifests, "ConfigMap", source["configMapRef"]["name"])["data"]
        elif source["secretRef"]["name"] in secret_names(manifests):
            told |= dict.fromkeys(secret_keys(manifests, source["secretRef"]["name"]))
        else:
            assert source["secretRef"]["optional"]
    for variable in main.get("env", ()):
        told[variable["name"]] = variable.get("value")
    return told


def secret_names(manifests: tuple[Manifest, ...]) -> set[str]:
    return {name_of(one) for one in of_kind(manifests, "Secret", "ExternalSecret")}


def mounted_secrets(manifests: tuple[Manifest, ...], pod: Pod) -> set[str]:
    """Paths of the files that the pod's own container has from secrets of this installation."""
    volumes = {
        one["name"]: one["secret"]["secretName"]
        for one in pod.spec.get("volumes", ())
        if "secret" in one
    }
    return {
        f"{mount['mountPath']}/{key}"
        for mount in container(pod).get("volumeMounts", ())
        if volumes.get(mount["name"]) in secret_names(manifests)
        for key in secret_keys(manifests, volumes[mount["name"]])
    }


def secret_keys(manifests: tuple[Manifest, ...], name: str) -> list[str]:
    """The keys of a Secret, whether it stands here or is fetched from elsewhere."""
    for secret in of_kind(manifests, "Secret"):
        if name_of(secret) == name:
            return list(secret["data"])
    fetched = named(manifests, "ExternalSecret", name)
    return [row["secretKey"] for row in fetched["spec"]["data"]]
