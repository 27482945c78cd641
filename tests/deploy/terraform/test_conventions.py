"""What every module and every root must be, read from the files alone."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.terraform import (
    ENVIRONMENTS,
    INFRA,
    MODULES,
    OPTIONAL,
    ROOTS,
    blocks,
    parsed,
)

FILES = {"main.tf", "variables.tf", "outputs.tf", "versions.tf", "README.md"}
EVERYWHERE = [*MODULES, *ROOTS, *OPTIONAL]


def name(path: Path) -> str:
    return str(path.relative_to(INFRA))


def text(value: Any) -> str:
    return str(value).strip().strip('"')


@pytest.mark.parametrize("folder", EVERYWHERE, ids=name)
def test_it_has_its_five_files(folder: Path) -> None:
    there = {path.name for path in folder.iterdir()}
    assert there >= FILES
    assert (folder / "README.md").read_text().startswith(f"# {folder.name}\n")


@pytest.mark.parametrize("folder", EVERYWHERE, ids=name)
def test_every_variable_is_typed_described_and_validated(folder: Path) -> None:
    for variable, body in blocks(folder / "variables.tf", "variable").items():
        assert "type" in body, variable
        assert text(body.get("description", "")).endswith((".", "…")), variable
        if text(body["type"]) in ("bool", "${bool}"):
            assert body.get("nullable") is False, f"{variable}: a switch is on or off"
        else:
            assert body.get("validation"), f"{variable} is not validated"
        for validation in body.get("validation", []):
            assert text(validation["error_message"]).endswith((".", "…")), variable


@pytest.mark.parametrize("folder", EVERYWHERE, ids=name)
def test_every_output_is_described(folder: Path) -> None:
    for output, body in blocks(folder / "outputs.tf", "output").items():
        assert text(body.get("description", "")).endswith((".", "…")), output


@pytest.mark.parametrize("folder", EVERYWHERE, ids=name)
def test_variables_and_outputs_stand_where_one_looks_for_them(folder: Path) -> None:
    for file in folder.glob("*.tf"):
        if file.name != "variables.tf":
            assert "variable" not in parsed(file), file
        if file.name != "outputs.tf":
            assert "output" not in parsed(file), file


@pytest.mark.parametrize("folder", EVERYWHERE, ids=name)
def test_every_variable_is_used(folder: Path) -> None:
    used = "\n".join(path.read_text() for path in folder.glob("*.tf"))
    unused = [
        variable
        for variable in blocks(folder / "variables.tf", "variable")
        if f"var.{variable}" not in re.sub(r'(?s)variable "[^"]+" \{.*?\n\}\n', "", used)
    ]
    assert not unused


@pytest.mark.parametrize("folder", [*MODULES, *ROOTS], ids=name)
def test_only_the_aws_provider_is_used(folder: Path) -> None:
    [settings] = parsed(folder / "versions.tf")["terraform"]
    [providers] = settings["required_providers"]
    wanted = {one: text(its["version"]) for one, its in providers.items() if "__" not in one}
    assert set(wanted) == {"aws"}
    exact = re.fullmatch(r"\d+\.\d+\.\d+", wanted["aws"])
    assert bool(exact) == (folder in ROOTS), "roots pin exactly, modules name a range"


@pytest.mark.parametrize("folder", [*ENVIRONMENTS, *OPTIONAL], ids=name)
def test_state_is_remote_encrypted_and_locked(folder: Path) -> None:
    state = state_of(folder)
    assert state["encrypt"] is True
    assert state["use_lockfile"] is True


def test_no_two_environments_share_a_state() -> None:
    for folder in ENVIRONMENTS:
        assert text(state_of(folder)["key"]) == f"{folder.name}.tfstate"
    for folder in OPTIONAL:
        assert "key" not in state_of(folder), (
            "an environment's name is in the key: init asks for it"
        )
        assert f'-backend-config="key={folder.name}-' in (folder / "README.md").read_text()


def state_of(folder: Path) -> dict[str, Any]:
    [settings] = parsed(folder / "versions.tf")["terraform"]
    [backend] = settings["backend"]
    [state] = [its for kind, its in backend.items() if text(kind) == "s3"]
    found: dict[str, Any] = state
    return found


def test_the_environments_differ_in_numbers_alone() -> None:
    staging, production = (INFRA / "environments" / one for one in ("staging", "production"))
    assert {path.name for path in staging.iterdir() if path.is_file()} == {
        path.name for path in production.iterdir() if path.is_file()
    }
    for file in ("variables.tf", "outputs.tf"):
        assert (staging / file).read_bytes() == (production / file).read_bytes()
    for folder in (staging, production):
        assert list(blocks(folder, "module")) == ["platform"]
        assert not blocks(folder, "resource"), "an environment composes, it makes nothing itself"


def test_production_outlives_a_mistake() -> None:
    [platform] = blocks(INFRA / "environments" / "production", "module").values()
    assert platform["disposable"] is False
    assert text(platform["nat"]) == "per_zone"


@pytest.mark.parametrize("folder", [*MODULES, *ROOTS], ids=name)
def test_no_secret_has_a_value_here(folder: Path) -> None:
    kinds = {resource.split(".")[0] for resource in blocks(folder, "resource")}
    assert not kinds & {"aws_secretsmanager_secret_version", "aws_iam_access_key"}


@pytest.mark.parametrize("folder", MODULES, ids=name)
def test_every_module_has_tests_that_refuse_something(folder: Path) -> None:
    cases = "\n".join(path.read_text() for path in folder.glob("tests/*.tftest.hcl"))
    assert "mock_provider" in cases
    assert "assert {" in cases
    assert "expect_failures" in cases
