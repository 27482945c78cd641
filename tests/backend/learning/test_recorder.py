"""Trials and verdicts are recorded once; the champion moves only from the one that was judged."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from ai_pod.contracts import keys
from ai_pod.contracts.learning import LearningProgressed
from ai_pod.contracts.learning import PolicyLine as LineWord
from backend.learning.recorder import Recorder
from backend.models import Policy, Trial, Verdict
from backend.settings import Settings
from backend.state import open_state
from tests.support.build_backend import Backend
from tests.support.build_nights import (
    CHALLENGER,
    CHAMPION,
    LINE,
    NIGHT,
    actions,
    announce,
    count,
    get,
    line_of,
    seats_follow,
    send,
    trial,
    verdict,
)


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
    await seats_follow(nights, CHALLENGER)
    assert await actions(nights) == [
        "policy_passed_gate",
        "policy_approved",
        "policy_replaced",
        "champion_promoted",
    ]


async def test_a_verdict_on_another_champion_moves_nothing(nights: Backend) -> None:
    await announce(nights, verdict("v1", promoted=True, champion="rule:momentum@1"))
    assert (await line_of(nights)).champion == CHAMPION
    shown = await get(nights, "/verdicts/v1")
    assert (shown["moved"], shown["stage"]["state"]) == (False, "rejected")
    assert f"the champion is {CHAMPION} by now" in shown["stage"]["why"]


async def test_a_rollback_returns_to_the_predecessor_once(nights: Backend) -> None:
    await announce(nights, trial(), verdict("v1", promoted=True))
    body = {"champion": CHALLENGER, "reason": "it trades too much"}
    assert (await send(nights, "ann", "rollback", body)).status_code == 403
    done = await send(nights, "otto", "rollback", body)
    assert (done.status_code, done.json()["champion"]) == (200, CHAMPION)
    again = await send(nights, "otto", "rollback", body)
    assert (again.status_code, again.json()["code"]) == (409, "champion_moved")
    policy = await get(nights, f"/policies/{CHALLENGER}")
    assert policy["lines"][0] | {"promoted_at": ""} == {
        "policy_line": LINE,
        "champion": False,
        "state": "rolled_back",
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
        at=NIGHT,
    )


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
