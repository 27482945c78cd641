"""Secrets that may change while a process runs: given as they are, or as a file that is looked at
again and again, as Kubernetes mounts them.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Self, TypeAlias

import structlog

LOOK_SECONDS = 1.0
IN_FILE = "file:"

Check: TypeAlias = Callable[[tuple[str, ...]], None]
"""Raises ValueError for lines that must not be taken, in words that do not tell what they hold."""

logger = structlog.get_logger()


class Secret:
    """One secret. A file that cannot be read or does not pass `check` is not taken: the last good
    content stays, and the log says so.

    A look costs one `stat` a second, of a file in memory where Kubernetes mounts it, so it may be
    asked for on the event loop.
    """

    def __init__(
        self,
        given: str = "",
        path: Path | None = None,
        check: Check | None = None,
    ) -> None:
        """`check` looks at the file's lines. Raises ValueError when it cannot be read, or does not
        pass.
        """
        self._path = path
        self._check = check or _not_empty
        self._lines = _lines(given) or ("",)
        self._seen: tuple[int, int, int] | None = None
        self._look_at = 0.0
        self.version = 0
        if path is not None:
            try:
                self._take()
            except OSError as error:
                raise ValueError(f"cannot read {path}: {error.strerror}") from error

    @classmethod
    def of(cls, reference: str, check: Check | None = None) -> Self:
        """The secret that another process has a `reference` to: its text, or `file:PATH`."""
        if reference.startswith(IN_FILE):
            return cls(path=Path(reference.removeprefix(IN_FILE)), check=check)
        return cls(reference)

    @property
    def reference(self) -> str:
        """What `of` understands: by it a child process follows the same file."""
        return self._lines[0] if self._path is None else f"{IN_FILE}{self._path}"

    @property
    def text(self) -> str:
        """The first line, as it is now."""
        return self.lines[0]

    @property
    def lines(self) -> tuple[str, ...]:
        """All lines, as they are now; at least one."""
        now = time.monotonic()
        if self._path is not None and now >= self._look_at:
            self._look_at = now + LOOK_SECONDS
            self._look()
        return self._lines

    def __repr__(self) -> str:
        return f"Secret({self._path or '•••'})"

    def _look(self) -> None:
        try:
            if self._stamp() != self._seen:
                self._take()
                logger.info("secret_taken", path=str(self._path))
        except (OSError, ValueError) as error:
            logger.error("secret_not_taken", path=str(self._path), reason=str(error))

    def _stamp(self) -> tuple[int, int, int]:
        assert self._path is not None
        found = self._path.stat()
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _take(self) -> None:
        assert self._path is not None
        seen = self._stamp()
        lines = _lines(self._path.read_text())
        self._check(lines)
        if lines != self._lines:
            self.version += 1
        self._lines, self._seen = lines, seen


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _not_empty(lines: tuple[str, ...]) -> None:
    if not lines:
        raise ValueError("there is nothing in the file")
