"""What changes between two texts, line by line."""

from collections import defaultdict
from collections.abc import Iterator

from backend.chat.instruction_schemas import DiffKind, DiffLine
from backend.chat.instruction_text import lines_of


def difference(before: str, after: str) -> list[DiffLine]:
    """All lines of both, each once; what goes stands before what comes in its place."""
    one, other = lines_of(before), lines_of(after)
    lines: list[DiffLine] = []
    i = j = 0
    for same_i, same_j in [*_common(one, other), (len(one), len(other))]:
        lines += [_line(DiffKind.REMOVED, one, i=at) for at in range(i, same_i)]
        lines += [_line(DiffKind.ADDED, other, j=at) for at in range(j, same_j)]
        if same_i < len(one):
            lines.append(_line(DiffKind.SAME, one, i=same_i, j=same_j))
        i, j = same_i + 1, same_j + 1
    return lines


def _line(
    kind: DiffKind, texts: list[str], *, i: int | None = None, j: int | None = None
) -> DiffLine:
    at = j if i is None else i
    assert at is not None
    before, after = (None if its is None else its + 1 for its in (i, j))
    return DiffLine(kind=kind, text=texts[at], before=before, after=after)


def _common(one: list[str], other: list[str]) -> list[tuple[int, int]]:
    """Where both have a line in common, as often as is possible in one order.

    The longest common subsequence by rows of bits (Crochemore et al. 2001; Hyyrö 2004): a row is an
    integer, in which bit i is 0 where line i of `one` lengthens what is common with the lines of
    `other` so far. A thousand lines take some milliseconds, whatever they say.
    """
    places: dict[str, int] = defaultdict(int)
    for i, text in enumerate(one):
        places[text] |= 1 << i
    whole = (1 << len(one)) - 1
    rows = [whole]
    for text in other:
        row, its = rows[-1], places.get(text, 0)
        rows.append(((row + (row & its)) | (row & ~its)) & whole)
    return [*_walked(one, other, rows)][::-1]


def _walked(one: list[str], other: list[str], rows: list[int]) -> Iterator[tuple[int, int]]:
    """From the end of both to the beginning of one."""
    i, j = len(one) - 1, len(other) - 1
    while i >= 0 and j >= 0:
        if one[i] == other[j]:
            yield i, j
            i, j = i - 1, j - 1
        elif rows[j + 1] >> i & 1:
            i -= 1
        else:
            j -= 1
