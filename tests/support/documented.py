"""What the documentation promises of the command line's JSON documents."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "command-line.md"
ROW = re.compile(r"^\| `([a-z]+(?: [a-z]+| 1)*)` \| `([\w ]+)`", re.MULTILINE)
"""Verbs that need nothing else, each with its document's names."""


def documents() -> dict[str, set[str]]:
    """Verb → names at the top of what `--json` prints; `v` is in all of them."""
    return {verb: {"v", *names.split()} for verb, names in ROW.findall(PAGE.read_text())}
