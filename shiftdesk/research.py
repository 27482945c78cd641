"""What `backtest` and `train` read from the local folder: days, prices, policies."""

from datetime import UTC, datetime
from pathlib import Path

from ai_pod.policies.artifacts import PolicyStore
from ai_pod.policies.errors import PolicyError, UnknownPolicy
from ai_pod.policies.features import WINDOW
from ai_pod.policies.policy import Policy
from market.clock import parse_instant
from market.errors import MarketError
from market.history import History
from market.series import Panel
from market.words import Interval
from shiftdesk.configuration import store
from shiftdesk.errors import NotFound, UsageProblem


def day(text: str) -> datetime:
    """A day (its beginning, UTC) or an instant. Raises UsageProblem."""
    try:
        if "T" in text:
            return parse_instant(text)
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError as error:
        raise UsageProblem(f"{text!r} is no date: {error}", "write YYYY-MM-DD") from error


def prices(
    history: Path | None,
    instruments: tuple[str, ...],
    interval: Interval,
    span: tuple[datetime | None, datetime],
) -> Panel:
    """The bars that all instruments have within `span`. Raises NotFound or UsageProblem."""
    try:
        panel = History(store("history", history)).read_panel(instruments, interval, *span)
    except MarketError as error:
        raise NotFound(str(error), "shiftdesk data list") from error
    if len(panel) <= WINDOW + 1:
        raise UsageProblem(
            f"{len(panel)} common bars; the features alone need {WINDOW}", "a longer span"
        )
    return panel


def policy(name: str, instruments: tuple[str, ...]) -> Policy:
    """A rule, or what was learned. Raises NotFound or UsageProblem."""
    try:
        return PolicyStore(store("artifacts")).load(name, instruments)
    except UnknownPolicy as error:
        raise NotFound(str(error), "shiftdesk policies list") from error
    except PolicyError as error:
        raise UsageProblem(str(error), "shiftdesk policies list") from error
