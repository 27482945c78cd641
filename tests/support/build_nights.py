"""Builders for the tests of the champion's moves: what nights announce, and who hears it."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from redis.exceptions import ResponseError
from sqlalchemy import func, select

from ai_pod.contracts import keys
from ai_pod.contracts.learning import (
    Competitor,
    LearningEvent,
    SessionResult,
    ShadowReported,
    TrialFinished,
    VerdictReached,
    WatchKind,
)
from ai_pod.contracts.seats import PodSeats
from backend.database import transaction
from backend.desks.provision import NewDesk, create_desk
from backend.models import AuditRow, PolicyLine, Role
from market.clock import Anchor
from tests.support.build_backend import Backend
from tests.support.build_trading import AAPL, IBM, seat
from tests.support.people import until

CHAMPION = "rule:equal-weight@1"
CHALLENGER = "sha256:" + "ab" * 32
SECOND = "sha256:" + "cd" * 32
LINE = "XNYS/AAPL+IBM/15m/balanced"
NIGHT = datetime(2012, 10, 16, 20, 30, tzinfo=UTC)
OPENS = datetime(2012, 10, 17, 13, 30, tzinfo=UTC)
"""The first market session after NIGHT."""


def clock() -> str:
    """A back end's clock that stands close to NIGHT."""
    return str(Anchor(market=NIGHT, wall=time.time(), speed=1.0))


async def people(backend: Backend) -> Backend:
    """ann's desk subscribes to the line and sits on pod-a; otto operates; zoe is a stranger."""
    user = await backend.user("ann", Role.TRADER)
    await backend.user("otto", Role.OPERATOR)
    await backend.user("zoe", Role.OPERATOR, "Other")
    async with transaction(backend.state.sessions) as session:
        desk = (await create_desk(session, user, NewDesk("XNYS", (AAPL, IBM)))).id
    await seat(backend.state, desk)
    return backend


def trial(number: int = 1, policy: str = CHALLENGER) -> TrialFinished:
    return TrialFinished(
        id=f"trial-{number}",
        organisation="org",
        policy_line=LINE,
        night="2012-10-16",
        seed=number,
        algorithm="ppo",
        steps=50_000,
        cpu_seconds=3.5,
        sharpe=1.25,
        policy=policy,
        at=NIGHT,
    )


def verdict(
    name: str, *, promoted: bool, champion: str = CHAMPION, hours: int = 0, **others: Any
) -> VerdictReached:
    cash = Competitor(
        name="cash", policy=None, sharpe=0.0, total_return=0.0, max_drawdown=0.0, turnover=0.0
    )
    values: dict[str, Any] = {
        "id": name,
        "organisation": "org",
        "policy_line": LINE,
        "night": "2012-10-16",
        "verdict": "promoted" if promoted else "champion_kept",
        "champion": champion,
        "challenger": CHALLENGER,
        "sentence": "The champion stays: the difference may be chance.",
        "window_from": NIGHT - timedelta(days=90),
        "window_to": NIGHT,
        "bars": 1_690,
        "seeds": 3,
        "trials": 12,
        "sharpe_difference": 0.2,
        "interval_low": -0.1,
        "interval_high": 0.5,
        "cost_bps": 2.0,
        "competitors": (cash,),
        "checks": {"beats_cash": True, "beats_champion": promoted},
        "at": NIGHT + timedelta(hours=hours),
    }
    return VerdictReached(**values | others)


def session_result(day: int) -> SessionResult:
    """The day-th market session after NIGHT (from 0)."""
    opens = OPENS + timedelta(days=day)
    return SessionResult(
        day=opens.date().isoformat(),
        opens=opens,
        closes=opens + timedelta(hours=6, minutes=30),
        bars=26,
        growth=0.002,
        against=0.001,
    )


def report(
    *days: int, kind: WatchKind = WatchKind.SHADOW, refuted: bool = False, **others: Any
) -> ShadowReported:
    """What a night says of these market sessions."""
    results = tuple(session_result(day) for day in days)
    values: dict[str, Any] = {
        "id": f"{kind}-{'-'.join(map(str, days))}",
        "organisation": "org",
        "policy_line": LINE,
        "night": results[-1].day,
        "kind": kind,
        "policy": CHALLENGER,
        "against": CHAMPION,
        "since": NIGHT,
        "sessions": results,
        "difference": 1e-5,
        "upper": 2e-5,
        "confidence": 0.99,
        "drawdown": 0.01,
        "drawdown_limit": 0.03,
        "refuted": refuted,
        "sentence": "Refuted: it fell too far." if refuted else "Not refuted: it held.",
        "at": results[-1].closes + timedelta(minutes=30),
    }
    return ShadowReported(**values | others)


async def announce(backend: Backend, *events: LearningEvent) -> None:
    """Announce, and wait until all is recorded."""
    for event in events:
        await backend.state.redis.xadd(keys.learning(), {keys.FIELD: msgspec.json.encode(event)})

    async def recorded() -> bool:
        try:
            summary: Any = await backend.state.redis.xinfo_groups(keys.learning())
        except ResponseError:
            return False
        return bool(summary) and summary[0]["lag"] == 0 and summary[0]["pending"] == 0

    await until(recorded, seconds=15)


async def line_of(backend: Backend) -> PolicyLine:
    async with transaction(backend.state.sessions) as session:
        return await session.get_one(PolicyLine, LINE)


async def count(backend: Backend, table: type[Any]) -> int:
    async with transaction(backend.state.sessions) as session:
        return (await session.scalars(select(func.count()).select_from(table))).one()


async def actions(backend: Backend) -> list[str]:
    """The audit's actions on the line, in order."""
    async with transaction(backend.state.sessions) as session:
        statement = select(AuditRow.action).where(AuditRow.subject == f"line:{LINE}")
        return list(await session.scalars(statement.order_by(AuditRow.number)))


async def seats_follow(backend: Backend, policy: str) -> None:
    """Wait until the desk's seat record carries the policy."""

    async def told() -> bool:
        record = await backend.state.redis.get(keys.seats("pod-a"))
        seats = msgspec.json.decode(record, type=PodSeats).seats if record else ()
        return [its.policy_version for its in seats] == [policy]

    await until(told, seconds=5)


async def get(backend: Backend, path: str, login: str = "ann", status: int = 200) -> Any:
    headers = await backend.sign_in(login)
    answer = await backend.client.get("/api/v1" + path, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def send(
    backend: Backend, login: str, path: str, body: object, method: str = "POST", **headers: str
) -> Any:
    """The response to a change of the line, `path` below it."""
    signed = await backend.sign_in(login) | headers
    url = f"/api/v1/policies/lines/{LINE}/{path}"
    return await backend.client.request(method, url, json=body, headers=signed)


async def stage(backend: Backend, policy: str = CHALLENGER) -> Any:
    """Where a policy stands, as the API shows it."""
    known = await get(backend, f"/policies/lines/{LINE}")
    return next(one for one in known["policies"] if one["id"] == policy)["stage"]
