"""Trials and verdicts are recorded once; the champion moves only from the one that was judged."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from ai_pod.contracts import keys
from ai_pod.contracts.learning import EquityLine, EquityLines, LearningProgressed
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


async def test_the_sheet_of_a_verdict_has_units_and_lines_where_they_were_told(
    nights: Backend,
) -> None:
    line = EquityLine(name="challenger", equity=(1.0, 1.02), drawdown=(0.0, 0.01))
    told = verdict(
        "v1",
        promoted=False,
        measures={"news": 7.0, "years_needed": 12.5, "max_drawdown": 0.2},
        equity=EquityLines(ends=(NIGHT, NIGHT + timedelta(days=1)), lines=(line,)),
    )
    await announce(nights, told, verdict("v2", promoted=False, hours=1))
    sheet = await get(nights, "/verdicts/v1/sheet")
    units = [(one["name"], one["value"], one["unit"]) for one in sheet["measures"]]
    assert units == [
        ("max_drawdown", 0.2, "share"),
        ("years_needed", 12.5, "years"),
        ("news", 7.0, ""),
    ]
    assert sheet["verdict"]["id"] == "v1"
    assert len(sheet["equity"]["ends"]) == 2
    assert sheet["equity"]["lines"] == [
        {"name": "challenger", "equity": [1.0, 1.02], "drawdown": [0.0, 0.01]}
    ]
    assert (await get(nights, "/verdicts/v2/sheet"))["equity"] is None
    refused = await get(nights, "/verdicts/v1/sheet", login="zoe", status=404)
    assert refused["code"] == "verdict_not_found"


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


async def test_the_curves_are_those_of_one_night_trial_by_trial(nights: Backend) -> None:
    told = [
        msgspec.structs.replace(progress(), **change)
        for change in (
            {"night": "2012-10-15"},
            {"fold": 1, "step": 2_000},
            {"fold": 1, "step": 1_000, "metrics": {"train/loss": 0.5, "night/trials": 9.0}},
            {"fold": 1, "step": 2_000, "metrics": {"train/loss": 0.25}},
            {"fold": 0, "control": True},
            {"policy_line": "XNYS/NONE/15m/bold"},
        )
    ]
    await announce(nights, *told)
    shown = await get(nights, f"/policies/lines/{LINE}/curves")
    assert (shown["night"], shown["nights"]) == ("2012-10-16", ["2012-10-16", "2012-10-15"])
    assert shown["metrics"] == ["rollout/ep_rew_mean", "train/loss"]
    first, control = shown["curves"]
    assert (first["seed"], first["fold"], first["control"]) == (1, 1, False)
    assert [(one["step"], one["metrics"]) for one in first["points"]] == [
        (1_000, {"train/loss": 0.5}),
        (2_000, {"train/loss": 0.25}),
    ]
    assert (control["control"], len(control["points"])) == (True, 1)
    before = await get(nights, f"/policies/lines/{LINE}/curves?night=2012-10-15")
    assert [one["fold"] for one in before["curves"]] == [None]
    foreign = await nights.client.get(
        f"/api/v1/policies/lines/{LINE}/curves", headers=await nights.sign_in("zoe")
    )
    assert foreign.status_code == 404


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
