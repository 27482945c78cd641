"""What an image would hold, read from its Dockerfile: there is no engine where tests run."""

import ast
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]

FOLDERS = {
    "ai-pod": "ai_pod",
    "backend": "backend",
    "frontend": "frontend",
    "functions": "infra/functions",
    "market": "market",
    "scheduler": "scheduler",
}
"""Image → the folder with its Dockerfile."""

OURS = ("ai_pod", "backend", "infra", "market", "scheduler", "shiftdesk")


@dataclass
class Stage:
    """`FROM …` and the instructions up to the next one, as (word, rest)."""

    image: str
    instructions: list[tuple[str, str]] = field(default_factory=list)

    def all(self, word: str) -> list[str]:
        return [rest for name, rest in self.instructions if name == word]


@cache
def stages(image: str) -> tuple[Stage, ...]:
    text = (ROOT / FOLDERS[image] / "Dockerfile").read_text()
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    found: list[Stage] = []
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            found.append(Stage(rest.strip()))
        elif found:
            found[-1].instructions.append((word, rest.strip()))
    return tuple(found)


def copies(stage: Stage) -> list[tuple[list[str], str]]:
    """(sources, destination) of every COPY out of the repository."""
    split = [shlex.split(rest) for rest in stage.all("COPY")]
    return [(words[:-1], words[-1]) for words in split if not words[0].startswith("--from")]


def lay_out(image: str, folder: Path) -> Path:
    """The image's sources, as COPY lays them out in its working directory."""
    tracked = _tracked()
    for sources, destination in copies(stages(image)[-1]):
        for source in sources:
            for name in tracked:
                if name != source and not name.startswith(source.rstrip("/") + "/"):
                    continue
                inside = name.removeprefix(source).lstrip("/") or Path(source).name
                target = folder / destination / inside
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, target)
    return folder


def imported(folder: Path) -> dict[str, set[str]]:
    """Absolute names of modules that the sources import → the files that do."""
    found: dict[str, set[str]] = {}
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [one.name for one in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                names = [node.module]
            for name in names:
                found.setdefault(name, set()).add(str(file.relative_to(folder)))
    return found


def missing_modules(folder: Path) -> dict[str, set[str]]:
    """Modules of ours that are imported and did not come along → by whom."""
    return {
        name: files
        for name, files in imported(folder).items()
        if name.partition(".")[0] in OURS
        and not folder.joinpath(*name.split(".")).with_suffix(".py").is_file()
        and not folder.joinpath(*name.split("."), "__init__.py").is_file()
    }


def missing_distributions(image: str, folder: Path) -> set[str]:
    """Packages of others that the sources import and the image's lock does not bring, by the names
    of their distributions. Of a package that several of them share, one suffices.
    """
    providers, there = packages_distributions(), locked(image)
    missing: set[str] = set()
    for top in {name.partition(".")[0] for name in imported(folder)}:
        if top in OURS or top in sys.stdlib_module_names:
            continue
        by = {_canonical(one) for one in providers.get(top, [top])}
        if not by & there:
            missing.add(min(by))
    return missing


def locked(image: str) -> set[str]:
    """The distributions of the lock file that the image installs."""
    (lock,) = (
        Path(source)
        for stage in stages(image)
        for sources, _ in copies(stage)
        for source in sources
        if source.endswith(".lock")
    )
    lines = (ROOT / lock).read_text().splitlines()
    return {_canonical(line.partition("==")[0].strip()) for line in lines if "==" in line[:60]}


def _canonical(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


@cache
def _tracked() -> tuple[str, ...]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    return tuple(name for name in listed.stdout.split("\0") if (ROOT / name).is_file())
