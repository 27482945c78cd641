"""Services deploy independently: what version 1 wrote is read by today's contracts, and today's
reader passes over what a newer writer adds.

`v1.json` was written by version 1 and never changes. A change that breaks it wants a new version,
and a `v2.json` beside it.
"""

import importlib
import json
import pkgutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ai_pod import contracts
from market.words import Word

WRITTEN: dict[str, Any] = json.loads((Path(__file__).parent / "v1.json").read_text())


def named(place: str) -> type[Word]:
    module, name = place.split(":")
    found: type[Word] = getattr(importlib.import_module(module), name)
    return found


def holds(whole: Any, part: Any) -> bool:
    """Whether `whole` is `part`, but for fields that it has besides."""
    if isinstance(part, dict):
        return part.keys() <= whole.keys() and all(holds(whole[key], part[key]) for key in part)
    if isinstance(part, list):
        return len(whole) == len(part) and all(map(holds, whole, part))
    return bool(whole == part)


def extended(value: Any) -> Any:
    """The value with one more field in every object."""
    if isinstance(value, dict):
        return {key: extended(one) for key, one in value.items()} | {"added_later": {"x": [1]}}
    return [extended(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("place", WRITTEN)
def test_what_version_1_wrote_is_read_and_nothing_of_it_is_lost(place: str) -> None:
    data = json.dumps(WRITTEN[place]).encode()
    read = msgspec.json.decode(data, type=named(place))
    assert holds(json.loads(msgspec.json.encode(read)), WRITTEN[place])


FREE_FORM = ("RunEvent", "Frame", "Decision", "LearningProgressed")
"""Messages with a mapping of free keys: a foreign value in it is not a field."""


@pytest.mark.parametrize("place", [one for one in WRITTEN if not one.endswith(FREE_FORM)])
def test_what_a_newer_writer_adds_is_passed_over(place: str) -> None:
    message = extended(WRITTEN[place])
    for free in ("exceptions", "checks"):
        if free in message:
            message[free].pop("added_later")
    read = msgspec.json.decode(json.dumps(message).encode(), type=named(place))
    assert read == msgspec.json.decode(json.dumps(WRITTEN[place]).encode(), type=named(place))


def test_every_versioned_message_is_on_record() -> None:
    modules = [f"ai_pod.contracts.{one.name}" for one in pkgutil.iter_modules(contracts.__path__)]
    versioned = {
        f"{module}:{word.__name__}"
        for module in modules
        for word in vars(importlib.import_module(module)).values()
        if isinstance(word, type) and issubclass(word, Word) and word.__module__ == module
        if "v" in word.__struct_fields__
    }
    assert versioned <= WRITTEN.keys()
