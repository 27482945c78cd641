"""Files of a store on any fsspec file system: whole reads, and replacement in one step."""

import contextlib
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import fsspec


class Files:
    """Files under `root`, named by relative paths."""

    def __init__(self, root: str) -> None:
        self._system: Any
        self._system, self._root = fsspec.core.url_to_fs(root)

    def read(self, path: str) -> bytes:
        """The file's bytes. Raises FileNotFoundError."""
        data: bytes = self._system.cat_file(self._full(path))
        return data

    def read_if_there(self, path: str) -> bytes | None:
        """The file's bytes, or None."""
        try:
            return self.read(path)
        except FileNotFoundError:
            return None

    def find(self, ending: str) -> list[str]:
        """Relative paths that end so, sorted."""
        if not self._system.exists(self._root):
            return []
        start = len(self._root.rstrip("/")) + 1
        return sorted(
            path[start:]
            for path in self._system.find(self._root, refresh=True)
            if path.endswith(ending)
        )

    def replace(self, path: str, data: bytes) -> None:
        """Write the file so that a reader sees the old or the new one, never half of it."""
        full = self._full(path)
        folder, _, name = full.rpartition("/")
        self._system.makedirs(folder, exist_ok=True)
        temporary = f"{folder}/.{name}.{uuid4().hex}"
        self._system.pipe_file(temporary, data)
        self._system.mv(temporary, full)

    def remove(self, path: str) -> None:
        """Delete the file, if it is there."""
        full = self._full(path)
        if self._system.exists(full):
            with contextlib.suppress(FileNotFoundError):
                self._system.rm_file(full)

    def _full(self, path: str) -> str:
        return f"{self._root.rstrip('/')}/{path}"


def quoted(instrument: str) -> str:
    """An instrument's id as a file name: `XNYS:IBM` → `XNYS_IBM`; other signs are percent-coded."""
    venue, _, symbol = instrument.partition(":")
    return f"{quote(venue, safe='').replace('_', '%5F')}_{quote(symbol, safe='')}"
