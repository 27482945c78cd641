"""What the simulator refuses: the first bad element is named by book and place, and why."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Check = tuple[npt.NDArray[np.bool_], str]


def refuse_first(checks: Sequence[Check], what: str) -> None:
    """Raise ValueError for the first flagged element, "order 3" or, in a batch, "book 1, order 3";
    the earlier check speaks where an element fails two.
    """
    bad = np.logical_or.reduce(np.broadcast_arrays(*(flags for flags, _ in checks)))
    if not bad.any():
        return
    place = tuple(np.argwhere(bad)[0].tolist())
    why = next(why for flags, why in checks if np.broadcast_to(flags, bad.shape)[place])
    *books, last = place
    book = f"book {', '.join(map(str, books))}, " if books else ""
    raise ValueError(f"{book}{what} {last}: {why}")


def refuse_shape(name: str, found: tuple[int, ...], wanted: tuple[int, ...]) -> None:
    """Raise ValueError unless an array of that shape spreads over `wanted`, whose last axis is k
    instruments and the others the batch of books.
    """
    fits = len(found) <= len(wanted) and all(
        one in (1, other) for one, other in zip(found[::-1], wanted[::-1], strict=False)
    )
    if not found or found[-1] != wanted[-1] or not fits:
        raise ValueError(
            f"{name} has shape {found}; the books are {wanted[:-1]} of {wanted[-1]} instruments, "
            f"so give {wanted} or ({wanted[-1]},)"
        )
