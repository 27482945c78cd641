"""A sealed policy beside another, over market sessions that nobody knew when it was sealed.

Pure: the same function replays a challenger in shadow and reviews a champion since its promotion.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import NormalDist

import numpy as np
import structlog
from numpy.typing import NDArray

from ai_pod.agents.learning.statistics import max_drawdown, stationary_bootstrap
from ai_pod.contracts.learning import (
    PolicyLine,
    SessionResult,
    ShadowReported,
    Watch,
    WatchKind,
)
from ai_pod.policies.artifacts import PolicyStore
from ai_pod.policies.backtest import Run, Terms, World, backtest
from ai_pod.policies.errors import PolicyError
from ai_pod.policies.features import WINDOW, Array
from ai_pod.policies.policy import Policy
from market.calendars import ALWAYS, Sessions, from_ns, to_ns, trading_sessions
from market.errors import CalendarError
from market.series import Panel

FEWEST_BARS = 50
"""Fewer paired bars give no bound: a drawdown alone can refute then."""

LATE = timedelta(minutes=30)
"""How long after a close its last bars may still come into the history."""

MOST_SESSIONS = 250
"""A review of a champion goes back so far."""

DRAWS = 500
BLOCK_BARS = 5.0

logger = structlog.get_logger()


@dataclass(frozen=True)
class Replay:
    """Two runs over the same market sessions: `rows` are each session's steps [first, last)."""

    sessions: Sessions
    rows: tuple[tuple[int, int], ...]
    policy: Run
    against: Run
    synthetic: bool

    @property
    def results(self) -> tuple[SessionResult, ...]:
        days = zip(self.sessions.opens, self.sessions.closes, self.sessions.labels, strict=True)
        return tuple(
            SessionResult(
                day=str(label),
                opens=from_ns(int(opens)),
                closes=from_ns(int(closes)),
                bars=last - first,
                growth=float(self.policy.growth[first:last].sum()),
                against=float(self.against.growth[first:last].sum()),
            )
            for (opens, closes, label), (first, last) in zip(days, self.rows, strict=True)
        )


@dataclass(frozen=True)
class Finding:
    """Whether the watched policy is refuted, and by which numbers; see `ShadowReported`."""

    difference: float
    upper: float | None
    confidence: float
    drawdown: float
    drawdown_limit: float

    @property
    def worse(self) -> bool:
        return self.upper is not None and self.upper < 0.0

    @property
    def fell(self) -> bool:
        return self.drawdown > self.drawdown_limit


def reports(
    line: PolicyLine, panel: Panel, store: PolicyStore, terms: Terms, now: datetime
) -> list[ShadowReported]:
    """What the line's watched policies did over the sessions of the panel that are complete.

    A watch without a complete session since its seal, or whose policies cannot be loaded, gives
    none.
    """
    if not line.watched or len(panel) <= WINDOW:
        return []
    world = World.of(panel)
    until = min(now, max(from_ns(int(world.ends[-1])), now - LATE))
    found = []
    for watch in line.watched:
        try:
            policies = [store.load(one, line.instruments) for one in (watch.policy, watch.against)]
        except PolicyError as reason:
            logger.warning("watch_skipped", line=line.id, policy=watch.policy, reason=str(reason))
            continue
        replayed = replay(world, sessions_since(line.pool, watch, until), policies, terms)
        if replayed is not None:
            found.append(_report(line, watch, replayed, now))
    return found


def sessions_since(pool: str, watch: Watch, until: datetime) -> Sessions:
    """The market sessions that opened at or after the seal and closed by `until`; of a shadow the
    first ones, of a review the last. A pool that is no exchange's has days (UTC).
    """
    days = watch.since.date(), max(watch.since, until).date() + timedelta(days=1)
    try:
        known = trading_sessions(pool, *days)
    except CalendarError:
        known = trading_sessions(ALWAYS, *days)
    first = int(known.opens.searchsorted(to_ns(watch.since), side="left"))
    last = int(known.closes.searchsorted(to_ns(until), side="right"))
    if watch.sessions:
        last = min(last, first + watch.sessions)
    return _rows(known, slice(max(first, last - MOST_SESSIONS), max(first, last)))


def replay(
    world: World, sessions: Sessions, policies: Sequence[Policy], terms: Terms
) -> Replay | None:
    """Both policies, each with a fresh book, decide from the bar before the first session on.

    Sessions without a bar in the world are left out; None when there is none with one.
    """
    first = world.ends.searchsorted(sessions.opens, side="right")
    last = world.ends.searchsorted(sessions.closes, side="right")
    held = (last > first) & (first > 0)
    if not held.any():
        return None
    first, last = first[held], last[held]
    start = int(first[0]) - 1
    policy, against = backtest(world.part(start, int(last[-1])), policies, terms)
    steps = zip((first - start - 1).tolist(), (last - start - 1).tolist(), strict=True)
    return Replay(_rows(sessions, held), tuple(steps), policy, against, world.synthetic)


