"""Images: what Dockerfiles say, what gets into them, and that it suffices for their commands."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

from tests.support.images import (
    FOLDERS,
    ROOT,
    copies,
    lay_out,
    locked,
    missing_distributions,
    missing_modules,
    stages,
)
from tests.support.manifests import K8S, OVERLAYS, container, overlay, pods

PYTHON = [name for name in FOLDERS if name != "frontend"]
SERVICES = [name for name in PYTHON if name != "functions"]
VENDORS = {"alpaca-py", "ccxt"}
DATABASE = {"sqlalchemy"}
"""`market.postgres` lies with the ground, for those floors above it that have a database."""

LEFT_OUT = {
    "market": DATABASE,
    "functions": DATABASE,
    # Feeds and brokers run in market and back end; a model that is served locally, on a laptop;
    # torch has a line of its own in the Dockerfile.
    "ai-pod": VENDORS | DATABASE | {"torch", "xllamacpp"},
    "scheduler": VENDORS,
}
"""What sources of an image import where they do not run, so that it stays away."""


@pytest.mark.parametrize("name", OVERLAYS)
def test_every_image_of_ours_has_a_dockerfile(name: str) -> None:
    for pod in pods(overlay(name)):
        image, _, tag = container(pod)["image"].rpartition(":")
        assert tag not in ("", "latest")
        if "/shiftdesk/" in image:
            assert image.rpartition("/")[2] in FOLDERS
        else:
            assert name == "local"


@pytest.mark.parametrize("image", FOLDERS)
def test_an_image_is_built_in_stages_the_lock_first_and_runs_without_rights(image: str) -> None:
    first, last = stages(image)
    words = [word for stage in (first, last) for word, _ in stage.instructions]
    assert "ADD" not in words
    lock = next(
        i for i, (word, rest) in enumerate(first.instructions) if word == "COPY" and "lock" in rest
    )
    assert all(word != "COPY" for word, _ in first.instructions[:lock])
    assert first.instructions[lock + 1][0] == "RUN"
    assert last.all("USER") == ["10001:10001"]
    assert [one for one in last.all("RUN") if re.search(r"\b(pip|npm|uv)\b", one)] == []
    assert json.loads(last.all("CMD")[0])
    text = (ROOT / FOLDERS[image] / "Dockerfile").read_text()
    assert not re.search(r"(?i)(secret|password|token)=", text)


@pytest.mark.parametrize("image", FOLDERS)
def test_what_is_copied_exists_and_reaches_the_builder(image: str) -> None:
    let_in = _let_in()
    for stage in stages(image):
        for sources, _ in copies(stage):
            for source in sources:
                assert (ROOT / source).exists(), source
                assert any(Path(source).is_relative_to(one) for one in let_in), source


@pytest.mark.parametrize("image", SERVICES)
def test_a_service_is_the_package_that_its_image_is_called_for(image: str, tmp_path: Path) -> None:
    command = json.loads(stages(image)[-1].all("CMD")[0])
    assert command == ["python", "-m", FOLDERS[image]]
    assert (lay_out(image, tmp_path) / FOLDERS[image] / "__main__.py").is_file()


@pytest.mark.parametrize("image", PYTHON)
def test_an_image_holds_all_that_its_sources_import(image: str, tmp_path: Path) -> None:
    folder = lay_out(image, tmp_path)
    assert missing_modules(folder) == {}
    assert missing_distributions(image, folder) == LEFT_OUT.get(image, set())


def test_back_end_and_scheduler_hold_nothing_of_the_pods_inside(tmp_path: Path) -> None:
    for image in ("backend", "scheduler"):
        folder = lay_out(image, tmp_path / image)
        inside = {path.name for path in (folder / "ai_pod").iterdir()}
        assert inside == {"__init__.py", "contracts"}
        assert "torch" not in locked(image)


@pytest.mark.parametrize("image", SERVICES)
def test_an_images_user_and_the_pods_are_the_same(image: str) -> None:
    user, _, group = stages(image)[-1].all("USER")[0].partition(":")
    for pod in pods(overlay("production")):
        assert str(pod.spec["securityContext"]["runAsUser"]) == user
        assert str(pod.spec["securityContext"]["runAsGroup"]) == group


def test_the_demo_of_the_local_cluster_finds_what_it_calls(tmp_path: Path) -> None:
    """It runs in the back end's image."""
    script = K8S / "overlays" / "local" / "migrations" / "demo.py"
    folder = lay_out("backend", tmp_path)
    (folder / "demo.py").write_text(script.read_text())
    assert missing_modules(folder) == {}
    spec = importlib.util.spec_from_file_location("demo_of_the_local_cluster", script)
    assert spec
    assert spec.loader
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def _let_in() -> set[str]:
    """What .dockerignore lets through to the builder."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in lines
    return {line.removeprefix("!") for line in lines if line.startswith("!")}
