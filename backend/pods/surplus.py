"""Which of too many pods go, and which of those that were to go are kept after all."""

from collections.abc import Mapping


def emptiest(ready: Mapping[str, float], taken: Mapping[str, int], count: int) -> list[str]:
    """So many pods to empty: those with the fewest desks, of equally empty ones the youngest.

    `ready` is pod → when it started. Moving the fewest desks, and none twice: all that go are
    chosen at once, and a desk moves only to a pod that stays.
    """
    ranked = sorted(ready, key=lambda pod: (taken.get(pod, 0), -ready[pod], pod))
    return ranked[: max(0, count)]


def worth_keeping(leaving: Mapping[str, int], missing: int) -> list[str]:
    """Of pods that are being emptied (pod → its desks), those to keep when `missing` more are
    wanted again: the fullest, which spares the most moves.
    """
    ranked = sorted(leaving, key=lambda pod: (-leaving[pod], pod))
    return ranked[: max(0, missing)]
