"""Trials and verdicts are recorded once; the champion moves only from the one that was judged."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from redis.exceptions import ResponseError
from sqlalchemy import func, select
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from ai_pod.contracts import keys
from ai_pod.contracts.learning import (
    Competitor,
    LearningEvent,
    LearningProgressed,
    TrialFinished,
    VerdictReached,
)
from ai_pod.contracts.learning import PolicyLine as LineWord
from ai_pod.contracts.seats import PodSeats
from backend.database import transaction
from backend.desks.provision import NewDesk, create_desk
from backend.learning.recorder import Recorder
from backend.models import AuditRow, Policy, PolicyLine, Role, Trial, Verdict
from backend.settings import Settings
from backend.state import open_state
from tests.support.build_backend import Backend
from tests.support.build_trading import AAPL, IBM, T0, seat
from tests.support.people import until

CHAMPION = "rule:equal-weight@1"
CHALLENGER = "sha256:" + "ab" * 32
LINE = "XNYS/AAPL+IBM/15m/balanced"


@pytest.fixture
async def nights(backend: Backend) -> Backend:
    """A running back end; ann's desk subscribes to the line and sits on pod-a; otto operates."""
    user = await backend.user("ann", Role.TRADER)
    await backend.user("otto", Role.OPERATOR)
    await backend.user("zoe", Role.TRADER, "Other")
    async with transaction(backend.state.sessions) as session:
        desk = (await create_desk(session, user, NewDesk("XNYS", (AAPL, IBM)))).id
    await seat(backend.state, desk)
    return backend


def trial(number: int = 1) -> TrialFinished:
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
        policy=CHALLENGER,
        at=T0,
    )


def verdict(
    name: str, *, promoted: bool, champion: str = CHAMPION, hours: int = 0
) -> VerdictReached:
    return VerdictReached(
        id=name,
        organisation="org",
        policy_line=LINE,
        night="2012-10-16",
        verdict="promoted" if promoted else "champion_kept",
        champion=champion,
        challenger=CHALLENGER,
        sentence="The champion stays: the difference may be chance.",
        window_from=T0 - timedelta(days=90),
        window_to=T0,
        bars=1_690,
        seeds=3,
        trials=12,
        sharpe_difference=0.2,
        interval_low=-0.1,
        interval_high=0.5,
        cost_bps=2.0,
        competitors=(
            Competitor(
                name="cash",
                policy=None,
                sharpe=0.0,
                total_return=0.0,
                max_drawdown=0.0,
                turnover=0.0,
            ),
        ),
        checks={"beats_cash": True, "beats_champion": promoted},
        at=T0 + timedelta(hours=hours),
    )


async def announce(backend: Backend, *events: LearningEvent) -> None:
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


async def test_a_trial_counts_once_however_often_it_is_announced(nights: Backend) -> None:
    await announce(nights, trial(1), trial(1), trial(2), progress())
    assert (await line_of(nights)).trials == 2
    assert (await count(nights, Trial), await count(nights, Policy)) == (2, 1)


async def test_a_champion_that_is_kept_stays_and_the_verdict_is_shown(nights: Backend) -> None:
    await announce(nights, verdict("v1", promoted=False), verdict("v1", promoted=False))
    assert (await line_of(nights)).champion == CHAMPION
    assert await count(nights, Verdict) == 1
    answer = await get(nights, "/verdicts/v1")
    assert (answer["verdict"], answer["moved"]) == ("champion_kept", False)
    assert answer["competitors"][0]["name"] == "cash"
    assert (await get(nights, "/verdicts/v1", login="zoe", status=404))["code"]


async def test_the_evidence_of_a_verdict_is_stored_and_shown(nights: Backend) -> None:
    evidence: dict[str, Any] = {
        "protocol": {"groups": 6.0, "seeds": 8.0},
        "measures": {"deflated_sharpe": 0.41, "years_needed": 12.5},
        "spa": {"cash": 0.03},
        "intervals": {"cash": (-0.1, 0.4)},
        "paths": 5,
        "trial_records": 120,
    }
    weighed = msgspec.structs.replace(verdict("v1", promoted=False), **evidence)
    await announce(nights, weighed, verdict("v2", promoted=False, hours=1))
    shown = await get(nights, "/verdicts/v1")
    assert {name: shown[name] for name in evidence} == evidence | {
        "intervals": {"cash": [-0.1, 0.4]}
    }
    assert (await get(nights, "/verdicts/v2"))["measures"] == {}


