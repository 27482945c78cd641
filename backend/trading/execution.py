"""What one decision leads to, in one transaction: fenced by the desk's lease, once a bar."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.signals import Decision
from backend.models import Decision as DecisionRow
from backend.models import Desk, new_id
from backend.models import Signal as SignalRow
from backend.trading import policy_faults, repository, sizing
from backend.trading.brokers.port import Broker
from backend.trading.ledger import Changes, Ledger
from backend.trading.placing import OpenDesk, Origin
from backend.trading.repository import Facts
from backend.trading.terms import Standing
from backend.trading.words import OrderSource, Outcome
from market.clock import Clock
from market.simulator.money import quantise_price
from market.words import Instrument

STALE_REAL_SECONDS = 5.0


@dataclass(frozen=True)
class Executed:
    """What became of a decision; `row` and `changes` are None where nothing was written."""

    outcome: Outcome
    row: str | None = None
    orders: int = 0
    changes: Changes | None = None


@dataclass(frozen=True)
class Executor:
    """What execution needs besides the decision."""

    broker_of: Callable[[Desk], Broker]
    clock: Clock
    instruments: Mapping[str, Instrument]

    async def execute(self, session: AsyncSession, entry: str, decision: Decision) -> Executed:
        """Lock seat and desk, judge, record, size, check, order. The caller commits."""
        desk = await repository.lock_seated_desk(session, decision.desk, decision.lease_epoch)
        if desk is None:
            return Executed(Outcome.FENCED)
        now = self.clock.now()
        facts = await repository.facts(session, desk, now, decision.bar_end)
        if facts.decided:
            return Executed(Outcome.DUPLICATE)
        ledger = await Ledger.of(session, desk)
        row = self._record(session, ledger, entry, decision)
        row.outcome = self._judge(ledger, decision)
        if row.outcome not in (Outcome.EXPIRED, Outcome.SUPERSEDED):
            standing = await policy_faults.note(ledger, self.clock, decision, facts.standing)
            facts = replace(facts, standing=standing)
            ledger.mark(decision.bar_end, self._prices(decision))
        if row.outcome == Outcome.EXECUTED:
            row.orders = self._order(ledger, facts, row, decision)
            row.outcome = Outcome.EXECUTED if row.orders else Outcome.NO_ORDERS
        await session.flush()
        return Executed(Outcome(row.outcome), row.id, row.orders, ledger.changes)

    def _judge(self, ledger: Ledger, decision: Decision) -> Outcome:
        desk = ledger.desk
        if desk.last_bar_end is not None and decision.bar_end < desk.last_bar_end:
            return Outcome.SUPERSEDED
        desk.last_bar_end = decision.bar_end
        if self.clock.now() - decision.bar_end > longest_delay(decision, self.clock):
            return Outcome.EXPIRED
        if decision.fault is not None:
            return Outcome.FAULTED
        return Outcome.EXECUTED if desk.automatic else Outcome.RECORDED

    def _order(self, ledger: Ledger, facts: Facts, row: DecisionRow, decision: Decision) -> int:
        """Size the decision and place its orders; how many passed the risk check."""
        prices = self._prices(decision)
        target = sizing.Target(decision.weights, decision.prices)
        requests = sizing.orders_for(
            target, ledger.projected_cash(prices), ledger.projected(), self.instruments
        )
        if not requests:
            return 0
        desk = OpenDesk(
            ledger=ledger,
            limits=ledger.limits(facts),
            book=ledger.risk_book(facts, prices, self.instruments),
            broker=self.broker_of(ledger.desk),
            now=self.clock.now(),
        )
        for request in requests:
            origin = Origin(
                source=OrderSource.DECISION,
                client_order_id=client_order_id(decision, request.instrument),
                standing=Standing(decision.bar_end),
                decision=row.id,
                bar_end=decision.bar_end,
                lease_epoch=decision.lease_epoch,
            )
            desk.place(request, origin)
        return len(ledger.changes.submitted)

    def _prices(self, decision: Decision) -> dict[str, Decimal]:
        return {
            name: quantise_price(price, self.instruments[name].price_decimals)
            for name, price in decision.prices.items()
            if name in self.instruments and price > 0
        }

    def _record(
        self, session: AsyncSession, ledger: Ledger, entry: str, decision: Decision
    ) -> DecisionRow:
        row = DecisionRow(
            id=new_id("decision"),
            organisation_id=ledger.desk.organisation_id,
            desk_id=decision.desk,
            bar_end=decision.bar_end,
            interval=decision.interval,
            pod=decision.pod,
            policy_line=decision.policy_line,
            policy_version=decision.policy_version,
            lease_epoch=decision.lease_epoch,
            phase_epoch=decision.phase_epoch,
            weights=decision.weights,
            prices=decision.prices,
            outcome=Outcome.RECORDED,
            orders=0,
            entry=entry,
            synthetic=decision.synthetic,
            published_wall=decision.published_wall,
            observation=decision.observation,
            limits=decision.limits,
            fault=decision.fault or "",
        )
        session.add(row)
        session.add_all(_signals(row, decision))
        return row


def longest_delay(decision: Decision, clock: Clock) -> timedelta:
    """How old a decision may be: one bar, or five real seconds where those are longer."""
    return max(decision.interval.length, clock.market_span(STALE_REAL_SECONDS))


def client_order_id(decision: Decision, instrument: str) -> str:
    """The same decision gives the same orders, however often it is read."""
    return f"{decision.desk}:{_compact(decision.bar_end)}:{instrument}"


def signal_id(desk: str, bar_end: datetime, instrument: str) -> str:
    """A signal's id follows from what it is, so that a live frame's reader can name it."""
    return f"{desk}.{_compact(bar_end)}.{instrument.replace(':', '.')}"


def _compact(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}"


def _signals(row: DecisionRow, decision: Decision) -> list[SignalRow]:
    return [
        SignalRow(
            id=signal_id(decision.desk, decision.bar_end, signal.instrument),
            organisation_id=row.organisation_id,
            desk_id=decision.desk,
            decision_id=row.id,
            bar_end=decision.bar_end,
            instrument=signal.instrument,
            weight_before=signal.weight_before,
            weight_after=signal.weight_after,
            price=signal.price,
            score=signal.score,
            base=signal.base,
            contributions=signal.contributions,
            reason=signal.reason,
            policy_version=decision.policy_version,
            synthetic=decision.synthetic,
        )
        for signal in decision.signals
    ]
