"""Proof that a strategy does not see the future: what it wanted before a cut must stay as it was
when what follows the cut is taken away, and when it is another future.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ai_pod.policies.errors import StrategyFault
from ai_pod.policies.features import Array
from ai_pod.policies.strategies import Strategy
from market.series import VALUES, Panel

_SAME = 1e-9
"""Targets that differ by less are rounding."""


@dataclass(frozen=True)
class Proof:
    """What was found over `cuts` cuts of `bars` bars; `row` is None for an honest strategy.

    `row` and `column` are the first target that saw a later bar: it was `said` with the whole panel
    and `instead` when the rows from `cut` on were `how` (removed, or changed). `skipped` counts the
    cuts that the strategy could not be computed on.
    """

    bars: int
    cuts: int
    skipped: int
    row: int | None = None
    column: int = 0
    cut: int = 0
    how: str = ""
    said: float = 0.0
    instead: float = 0.0


def checked(strategy: Strategy, panel: Panel) -> Array:
    """The strategy's targets (T, k). Raises StrategyFault for what are no weights, and whatever
    the strategy raises.
    """
    targets = np.asarray(strategy.targets(panel), dtype=np.float64)
    if targets.shape != panel.close.shape:
        raise StrategyFault(
            f"{strategy.name} gave targets of shape {targets.shape}, not {panel.close.shape}"
        )
    endless = np.isinf(targets)
    if endless.any():
        row, column = np.argwhere(endless)[0].tolist()
        raise StrategyFault(
            f"{strategy.name} wants an infinite weight of {panel.instruments[column]} "
            f"at bar {row + 1}, {_end(panel, row)}"
        )
    return targets


def prove(strategy: Strategy, panel: Panel, cuts: int = 200, seed: int = 0) -> Proof:
    """Compare the targets before up to `cuts` cuts, evenly spread; at the first that differ, look
    at every cut before, so that the first bar of all is named.

    Raises StrategyFault when the same bars give other targets.
    """
    whole = checked(strategy, panel)
    if not _equal(whole, checked(strategy, panel)).all():
        raise StrategyFault(f"{strategy.name} gives other targets for the same bars")
    bars = len(panel)
    points = np.unique(np.linspace(1, bars - 1, min(cuts, bars - 1)).astype(int)).tolist()
    skipped = 0
    for cut in points:
        found = _difference(strategy, panel, whole, cut, seed)
        if found is None:
            skipped += 1
        elif found.row is not None:
            return _first(strategy, panel, whole, found, seed)
    if skipped == len(points):
        raise StrategyFault(f"{strategy.name} cannot be computed on any part of these bars")
    return Proof(bars, len(points), skipped)


def _first(strategy: Strategy, panel: Panel, whole: Array, found: Proof, seed: int) -> Proof:
    """The first row that sees a later one: it differs at the very cut that follows it."""
    for cut in range(1, (found.row or 0) + 1):
        earlier = _difference(strategy, panel, whole, cut, seed)
        if earlier is not None and earlier.row is not None:
            return earlier
    return found


def _difference(
    strategy: Strategy, panel: Panel, whole: Array, cut: int, seed: int
) -> Proof | None:
    """The first target before `cut` that depends on rows from `cut` on; None where the strategy
    can be computed neither without those rows nor with others.
    """
    parts = {"removed": rows(panel, 0, cut), "changed": _other_future(panel, cut, seed)}
    none = None
    for how, part in parts.items():
        try:
            there = checked(strategy, part)[:cut]
        except Exception:
            # A strategy may need more bars than the part has: that is no lookahead.
            continue
        none = Proof(len(panel), 1, 0)
        differ = np.argwhere(~_equal(whole[:cut], there))
        if len(differ):
            row, column = differ[0].tolist()
            said, instead = float(whole[row, column]), float(there[row, column])
            return Proof(len(panel), 1, 0, row, column, cut, how, said, instead)
    return none


def rows(panel: Panel, first: int, last: int) -> Panel:
    """Rows [first, last) of the panel."""
    part = {name: getattr(panel, name)[first:last] for name in VALUES}
    return Panel(panel.instruments, panel.end[first:last], **part, synthetic=panel.synthetic)


def _other_future(panel: Panel, cut: int, seed: int) -> Panel:
    """The same bars up to the cut; after it every price and volume is another one."""
    random = np.random.default_rng((seed, cut))
    shape = panel.close[cut:].shape
    steps = np.exp(
        random.normal(0.0, 0.02, shape).cumsum(axis=0) + random.normal(0.0, 0.2, shape[1])
    )
    columns = {name: getattr(panel, name).copy() for name in VALUES}
    for name, values in columns.items():
        values[cut:] *= steps if name != "volume" else random.uniform(0.2, 5.0, shape)
    return Panel(panel.instruments, panel.end, **columns, synthetic=panel.synthetic)


def _equal(one: Array, other: Array) -> NDArray[np.bool_]:
    same: NDArray[np.bool_] = np.isclose(one, other, rtol=_SAME, atol=_SAME, equal_nan=True)
    return same


def _end(panel: Panel, row: int) -> str:
    return str(np.datetime64(int(panel.end[row]), "ns"))[:16].replace("T", " ")
