"""A secret in a file is followed; what is not fit to be taken is not."""

import os
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from ai_pod.settings import PodSettings
from backend.settings import Settings as BackendSettings
from market import secret as secrets
from market.secret import Secret
from market.settings import Settings as MarketSettings
from scheduler.settings import Settings as SchedulerSettings


@pytest.fixture(autouse=True)
def _look_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "LOOK_SECONDS", 0.0)


def swap(path: Path, text: str) -> None:
    """As Kubernetes does it: a link that points elsewhere from one instant to the next."""
    content = path.with_name(f"content-{len(list(path.parent.iterdir()))}")
    content.write_text(text)
    link = path.with_name("next")
    link.symlink_to(content)
    os.replace(link, path)


def test_the_file_is_followed_and_lines_are_stripped(tmp_path: Path) -> None:
    path = tmp_path / "key"
    swap(path, " one \n")
    secret = Secret("unused", path)
    assert (secret.text, secret.version) == ("one", 1)
    swap(path, "two\n\n one\n")
    assert secret.lines == ("two", "one")
    assert secret.version == 2
    swap(path, "two\none\n")
    assert (secret.lines, secret.version) == (("two", "one"), 2)


def test_a_file_that_is_gone_or_empty_or_unfit_is_not_taken(tmp_path: Path) -> None:
    def long_enough(lines: tuple[str, ...]) -> None:
        if not lines or len(lines[0]) < 3:
            raise ValueError("too short")

    path = tmp_path / "key"
    swap(path, "good")
    secret = Secret("", path, long_enough)
    for content in ("", "no"):
        swap(path, content)
        assert secret.text == "good"
    path.unlink()
    assert secret.text == "good"
    swap(path, "better")
    assert secret.text == "better"


STORES = [
    (settings, field)
    for settings in (BackendSettings, SchedulerSettings, MarketSettings, PodSettings)
    for field in ("database", "redis")
    if f"{field}_url_file" in settings.model_fields
]


@pytest.mark.parametrize(("settings", "field"), STORES)
@pytest.mark.parametrize("unfit", ["nonsense", "https://host/0", "{scheme}://user:word@host:1x"])
def test_what_is_no_url_of_its_store_is_not_taken(
    settings: type[BaseSettings], field: str, unfit: str, tmp_path: Path
) -> None:
    path, good = tmp_path / "url", {"database": "postgresql://one/db", "redis": "redis://one"}
    swap(path, good[field])
    secret = getattr(settings.model_validate({f"{field}_url_file": path}), field)
    swap(path, unfit.format(scheme=good[field].partition(":")[0]))
    assert (secret.text, secret.version) == (good[field], 1)
    with pytest.raises(ValueError, match="there is no URL of") as refused:
        settings.model_validate({f"{field}_url_file": path})
    assert "word" not in str(refused.value)
    swap(path, good[field].replace("one", "two"))
    assert "two" in secret.text


def test_at_the_start_there_is_nothing_to_fall_back_on(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot read"):
        Secret("", tmp_path / "none")
    (tmp_path / "empty").write_text("\n")
    with pytest.raises(ValueError, match="nothing in the file"):
        Secret("", tmp_path / "empty")


def test_another_process_follows_the_same_file_by_its_reference(tmp_path: Path) -> None:
    path = tmp_path / "url"
    swap(path, "redis://one")
    theirs = Secret.of(Secret("", path).reference)
    swap(path, "redis://two")
    assert theirs.text == "redis://two"
    assert Secret.of(Secret("redis://given").reference).text == "redis://given"


def test_it_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hush")
    assert "hush" not in repr(Secret("", tmp_path / "key")) + repr(Secret("hush"))
