"""Which desks have to be decided on at which bar, and what becomes of the decisions.

A round is one bar of each window; older bars come first, so every desk goes from bar to bar.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import structlog
from redis.exceptions import RedisError

from ai_pod.agents.trading.books import DeskBook
from ai_pod.agents.trading.deciding import Moment, PolicyMisfit, Standing, decide, faulted
from ai_pod.agents.trading.exposures import exposure_of
from ai_pod.agents.trading.guard import Guard, PolicyOverdue
from ai_pod.agents.trading.hours import TradingHours
from ai_pod.agents.trading.publishing import Outcome, Published, Publisher
from ai_pod.agents.trading.room import Room
from ai_pod.agents.trading.shelf import Key
from ai_pod.agents.trading.traced import TracedDecisions
from ai_pod.agents.trading.windows import Window, instant, micros
from ai_pod.contracts.seats import Seat
from ai_pod.contracts.signals import Decision, Fault
from ai_pod.policies.features import latest_features
from market.eventlog import EventLog

logger = structlog.get_logger()


class Behind(OSError):
    """The pod's phase record is not in Redis yet; nothing was published."""


@dataclass(slots=True)
class Decided:
    """What a turn has led to."""

    count: int = 0
    signalled: int = 0
    frames: list[bytes] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Due:
    """Desks of one window that have to be decided on at one bar end."""

    window: Window
    end: int
    books: list[DeskBook]


class Rounds:
    """Decides whatever is due. `over` is set when the phase is another agent's by now."""

    def __init__(
        self,
        room: Room,
        publisher: Publisher,
        hours: TradingHours,
        events: EventLog,
        guard: Guard,
    ) -> None:
        self.over = False
        self._room = room
        self._publisher = publisher
        self._hours = hours
        self._events = events
        self._guard = guard
        self._unsure: set[tuple[str, int]] = set()

    async def decide_due(self) -> Decided:
        """Go on until nothing is due. Raises redis' errors and Behind; a next call goes on."""
        decided = Decided()
        while not self.over and (due := self._next_round()):
            decisions = self._decide(due)
            await self._publish(decisions, decided)
        return decided

    def _next_round(self) -> list[Due]:
        found = (
            self._due(self._room.windows[group], books)
            for group, books in self._room.groups.items()
        )
        return [due for due in found if due is not None]

    def _due(self, window: Window, books: list[DeskBook]) -> Due | None:
        """The first bar of the trading hours that some desk is not done with; others are passed."""
        while window.settled:
            after = min(book.decided for book in books)
            end = window.next_end(after) if after < window.last_end else None
            if end is None:
                return None
            behind = [book for book in books if book.decided < end]
            if self._hours.covers(instant(end)):
                return Due(window, end, behind)
            for book in behind:
                book.decided = end
        return None

    def _decide(self, round_: list[Due]) -> list[Decision]:
        closes = [due.window.until(due.end) for due in round_]
        features = latest_features(closes)
        decisions: list[Decision] = []
        for due, known, seen in zip(round_, closes, features, strict=True):
            moment = Moment(
                pod=self._publisher.pod,
                phase_epoch=self._room.phase_epoch,
                bar_end=instant(due.end),
                prices=due.window.prices_at(known),
                features=seen,
                synthetic=due.window.synthetic,
            )
            by_policy: dict[str, list[DeskBook]] = defaultdict(list)
            for book in due.books:
                by_policy[book.seat.policy_version].append(book)
            for policy, books in by_policy.items():
                decisions += self._batch((policy, due.window.instruments), moment, books)
        return decisions

    def _batch(self, policy: Key, moment: Moment, books: list[DeskBook]) -> list[Decision]:
        """The decisions of desks that share a policy: one for each, also where it cannot decide."""
        desks = [_standing(book, moment.prices) for book in books]
        loaded = self._room.shelf.get(policy)
        if loaded is None:
            return _faulted(moment, desks, *self._room.shelf.why_not(policy))
        try:
            return self._guard.run(policy[0], lambda: decide(loaded, moment, desks))
        except PolicyOverdue as error:
            self._room.shelf.bench(policy[0], str(error))
            return _faulted(moment, desks, Fault.OVERDUE, str(error))
        except PolicyMisfit as error:
            if len(books) > 1:
                return [one for book in books for one in self._batch(policy, moment, [book])]
            return _faulted(moment, desks, error.fault, str(error))

    async def _publish(self, decisions: list[Decision], decided: Decided) -> None:
        identities = {(d.desk, micros(d.bar_end)) for d in decisions}
        try:
            with TracedDecisions(decisions) as traced:
                answers = await self._publisher.publish(traced.decisions)
                traced.answered(answers)
        except RedisError:
            self._unsure |= identities
            raise
        for answer in answers:
            self._settle(answer, decided)
        self._unsure -= identities
        if any(answer.outcome is Outcome.BEHIND for answer in answers):
            raise Behind("the pod's phase is not in Redis yet")

    def _settle(self, answer: Published, decided: Decided) -> None:
        decision, end = answer.decision, micros(answer.decision.bar_end)
        book = self._room.books[decision.desk]
        if answer.outcome is Outcome.BEHIND:
            return
        if answer.outcome is Outcome.PHASE_OVER:
            self.over = True
            self._refuse(book.seat, end, Outcome.FENCED)
            return
        mine_after_all = bool(answer.entry) and (decision.desk, end) in self._unsure
        if answer.outcome is Outcome.PUBLISHED or mine_after_all:
            self._note(answer, decided)
            book.targets = decision.weights
        else:
            self._refuse(book.seat, end, answer.outcome)
        book.decided = end

    def _note(self, answer: Published, decided: Decided) -> None:
        decision = answer.decision
        decided.count += 1
        decided.signalled += bool(decision.signals)
        if answer.frame is not None:
            decided.frames.append(answer.frame)
        self._events.write(
            "decision_published",
            desk=decision.desk,
            pod=decision.pod,
            bar_end=decision.bar_end,
            interval=decision.interval,
            lease_epoch=decision.lease_epoch,
            phase_epoch=decision.phase_epoch,
            signals=len(decision.signals),
            entry=answer.entry,
        )

    def _refuse(self, seat: Seat, end: int, why: str) -> None:
        logger.warning("decision_refused", desk=seat.desk, bar_end=instant(end), why=why)
        self._events.write(
            "decision_refused",
            desk=seat.desk,
            pod=self._publisher.pod,
            bar_end=instant(end),
            why=why,
        )


def _faulted(moment: Moment, desks: list[Standing], fault: Fault, detail: str) -> list[Decision]:
    for desk in desks:
        logger.warning("policy_faulted", desk=desk.seat.desk, fault=fault, detail=detail)
    return [faulted(moment, desk, fault, detail) for desk in desks]


def _standing(book: DeskBook, prices: dict[str, float]) -> Standing:
    """What the desk holds by its snapshot, or else what it last wanted to hold.

    An automatic desk's signals are told against what it holds, as its orders are; another desk's
    against its last targets, since nobody follows them for sure.
    """
    exposure = exposure_of(book.snapshot) if book.snapshot else None
    held = _row(book.seat, book.targets if exposure is None else exposure.weights(prices))
    follows = exposure is not None and exposure.automatic
    before = held if follows or not book.targets else _row(book.seat, book.targets)
    return Standing(book.seat, held, before)


def _row(seat: Seat, weights: dict[str, float]) -> list[float]:
    return [weights.get(instrument, 0.0) for instrument in seat.instruments]
