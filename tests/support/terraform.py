"""Terraform for tests: its command, with a provider from this machine where there is one, on a copy
of the configuration.
"""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import hcl2

ROOT = Path(__file__).parents[2]
INFRA = ROOT / "infra" / "terraform"
MODULES = sorted(path for path in (INFRA / "modules").iterdir() if path.is_dir())
ENVIRONMENTS = sorted(path for path in (INFRA / "environments").iterdir() if path.is_dir())
ROOTS = [INFRA / "bootstrap", *ENVIRONMENTS]
OPTIONAL = [INFRA / "optional" / "neon"]

PROVIDER = "registry.terraform.io/hashicorp/aws"
PLACES = ("/opt", "/usr/share", "/usr/local", "/var/lib", "~/.terraform.d", "~/.local/share")
"""Where machines without the registry keep providers (a `filesystem_mirror`)."""

Block = dict[str, Any]


def command() -> str | None:
    """The terraform of this machine."""
    return shutil.which("terraform")


@cache
def mirror() -> Path | None:
    """The folder that holds `registry.terraform.io/hashicorp/aws/…`, if this machine has one."""
    for place in PLACES:
        for path in sorted(Path(place).expanduser().glob(f"*/{PROVIDER}")):
            return path.parents[2]
    return None


def blocks(path: Path, kind: str) -> dict[str, Block]:
    """The blocks of a kind in one file or in a folder's files: `variable`, `output`, …, by name.

    A resource is named `type.name`.
    """
    found: dict[str, Block] = {}
    for file in sorted(path.glob("*.tf")) if path.is_dir() else [path]:
        for block in parsed(file).get(kind, []):
            for name, body in block.items():
                if kind in ("resource", "data"):
                    found |= {f"{_bare(name)}.{_bare(one)}": its for one, its in _named(body)}
                else:
                    found[_bare(name)] = body
    return found


@cache
def parsed(file: Path) -> Block:
    """The file as hcl2 reads it. Raises what hcl2 raises for a file that is no HCL."""
    with file.open() as text:
        its: Block = hcl2.load(text)
    return its


def _named(body: Block) -> list[tuple[str, Block]]:
    return [(name, its) for name, its in body.items() if isinstance(its, dict)]


def _bare(text: str) -> str:
    return text.strip('"')


class Terraform:
    """Runs terraform in `folder` of a copy of `infra/terraform` below `work`."""

    def __init__(self, work: Path, folder: Path) -> None:
        self.copy = work / "terraform"
        if not self.copy.exists():
            ignored = shutil.ignore_patterns(".terraform", "*.tfstate*", "*.tfvars")
            shutil.copytree(INFRA, self.copy, ignore=ignored)
        self.folder = self.copy / folder.relative_to(INFRA)
        self._environment = {**os.environ, **_offline(work), "TF_IN_AUTOMATION": "1"}

    def run(self, *arguments: str, seconds: float = 300, **environment: str) -> str:
        """What it said. Fails the test when terraform does."""
        tool = command()
        assert tool is not None
        done = subprocess.run(
            [tool, *arguments, "-no-color"],
            cwd=self.folder,
            env=self._environment | environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
        return done.stdout

    def init(self) -> None:
        self.run("init", "-backend=false", "-input=false")


def _offline(work: Path) -> dict[str, str]:
    """Terraform's configuration: providers from the mirror and from nowhere else."""
    folder = mirror()
    if folder is None:
        return {}
    config = work / "terraform.rc"
    config.write_text(
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{folder}"\n  }}\n}}\n'
    )
    return {"TF_CLI_CONFIG_FILE": str(config)}
