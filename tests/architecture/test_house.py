"""Rules of the house that a tool must hold: sizes, imports, locks, and no trace of a machine."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CEILING = 300
TEST_CEILING = 400
SOURCES = {".py", ".ts", ".tsx"}
GENERATED = ("migrations/versions/", "schema.d.ts")
VAGUE = {"common", "utils", "core", "helpers", "base", "manager", "misc"}
FLOORS = ("market", "ai_pod", "scheduler", "backend", "shiftdesk", "frontend")


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def sources() -> list[Path]:
    return [
        path
        for path in tracked()
        if path.suffix in SOURCES and not any(mark in str(path) for mark in GENERATED)
    ]


def test_no_file_is_longer_than_its_ceiling() -> None:
    tests = ROOT / "tests"
    lengths = {path: len(path.read_text().splitlines()) for path in sources()}
    long = {
        str(path.relative_to(ROOT)): length
        for path, length in lengths.items()
        if length > (TEST_CEILING if tests in path.parents else CEILING)
    }
    assert not long


def test_places_are_named_for_what_they_hold() -> None:
    vague = [
        str(path.relative_to(ROOT))
        for path in sources()
        for part in path.relative_to(ROOT).with_suffix("").parts
        if part in VAGUE and path.name != "base.py"
    ]
    assert not vague


def test_every_module_says_why_it_exists() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in sources()
        if path.suffix == ".py"
        and path.read_text().strip()
        and not path.read_text()
        .lstrip("#! \n/abcdefghijklmnopqrstuvwxyz0123456789")
        .startswith('"""')
        and path.relative_to(ROOT).parts[0] in FLOORS
    ]
    assert not silent


@pytest.mark.parametrize(
    "path", sorted((ROOT / "requirements").glob("*.lock")), ids=lambda p: p.name
)
def test_lock_files_hold_hashes_and_no_addresses(path: Path) -> None:
    text = path.read_text()
    assert "--hash=sha256:" in text
    assert not re.search(r"https?://|--index-url|--find-links|--extra-index", text)


def test_the_web_clients_lock_holds_no_addresses() -> None:
    assert '"resolved"' not in (ROOT / "frontend" / "package-lock.json").read_text()


def test_import_contracts_are_kept() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
