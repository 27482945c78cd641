"""What `backtest`, `lookahead` and `train` read: days, prices of the history store or of files,
policies.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path

from ai_pod.policies.artifacts import PolicyStore
from ai_pod.policies.errors import PolicyError, StrategyFault, UnknownPolicy
from ai_pod.policies.features import WINDOW
from ai_pod.policies.policy import Policy
from market.calendars import to_ns
from market.clock import parse_instant
from market.errors import BadData, MarketError
from market.history import History
from market.series import Bars, Panel, panel
from market.simulator.costs import CostModel
from market.words import Instrument, Interval, Stamps
from shiftdesk.configuration import store
from shiftdesk.errors import CommandError, NotFound, UsageProblem

FILES = (".csv", ".parquet", ".pq")


def day(text: str) -> datetime:
    """A day (its beginning, UTC) or an instant. Raises UsageProblem."""
    try:
        if "T" in text:
            return parse_instant(text)
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError as error:
        raise UsageProblem(f"{text!r} is no date: {error}", "write YYYY-MM-DD") from error


@dataclass(frozen=True)
class Source:
    """Where bars come from: `data` are instruments of the history store, or CSV or Parquet files,
    separated by commas; files need `calendar` (none is 24/7) and `stamps`.
    """

    data: str
    interval: Interval = Interval.DAY
    history: str | None = None
    calendar: str = ""
    stamps: Stamps = "end"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name.strip() for name in self.data.split(",") if name.strip())

    @property
    def is_files(self) -> bool:
        return any(Path(name).suffix in FILES for name in self.names)

    def panel(self, start: datetime | None, end: datetime) -> Panel:
        """The bars within the span, side by side. Raises NotFound; UsageProblem with the row."""
        if not self.is_files:
            return prices(self.history, self.names, self.interval, (start, end))
        parts = [self._file(Path(name)) for name in self.names]
        names = tuple(f"FILE:{Path(name).stem}" for name in self.names)
        if len(set(names)) < len(names):
            raise UsageProblem("two files have the same name", "rename one of them")
        first = 0 if start is None else to_ns(start)
        return _long_enough(panel(names, [bars.between(first, to_ns(end)) for bars in parts]))

    def _file(self, path: Path) -> Bars:
        if not path.is_file():
            raise NotFound(f"there is no file {path}", "--data NAME.csv, or VENUE:SYMBOL")
        # pandas takes a second to import: only who reads a file pays for it.
        from market.imports import read_bars

        described = Instrument(venue="FILE", symbol=path.stem, calendar=self.calendar)
        try:
            return read_bars(path, described, self.interval, self.stamps)
        except BadData as error:
            raise UsageProblem(
                f"{path}: {error}", "mend the file, or say its --interval; nothing was run"
            ) from error
        except (MarketError, OSError, ValueError) as error:
            raise UsageProblem(f"{path}: {error}") from error


def prices(
    history: str | None,
    instruments: tuple[str, ...],
    interval: Interval,
    span: tuple[datetime | None, datetime],
) -> Panel:
    """The instruments' bars within `span`, side by side. Raises NotFound or UsageProblem."""
    try:
        found = History(store("history", history)).read_panel(instruments, interval, *span)
    except MarketError as error:
        raise NotFound(str(error), "shiftdesk data list") from error
    return _long_enough(found)


def _long_enough(found: Panel) -> Panel:
    if len(found) <= WINDOW + 1:
        raise UsageProblem(
            f"{len(found)} bars side by side; the features alone need {WINDOW}", "a longer span"
        )
    return found


def settings(pairs: list[str] | None) -> dict[str, float]:
    """NAME=VALUE of a strategy. Raises UsageProblem."""
    read: dict[str, float] = {}
    for pair in pairs or []:
        name, _, value = pair.partition("=")
        try:
            read[name] = float(value)
        except ValueError as error:
            raise UsageProblem(
                f"--set {pair!r} is no NAME=NUMBER", "such as --set fast=5"
            ) from error
    return read


def costs(commission_bps: float, pairs: list[str] | None) -> CostModel:
    """Costs by the names of `CostModel`. Raises UsageProblem."""
    given: dict[str, float | int] = dict(settings(pairs))
    known = {field.name for field in fields(CostModel)}
    if unknown := sorted(given.keys() - known):
        raise UsageProblem(f"no cost {', '.join(unknown)}", f"there are {', '.join(sorted(known))}")
    for name in given.keys() & {"price_decimals", "fee_decimals"}:
        given[name] = int(given[name])
    try:
        return replace(CostModel(commission_bps=commission_bps), **given)  # type: ignore[arg-type]  # by name
    except ValueError as error:
        raise UsageProblem(str(error)) from error


@contextmanager
def refusing() -> Iterator[None]:
    """What a strategy or policy did wrong becomes the command's error."""
    try:
        yield
    except UnknownPolicy as error:
        fix = "strategies: docs/strategy.md; policies: shiftdesk policies list"
        raise NotFound(str(error), fix) from error
    except StrategyFault as error:
        raise CommandError(str(error), "mend the strategy; nothing was written") from error
    except PolicyError as error:
        raise UsageProblem(str(error)) from error


def policy(name: str, instruments: tuple[str, ...]) -> Policy:
    """A rule, or what was learned. Raises NotFound or UsageProblem."""
    try:
        return PolicyStore(store("artifacts")).load(name, instruments)
    except UnknownPolicy as error:
        raise NotFound(str(error), "shiftdesk policies list") from error
    except PolicyError as error:
        raise UsageProblem(str(error), "shiftdesk policies list") from error
