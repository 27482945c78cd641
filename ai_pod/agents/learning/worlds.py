"""Worlds that trials learn in: a night's prices, sealed under their content hash, read by every
worker.

They never travel in a message of the cluster; a trial's spec names one.
"""

import dataclasses
import hashlib
import io
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from ai_pod.agents.learning.rounds import folder_of
from ai_pod.policies.backtest import World
from market.files import Files
from market.series import Panel

KEPT = 2
"""Worlds in a process's memory: tonight's, and its control."""


class WorldLost(LookupError):
    """The world's file is gone or damaged; a trial in it cannot be run any more."""


@dataclass(frozen=True)
class Sealed:
    """Prices that cannot change any more, and the world that they make."""

    panel: Panel
    world: World


class Worlds:
    """Worlds under `{url}/learning`, each line's its own: what one line is done with, another may
    still learn from.
    """

    def __init__(self, url: str) -> None:
        self._root = f"{url.rstrip('/')}/learning"
        self._files = Files(self._root)
        self._kept: dict[str, Sealed] = {}

    def seal(self, line: str, panel: Panel) -> str:
        """Store the prices, and return the world's id: the line's folder and the sha256 of their
        bytes.
        """
        data = _pack(panel)
        name = f"{folder_of(line)}/{hashlib.sha256(data).hexdigest()}"
        if self._files.read_if_there(_file(name)) != data:
            self._files.replace(_file(name), data)
        return name

    def load(self, name: str) -> Sealed:
        """The world of that id. Raises WorldLost."""
        found = self._kept.get(name)
        if found is None:
            data = self._files.read_if_there(_file(name))
            if data is None or hashlib.sha256(data).hexdigest() != name.rpartition("/")[2]:
                raise WorldLost(f"world {name} is gone or damaged")
            panel = _unpack(data)
            while len(self._kept) >= KEPT:
                self._kept.pop(next(iter(self._kept)))
            found = self._kept[name] = Sealed(panel, World.of(panel))
        return found

    def drop_all(self, line: str) -> None:
        """Delete the line's worlds, once they are judged: the history can make them again."""
        self._kept.clear()
        folder = Files(f"{self._root}/{folder_of(line)}/worlds")
        for path in folder.find(".npz"):
            folder.remove(path)


def _file(name: str) -> str:
    folder, _, digest = name.partition("/")
    return f"{folder}/worlds/{digest}.npz"


def _pack(panel: Panel) -> bytes:
    values = {field.name: getattr(panel, field.name) for field in dataclasses.fields(panel)}
    arrays = {name: value for name, value in values.items() if isinstance(value, np.ndarray)}
    rest = {name: value for name, value in values.items() if name not in arrays}
    buffer = io.BytesIO()
    written = np.frombuffer(msgspec.json.encode(rest), np.uint8)
    np.savez(buffer, allow_pickle=False, **arrays, rest=written)
    return buffer.getvalue()


def _unpack(data: bytes) -> Panel:
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        values: dict[str, Any] = {name: arrays[name] for name in arrays.files if name != "rest"}
        rest: dict[str, Any] = msgspec.json.decode(arrays["rest"].tobytes())
    rest["instruments"] = tuple(rest["instruments"])
    return Panel(**values, **rest)
