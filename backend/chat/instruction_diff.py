"""What changes between two texts, line by line."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from backend.chat.instruction_schemas import DiffKind, DiffLine


def difference(before: str, after: str) -> list[DiffLine]:
    """All lines of both, each once; what goes stands before what comes in its place."""
    one, other = before.splitlines(), after.splitlines()
    lines: list[DiffLine] = []
    for tag, i, j, k, m in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += _same(one[i:j], i, k)
            continue
        removed, added = DiffKind.REMOVED, DiffKind.ADDED
        lines += [
            DiffLine(kind=removed, text=one[at], before=at + 1, after=None) for at in range(i, j)
        ]
        lines += [
            DiffLine(kind=added, text=other[at], before=None, after=at + 1) for at in range(k, m)
        ]
    return lines


def _same(texts: list[str], i: int, k: int) -> Iterator[DiffLine]:
    for at, text in enumerate(texts, 1):
        yield DiffLine(kind=DiffKind.SAME, text=text, before=i + at, after=k + at)