async def test_a_promotion_reaches_line_seat_record_and_audit(nights: Backend) -> None:
    await announce(nights, trial(), verdict("v1", promoted=True))
    line = await line_of(nights)
    assert (line.champion, line.revision) == (CHALLENGER, 1)
    stored = await nights.state.redis.hget(keys.learning_lines(), LINE)
    assert isinstance(stored, bytes)
    assert msgspec.json.decode(stored, type=LineWord).champion == CHALLENGER

    async def told() -> bool:
        record = await nights.state.redis.get(keys.seats("pod-a"))
        seats = msgspec.json.decode(record, type=PodSeats).seats if record else ()
        return [its.policy_version for its in seats] == [CHALLENGER]

    await until(told, seconds=5)
    async with transaction(nights.state.sessions) as session:
        actions = set(await session.scalars(select(AuditRow.action)))
    assert "champion_promoted" in actions


async def test_a_verdict_on_another_champion_moves_nothing(nights: Backend) -> None:
    await announce(nights, verdict("v1", promoted=True, champion="rule:momentum@1"))
    assert (await line_of(nights)).champion == CHAMPION
    assert (await get(nights, "/verdicts/v1"))["moved"] is False


async def test_a_rollback_returns_to_the_predecessor_once(nights: Backend) -> None:
    await announce(nights, trial(), verdict("v1", promoted=True))
    body = {"champion": CHALLENGER, "reason": "it trades too much"}
    path = f"/policies/lines/{LINE}/rollback"
    assert (await post(nights, "ann", path, body)).status_code == 403
    done = await post(nights, "otto", path, body)
    assert (done.status_code, done.json()["champion"]) == (200, CHAMPION)
    again = await post(nights, "otto", path, body)
    assert (again.status_code, again.json()["code"]) == (409, "champion_moved")
    policy = await get(nights, f"/policies/{CHALLENGER}")
    assert policy["lines"][0] | {"promoted_at": ""} == {
        "policy_line": LINE,
        "champion": False,
        "trial_id": "trial-1",
        "sharpe": 1.25,
        "predecessor": CHAMPION,
        "promoted_at": "",
    }


async def test_lists_come_in_pages_and_only_of_the_organisation(nights: Backend) -> None:
    events = [verdict(f"v{n}", promoted=False, hours=n) for n in range(3)]
    await announce(nights, *events)
    first = await get(nights, "/verdicts?limit=2")
    assert [one["id"] for one in first["items"]] == ["v2", "v1"]
    rest = await get(nights, f"/verdicts?limit=2&cursor={first['next_cursor']}")
    assert ([one["id"] for one in rest["items"]], rest["next_cursor"]) == (["v0"], None)
    lines = await get(nights, "/policies")
    assert [(one["id"], one["desks"]) for one in lines["items"]] == [(LINE, 1)]
    assert (await get(nights, "/policies", login="zoe"))["items"] == []


async def test_what_is_unknown_or_unreadable_does_not_stop_the_recorder(nights: Backend) -> None:
    await nights.state.redis.xadd(keys.learning(), {keys.FIELD: b"{"})
    stray = msgspec.structs.replace(trial(9), policy_line="XNYS/NONE/15m/bold")
    await announce(nights, stray, trial(1))
    assert await count(nights, Trial) == 1


def progress() -> LearningProgressed:
    return LearningProgressed(
        organisation="org",
        policy_line=LINE,
        night="2012-10-16",
        seed=1,
        step=1_000,
        of_steps=50_000,
        metrics={"rollout/ep_rew_mean": 0.1},
        at=T0,
    )


async def get(backend: Backend, path: str, login: str = "ann", status: int = 200) -> Any:
    headers = await backend.sign_in(login)
    answer = await backend.client.get("/api/v1" + path, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def post(backend: Backend, login: str, path: str, body: object) -> Any:
    headers = await backend.sign_in(login)
    return await backend.client.post("/api/v1" + path, json=body, headers=headers)


async def test_an_event_waits_while_postgres_gives_no_connection(settings: Settings) -> None:
    async with open_state(settings) as state:
        busy = create_async_engine(state.engine.url, pool_size=1, max_overflow=0, pool_timeout=0.1)
        crowded = replace(state, engine=busy, sessions=async_sessionmaker(busy))
        message = msgspec.json.encode(trial())
        await state.redis.xadd(keys.learning(), {keys.FIELD: message})
        recorder = Recorder(crowded)
        async with busy.connect():
            with pytest.raises(PoolTimeout):
                await recorder.step(block_ms=1)
        assert len(await recorder.group.pending(count=10)) == 1
        await busy.dispose()


async def test_a_cursor_without_a_zone_is_none_of_ours(nights: Backend) -> None:
    headers = await nights.sign_in("ann")
    for cursor in ("2012-10-16T00:00:00~x", "2012-10-16T00:00:00Z", "yesterday~x"):
        answer = await nights.client.get(f"/api/v1/verdicts?cursor={cursor}", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_cursor")
