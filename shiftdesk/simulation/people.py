"""When users want a seat: assumptions about people, stated as numbers, drawn with a seed.

Not calibrated against a real platform; whoever has one puts its numbers here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

HOUR = 3600.0
DAY = 24 * HOUR


@dataclass(frozen=True)
class Habits:
    """`automatic` users' desks trade by themselves and keep their seat for ever; the others have
    one while somebody is connected, and `release_seconds` longer. Shares are of the latter.
    """

    automatic: float = 0.6
    come_on_a_market_day: float = 0.8
    come_on_another_day: float = 0.15
    around_the_open: float = 0.55
    open_offset_seconds: float = -300.0
    open_spread_seconds: float = 720.0
    during_the_session: float = 0.30
    further_visits: float = 0.8
    visit_median_seconds: float = 2700.0
    visit_spread: float = 0.9
    visit_longest_seconds: float = 8 * HOUR
    release_seconds: float = 900.0


@dataclass(frozen=True)
class Stay:
    """One user wants a seat during [starts, ends), seconds since the simulation's beginning."""

    user: int
    starts: float
    ends: float


Sessions = Sequence[tuple[float, float]]
"""(open, close) of each market session, seconds since the beginning."""


def stays(
    users: int, days: int, sessions: Sessions, habits: Habits, generator: np.random.Generator
) -> list[Stay]:
    """What all users want over the days, ascending by start; the automatic ones from the start."""
    automatic = round(users * habits.automatic)
    found = [Stay(user, 0.0, (days + 1) * DAY) for user in range(automatic)]
    opens = {int(start // DAY): (start, end) for start, end in sessions}
    for user in range(automatic, users):
        visits: list[tuple[float, float]] = []
        for day in range(days):
            visits += _visits(day, opens.get(day), habits, generator)
        found += [Stay(user, a, b) for a, b in _joined(visits, habits.release_seconds)]
    return sorted(found, key=lambda stay: (stay.starts, stay.user))


def _visits(
    day: int,
    session: tuple[float, float] | None,
    habits: Habits,
    generator: np.random.Generator,
) -> Iterator[tuple[float, float]]:
    """The visits of one user on one day, as (start, end)."""
    comes = habits.come_on_another_day if session is None else habits.come_on_a_market_day
    if generator.random() >= comes:
        return
    begin, end = session or (day * DAY + 14 * HOUR, day * DAY + 22 * HOUR)
    start = _first(session, begin, end, habits, generator)
    for _ in range(1 + generator.poisson(habits.further_visits)):
        start = max(start, 0.0)
        length = float(
            generator.lognormal(np.log(habits.visit_median_seconds), habits.visit_spread)
        )
        stop = start + min(length, habits.visit_longest_seconds)
        yield start, stop
        latest = end + 3 * HOUR
        if stop >= latest:
            return
        start = float(generator.uniform(stop, latest))


def _first(
    session: tuple[float, float] | None,
    begin: float,
    end: float,
    habits: Habits,
    generator: np.random.Generator,
) -> float:
    """When the first visit of the day begins: around the open, during the session, or after it."""
    drawn = generator.random()
    if session is not None and drawn < habits.around_the_open:
        return float(
            generator.normal(begin + habits.open_offset_seconds, habits.open_spread_seconds)
        )
    if session is None or drawn < habits.around_the_open + habits.during_the_session:
        return float(generator.uniform(begin, end))
    return float(generator.uniform(end, end + 4 * HOUR))


def _joined(
    visits: Iterable[tuple[float, float]], release_seconds: float
) -> Iterator[tuple[float, float]]:
    """Stays: visits with the time that the seat is kept after them, joined where they touch."""
    held: tuple[float, float] | None = None
    for start, stop in sorted(visits):
        until = stop + release_seconds
        if held is None:
            held = (start, until)
        elif start <= held[1]:
            held = (held[0], max(held[1], until))
        else:
            yield held
            held = (start, until)
    if held is not None:
        yield held
