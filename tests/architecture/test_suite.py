"""What runs the suite: whoever fails at first is named, and who fails always has failed."""

from pathlib import Path

import pytest

from tests.suite import again, main

ONCE = """
from pathlib import Path

def test_{name}():
    seen = Path(__file__).with_suffix(".seen")
    first = not seen.exists()
    seen.touch()
    assert not first
"""
ALWAYS = "def test_{name}():\n    assert False\n"
GOOD = "def test_{name}():\n    pass\n"


def suite(root: Path, light: str, system: str, browser: str) -> Path:
    (root / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    for name, body in (("light", light), ("system", system), ("browser", browser)):
        folder = root / "tests" / name
        folder.mkdir(parents=True)
        (folder / f"test_{name}.py").write_text(body.format(name=name))
    return root


def test_who_fails_once_is_named_and_who_fails_always_fails(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Plugins that nothing here needs would take seconds to load in each of these runs.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_PLUGINS", "xdist.plugin")
    root = suite(tmp_path, ONCE, ONCE, GOOD)
    assert main(root) == 0
    said = capfd.readouterr().out
    assert "passed alone: a race, which is to be found" in said
    assert said.rstrip().endswith(
        "tests/light/test_light.py::test_light\n  tests/system/test_system.py::test_system"
    )
    (root / "tests/system/test_system.py").write_text(ALWAYS.format(name="system"))
    assert main(root) == 1
    assert "failed at first, and again" in capfd.readouterr().out
    (root / "tests/system/test_system.py").write_text(GOOD.format(name="system"))
    assert main(root) == 0
    assert "failed at first" not in capfd.readouterr().out


@pytest.mark.parametrize(
    ("codes", "tests", "more"),
    [
        ([1, 0], ["a"], True),
        ([1, 1], ["a", "b", "c"], True),
        ([1, 1], ["a", "b", "c", "d"], False),
        ([0, 0], [], False),
        ([1, 2], ["a"], False),
        ([3, 0], ["a"], False),
        ([0, 4], [], False),
    ],
)
def test_only_a_few_are_run_again_and_only_after_whole_runs(
    codes: list[int], tests: list[str], more: bool
) -> None:
    assert again(codes, tests) is more
