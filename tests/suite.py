"""The whole suite: first what may share the machine, in two processes; then what keeps to the
market's accelerated clock, and has it to itself. `python -m tests.suite`, which is `make test`.

Thousands of tests drive real processes on a machine that is not ours alone. When a few fail,
they are run once more with nothing beside them; who fails again has failed. What failed at first is
named in the last lines, whatever comes of it: it is a race, in the test or in the product, and
wants to be found (ADR 0042).
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
ALONE = ("tests/system", "tests/browser")
FAILED = Path(".pytest_cache/v/cache/lastfailed")
MOST_AGAIN = 3
"""More than that at once is no accident."""

TESTS_FAILED = 1
"""Pytest's exit code for that; another one says that it could not run them."""


def run(root: Path, *arguments: str) -> int:
    """Pytest's exit code."""
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=root, check=False).returncode


def failed(root: Path) -> list[str]:
    """The ids of the tests that the runs have seen fail."""
    path = root / FAILED
    return sorted(json.loads(path.read_text())) if path.exists() else []


def again(codes: list[int], tests: list[str]) -> bool:
    """Whether what failed may be run once more: a few tests, in runs that came to their end."""
    ended = all(code in (0, TESTS_FAILED) for code in codes)
    return ended and 0 < len(tests) <= MOST_AGAIN


def main(root: Path = ROOT) -> int:
    (root / FAILED).unlink(missing_ok=True)
    beside = [f"--ignore={folder}" for folder in ALONE]
    codes = [run(root, "-n", "2", "--dist", "loadfile", *beside), run(root, *ALONE)]
    tests = failed(root)
    if not again(codes, tests):
        return max(codes)
    print(f"\n{len(tests)} failed; once more, alone:", *tests, sep="\n  ", flush=True)
    code = run(root, *tests)
    outcome = "and again" if code else "and passed alone: a race, which is to be found"
    print(f"\nfailed at first, {outcome}:", *tests, sep="\n  ", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
