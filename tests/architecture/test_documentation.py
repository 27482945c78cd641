"""Documentation that cannot go stale unnoticed: the names that it spells exist."""

import importlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("market", "ai_pod", "scheduler", "backend", "shiftdesk")
FOLDERS = (*PACKAGES, "docs", "frontend", "infra", "k8s", "tests")
NAME = re.compile(rf"`((?:{'|'.join(PACKAGES)})(?:\.(?!toml\b)\w+)+)(?:\(\))?`")
FILE = re.compile(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]+\.(?:md|py)|tests/[\w/-]+)`")
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")


def pages() -> list[Path]:
    return [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def names() -> list[str]:
    found = {name for page in pages() for name in NAME.findall(page.read_text())}
    return sorted(found)


@pytest.mark.parametrize("name", names())
def test_a_documented_name_exists(name: str) -> None:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            thing: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[length:]:
            thing = getattr(thing, attribute)
        return
    pytest.fail(f"{name} does not exist")


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_within_the_documentation_lead_somewhere(page: Path) -> None:
    dead = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]
    assert not dead


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_a_file_that_is_named_is_there(page: Path) -> None:
    assert [path for path in FILE.findall(page.read_text()) if not (ROOT / path).exists()] == []


def test_the_index_leads_to_every_page() -> None:
    """Decisions and alerts have an index of their own."""
    docs = ROOT / "docs"
    linked = {(docs / link).resolve() for link in LINK.findall((docs / "README.md").read_text())}
    pages = {*docs.glob("*.md"), *docs.glob("runbooks/*.md"), *docs.glob("notebooks/*")}
    assert {page.name for page in pages if page.resolve() not in linked} <= {"README.md"}


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/adr/0*.md")), ids=lambda p: p.stem)
def test_a_decision_is_in_the_list_of_decisions(page: Path) -> None:
    assert f"({page.name})" in (page.parent / "README.md").read_text()


@pytest.mark.parametrize("path", sorted(ROOT.glob("docs/notebooks/*.ipynb")), ids=lambda p: p.stem)
def test_a_notebook_is_kept_without_what_it_printed(path: Path) -> None:
    notebook = json.loads(path.read_text())
    assert (notebook["nbformat"], notebook["cells"][0]["cell_type"]) == (4, "markdown")
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None
    text = " ".join("".join(cell["source"]) for cell in notebook["cells"])
    assert [link for link in LINK.findall(text) if not (path.parent / link).exists()] == []


@pytest.mark.parametrize(
    "page", sorted((ROOT / "docs" / "adr").glob("0*.md")), ids=lambda p: p.stem
)
def test_a_decision_record_has_its_parts(page: Path) -> None:
    text = page.read_text()
    parts = (
        "Status:",
        "## Context and Problem Statement",
        "## Decision Drivers",
        "## Considered Options",
        "## Decision Outcome",
        "### Consequences",
        "### Confirmation",
    )
    assert [part for part in parts if part not in text] == []
    assert len(text.splitlines()) <= 70


def test_the_walk_names_enough_of_the_path_to_be_worth_reading() -> None:
    walk = (ROOT / "docs" / "walk.md").read_text()
    assert len(set(NAME.findall(walk))) >= 30


def test_the_api_description_is_fresh() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "backend.openapi"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    kept = (ROOT / "frontend" / "src" / "api" / "openapi.json").read_text()
    assert printed.stdout.strip() == kept.strip(), "run `make openapi`"