def weigh(replayed: Replay, watch: Watch) -> Finding:
    """The watch's rule on a replay.

    Every night looks again. So that all looks together err as rarely as one look at `confidence`
    would, the n-th session's look spends (1 - confidence) / (n (n + 1)) of it: these add up to
    1 - confidence (a union bound).
    """
    looks = len(replayed.rows)
    confidence = 1.0 - (1.0 - watch.confidence) / (looks * (looks + 1))
    paired = _paired(replayed)
    limit = max_drawdown(replayed.against.equity) * watch.drawdown_allowance + watch.drawdown_floor
    return Finding(
        difference=float(paired.mean()),
        upper=upper_bound(paired, confidence),
        confidence=confidence,
        drawdown=max_drawdown(replayed.policy.equity),
        drawdown_limit=limit,
    )


def upper_bound(paired: Array, confidence: float) -> float | None:
    """One-sided upper bound of the mean of paired differences (n,), per bar; None for too few.

    Mean plus normal quantile times the standard error, which a stationary bootstrap gives: its own
    percentiles end at 1 / draws, and later looks need bounds beyond that. Resampled blocks vary
    around the sample's mean, so the error is widened as ddof 1 does, by √(n / (n - block)).
    """
    if len(paired) < FEWEST_BARS:
        return None
    block = max(BLOCK_BARS, len(paired) ** (1.0 / 3.0))
    drawn = stationary_bootstrap(len(paired), block, DRAWS, np.random.default_rng(0))
    resampled = float(paired[drawn].mean(axis=1).std(ddof=1))
    error = resampled * math.sqrt(len(paired) / (len(paired) - block))
    return float(paired.mean()) + NormalDist().inv_cdf(confidence) * error


def _paired(replayed: Replay) -> Array:
    """Differences of log growth, bar by bar, over the sessions alone (n,)."""
    differences = replayed.policy.growth - replayed.against.growth
    return np.concatenate([differences[first:last] for first, last in replayed.rows])


def _report(line: PolicyLine, watch: Watch, replayed: Replay, now: datetime) -> ShadowReported:
    finding, results = weigh(replayed, watch), replayed.results
    return ShadowReported(
        id=_id(line.id, watch, results[-1].day),
        organisation=line.organisation,
        policy_line=line.id,
        night=results[-1].day,
        kind=watch.kind,
        policy=watch.policy,
        against=watch.against,
        since=watch.since,
        sessions=results,
        difference=finding.difference,
        upper=finding.upper,
        confidence=finding.confidence,
        drawdown=finding.drawdown,
        drawdown_limit=finding.drawdown_limit,
        refuted=finding.worse or finding.fell,
        sentence=_sentence(watch, results, finding),
        at=now,
        synthetic=replayed.synthetic,
    )


def _sentence(watch: Watch, results: Sequence[SessionResult], finding: Finding) -> str:
    shadow = watch.kind is WatchKind.SHADOW
    who, other = ("in shadow", "the champion") if shadow else ("since promotion", "its predecessor")
    mine = math.expm1(sum(one.growth for one in results))
    theirs = math.expm1(sum(one.against for one in results))
    said = (
        f"over {len(results)} unseen market session{'s' if len(results) > 1 else ''} {who} it made "
        f"{mine:+.2%} after costs, {other} {theirs:+.2%}"
    )
    reasons = []
    if finding.worse and finding.upper is not None:
        reasons.append(
            f"even the upper {finding.confidence:.2%} bound of the paired difference, "
            f"{finding.upper * 1e4:+.2f} bps a bar, is below zero"
        )
    if finding.fell:
        reasons.append(
            f"its drawdown of {finding.drawdown:.1%} is beyond the {finding.drawdown_limit:.1%} "
            f"that {other}'s own allows"
        )
    if reasons:
        return f"Refuted: {said}; {' and '.join(reasons)}."
    return f"Not refuted: {said}."


def _rows(sessions: Sessions, chosen: slice | NDArray[np.bool_]) -> Sessions:
    return Sessions(
        sessions.opens[chosen],
        sessions.closes[chosen],
        sessions.break_starts[chosen],
        sessions.break_ends[chosen],
        sessions.labels[chosen],
    )


def _id(line: str, watch: Watch, day: str) -> str:
    """The same replay has the same id, should it be announced again."""
    parts = (line, watch.kind, watch.policy, watch.against, watch.since.isoformat(), day)
    return f"shadow-{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:24]}"
