"""Where a setting comes from: flags > environment > .env > shiftdesk.toml > default."""

from pathlib import Path

import pytest

from shiftdesk.configuration import Configuration
from shiftdesk.errors import UsageProblem


def value(configuration: Configuration, name: str) -> tuple[str, str]:
    found = next(v for v in configuration.values() if v.setting.name == name)
    return found.value, found.origin


def test_each_source_gives_way_to_the_one_above_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHIFTDESK_FEED", raising=False)
    assert value(Configuration(tmp_path), "feed") == ("replay:demo", "default")
    (tmp_path / "shiftdesk.toml").write_text('feed = "replay:toml"\n')
    assert value(Configuration(tmp_path), "feed") == ("replay:toml", "shiftdesk.toml")
    (tmp_path / ".env").write_text("SHIFTDESK_FEED=replay:dotenv\n")
    assert value(Configuration(tmp_path), "feed") == ("replay:dotenv", ".env")
    monkeypatch.setenv("SHIFTDESK_FEED", "replay:environment")
    assert value(Configuration(tmp_path), "feed") == ("replay:environment", "environment")
    flagged = Configuration(tmp_path, {"feed": "replay:flag"})
    assert value(flagged, "feed") == ("replay:flag", "flag")


def test_secrets_are_masked(tmp_path: Path) -> None:
    values = Configuration(tmp_path, {"database_url": "postgresql://me:abc@there/db"}).values()
    shown = {value.setting.name: value.shown for value in values}
    assert shown["database_url"]
    assert "abc" not in shown["database_url"]


def test_services_are_told_what_somebody_set_and_no_defaults(tmp_path: Path) -> None:
    (tmp_path / "shiftdesk.toml").write_text('history = "s3://prices"\n')
    given = Configuration(tmp_path).given("history", "artifacts")
    assert given == {"SHIFTDESK_HISTORY": "s3://prices"}


def test_an_unknown_setting_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "shiftdesk.toml").write_text("sped = 3\n")
    with pytest.raises(UsageProblem, match="sped"):
        Configuration(tmp_path).values()


def test_a_line_that_is_no_setting_is_refused_with_its_number(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=1\nnonsense\n")
    with pytest.raises(UsageProblem, match="line 2"):
        Configuration(tmp_path)
