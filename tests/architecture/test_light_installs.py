"""The back end and the scheduler install and import without torch, in environments of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("torch", "stable_baselines3", "gymnasium", "langgraph", "redisvl")
LATE = ("mcp",)
"""Installed, and imported only where it is asked for."""


@pytest.mark.timeout(600)
@pytest.mark.parametrize("service", ["backend", "scheduler"])
def test_a_service_installs_and_imports_without_torch(service: str, tmp_path: Path) -> None:
    environment = tmp_path / "venv"
    python = environment / "bin" / "python"
    uv = str(Path(sys.executable).with_name("uv"))
    run([sys.executable, "-m", "venv", "--without-pip", str(environment)])
    install = [uv, "pip", "install", "--quiet", "--python", str(python)]
    run([*install, "--require-hashes", "--no-deps", "-r", f"requirements/{service}.lock"])
    run([*install, "--no-deps", "--editable", str(ROOT)])
    check = (
        f"import sys, {service}.app, {service}.migrate\n"
        f"heavy = [name for name in {HEAVY + LATE!r} if name in sys.modules]\n"
        "assert not heavy, heavy\n"
    )
    run([str(python), "-W", "ignore", "-c", check])
    listed = run([uv, "pip", "list", "--python", str(python)])
    assert not [name for name in HEAVY if f"\n{name} " in listed.lower()]


def run(command: list[str]) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout
