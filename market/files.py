"""Files of a store on any fsspec file system: whole reads, and replacement in one step."""

import contextlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import fsspec

from market.errors import StoreAway

AWS = "botocore."
"""Where its own errors come from, which are no OSErrors; it is there only where it is used."""


class Files:
    """Files under `root`, named by relative paths. Every call raises StoreAway where they cannot be
    reached.
    """

    def __init__(self, root: str) -> None:
        self._said = root
        self._system: Any
        self._system, self._root = fsspec.core.url_to_fs(root)

    def read(self, path: str) -> bytes:
        """The file's bytes. Raises FileNotFoundError."""
        with self._reached():
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
        start = len(self._root.rstrip("/")) + 1
        with self._reached():
            if not self._system.exists(self._root):
                return []
            found = self._system.find(self._root, refresh=True)
        return sorted(path[start:] for path in found if path.endswith(ending))

    def replace(self, path: str, data: bytes) -> None:
        """Write the file so that a reader sees the old or the new one, never half of it."""
        full = self._full(path)
        folder, _, name = full.rpartition("/")
        temporary = f"{folder}/.{name}.{uuid4().hex}"
        with self._reached():
            self._system.makedirs(folder, exist_ok=True)
            self._system.pipe_file(temporary, data)
            self._system.mv(temporary, full)

    def remove(self, path: str) -> None:
        """Delete the file, if it is there."""
        full = self._full(path)
        with self._reached(), contextlib.suppress(FileNotFoundError):
            if self._system.exists(full):
                self._system.rm_file(full)

    @contextlib.contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if not type(error).__module__.startswith(AWS):
                raise
            raise StoreAway(f"{self._said} cannot be used: {error}") from error

    def _full(self, path: str) -> str:
        return f"{self._root.rstrip('/')}/{path}"


def quoted(instrument: str) -> str:
    """An instrument's id as a file name: `XNYS:IBM` → `XNYS_IBM`; other signs are percent-coded."""
    venue, _, symbol = instrument.partition(":")
    return f"{quote(venue, safe='').replace('_', '%5F')}_{quote(symbol, safe='')}"
