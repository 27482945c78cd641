"""A challenger's way through shadow and approval to champion, and back; each move on record."""

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from ai_pod.contracts import keys
from ai_pod.contracts.learning import LearningEvent, Watch, WatchKind
from ai_pod.contracts.learning import PolicyLine as LineWord
from backend.database import transaction
from backend.learning import service
from backend.models import ShadowReport, Trial, Verdict
from tests.support.build_backend import Backend
from tests.support.build_nights import (
    CHALLENGER,
    CHAMPION,
    LINE,
    NIGHT,
    OPENS,
    SECOND,
    actions,
    announce,
    count,
    get,
    line_of,
    report,
    seats_follow,
    send,
    session_result,
    stage,
    trial,
    verdict,
)

CAREFUL = {"shadow_sessions": 2, "promotion": "approval"}
APPROVAL = {"policy": CHALLENGER, "reason": "I looked at every session"}
TOOK_OVER = ("policy_passed_gate", "policy_approved", "policy_replaced", "champion_promoted")


@pytest.fixture
async def careful(nights: Backend) -> Backend:
    """The line wants two shadow sessions and a person's approval."""
    changed = await send(nights, "otto", "settings", CAREFUL, "PATCH")
    assert changed.status_code == 200, changed.text
    return nights


async def watched(backend: Backend) -> tuple[Watch, ...]:
    """What the nights are told to replay."""
    stored = await backend.state.redis.hget(keys.learning_lines(), LINE)
    assert isinstance(stored, bytes)
    return msgspec.json.decode(stored, type=LineWord).watched


async def test_from_the_gate_through_shadow_and_approval_and_back(careful: Backend) -> None:
    await announce(careful, trial(), verdict("v1", promoted=True))
    assert (await stage(careful))["state"] == "shadow"
    (watch,) = await watched(careful)
    assert (watch.kind, watch.policy, watch.against) == (WatchKind.SHADOW, CHALLENGER, CHAMPION)
    assert (watch.sessions, watch.since < OPENS) == (2, True)
    assert watch.since >= NIGHT
    early = await send(careful, "otto", "approve", APPROVAL)
    assert (early.status_code, early.json()["code"]) == (409, "not_awaiting_approval")
    assert "is shadow (replayed over 2 sessions to come" in early.json()["detail"]
    await announce(careful, report(0), report(0))
    shown = (await get(careful, "/verdicts/v1"))["stage"]
    assert (shown["state"], shown["sessions"], shown["of_sessions"]) == ("shadow", 1, 2)
    await announce(careful, report(0, 1))
    assert (await stage(careful))["state"] == "awaiting_approval"
    assert (await line_of(careful)).champion == CHAMPION
    assert (await send(careful, "ann", "approve", APPROVAL)).status_code == 403
    assert (await send(careful, "zoe", "approve", APPROVAL)).status_code == 404
    done = await send(careful, "otto", "approve", APPROVAL)
    assert (done.status_code, done.json()["champion"]) == (200, CHALLENGER)
    await seats_follow(careful, CHALLENGER)
    again = await send(careful, "otto", "approve", APPROVAL)
    assert (again.status_code, again.json()["revision"]) == (200, 1)
    assert (await get(careful, "/verdicts/v1"))["moved"] is True
    await roll_back_by_hand(careful)


async def roll_back_by_hand(backend: Backend) -> None:
    body = {"champion": CHALLENGER, "reason": "it trades too much"}
    assert (await send(backend, "otto", "rollback", body)).json()["champion"] == CHAMPION
    await seats_follow(backend, CHAMPION)
    assert (await stage(backend))["state"] == "rolled_back"
    assert (await stage(backend, CHAMPION))["state"] == "champion"
    for verb in ("approve", "reject"):
        assert (await send(backend, "otto", verb, APPROVAL)).status_code == 409
    first = {"champion": CHAMPION, "reason": "further back"}
    refused = await send(backend, "otto", "rollback", first)
    assert (refused.status_code, refused.json()["code"]) == (409, "no_predecessor")
    assert await actions(backend) == [
        "line_settings_changed",
        "policy_passed_gate",
        "policy_shadow_begun",
        "policy_approval_asked",
        "policy_approved",
        "policy_replaced",
        "champion_promoted",
        "champion_rolled_back",
        "policy_reinstated",
    ]


async def test_a_shadow_that_is_refuted_is_rejected_with_its_sentence(careful: Backend) -> None:
    await announce(careful, trial(), verdict("v1", promoted=True), report(0, refuted=True))
    shown = await stage(careful)
    assert (shown["state"], shown["why"]) == ("rejected", "Refuted: it fell too far.")
    assert await watched(careful) == ()
    await announce(careful, report(0, 1))
    assert await count(careful, ShadowReport) == 1
    done = await send(careful, "otto", "reject", APPROVAL)
    assert (done.status_code, done.json()["champion"]) == (200, CHAMPION)
    assert (await actions(careful))[-1] == "policy_refuted"


async def test_a_person_can_reject_what_is_in_shadow(careful: Backend) -> None:
    await announce(careful, trial(), verdict("v1", promoted=True))
    key = {"Idempotency-Key": "once"}
    for _ in range(2):
        done = await send(careful, "otto", "reject", APPROVAL, **key)
        assert done.status_code == 200, done.text
    assert (await stage(careful))["why"] == APPROVAL["reason"]
    assert (await actions(careful))[-2:] == ["policy_shadow_begun", "policy_declined"]
    unknown = await send(careful, "otto", "reject", APPROVAL | {"policy": SECOND})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "policy_not_found")


async def test_a_replay_that_proves_nothing_is_refused_on_record(careful: Backend) -> None:
    await announce(careful, trial(), verdict("v1", promoted=True))
    results = (session_result(0), session_result(0))
    await announce(
        careful,
        report(-1, 0),
        report(0, 1, id="other", against="rule:cash@1"),
        report(0, 1, id="twice", sessions=results),
        report(0, 1, id="none", sessions=()),
        report(0, 1, id="soon", at=OPENS + timedelta(hours=1)),
    )
    assert (await stage(careful))["sessions"] == 0
    assert await count(careful, ShadowReport) == 0
    assert (await actions(careful))[-5:] == ["shadow_report_refused"] * 5


async def test_two_that_await_approval_cannot_both_be_approved(careful: Backend) -> None:
    await announce(
        careful,
        trial(1),
        trial(2, SECOND),
        verdict("v1", promoted=True),
        verdict("v2", promoted=True, challenger=SECOND, hours=1),
        report(0, 1),
        report(0, 1, id="second", policy=SECOND),
    )
    bodies = [{"policy": policy, "reason": "yes"} for policy in (CHALLENGER, SECOND)] * 3
    answers = await asyncio.gather(*(send(careful, "otto", "approve", body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [409] * 3
    line = await line_of(careful)
    lost = SECOND if line.champion == CHALLENGER else CHALLENGER
    assert line.revision == 1
    assert (await stage(careful, lost))["state"] == "rejected"
    assert f"the champion is {line.champion} by now" in (await stage(careful, lost))["why"]
    assert (await actions(careful)).count("champion_promoted") == 1


async def test_a_champion_that_its_review_refutes_is_rolled_back_at_once(nights: Backend) -> None:
    await announce(nights, trial(), verdict("v1", promoted=True))
    (watch,) = await watched(nights)
    assert (watch.kind, watch.policy, watch.against) == (WatchKind.REVIEW, CHALLENGER, CHAMPION)
    await announce(nights, report(0, kind=WatchKind.REVIEW))
    assert (await line_of(nights)).champion == CHALLENGER
    old = report(-1, 0, kind=WatchKind.REVIEW, refuted=True)
    await announce(nights, old)
    assert (await line_of(nights)).champion == CHALLENGER
    await announce(nights, *[report(0, 1, kind=WatchKind.REVIEW, refuted=True)] * 2)
    assert (await line_of(nights)).champion == CHAMPION
    await seats_follow(nights, CHAMPION)
    assert await watched(nights) == ()
    rolled = await stage(nights)
    assert (rolled["state"], rolled["why"]) == ("rolled_back", "Refuted: it fell too far.")
    reports = (await get(nights, f"/policies/lines/{LINE}/reports"))["items"]
    assert [(one["kind"], one["refuted"], one["sessions"]) for one in reports] == [
        ("review", True, 2),
        ("review", False, 1),
    ]
    assert reports[0]["by_session"][0]["day"] == "2012-10-17"
    assert await actions(nights) == [
        *TOOK_OVER,
        "shadow_report_refused",
        "champion_rolled_back",
        "policy_reinstated",
    ]


async def test_a_night_that_is_told_again_changes_nothing(careful: Backend) -> None:
    told: list[LearningEvent] = [
        trial(),
        verdict("v1", promoted=True),
        report(0),
        report(0, 1),
    ]
    await announce(careful, *told)
    before = await snapshot(careful)
    await announce(careful, *told, *reversed(told))
    assert await snapshot(careful) == before


async def snapshot(backend: Backend) -> list[Any]:
    line = await line_of(backend)
    tables = (Trial, Verdict, ShadowReport)
    counts = [await count(backend, table) for table in tables]
    return [line.trials, line.champion, counts, await stage(backend), await actions(backend)]


async def test_every_trial_counts_once_however_many_record_it_at_once(nights: Backend) -> None:
    async def record(number: int) -> None:
        async with transaction(nights.state.sessions) as session:
            await service.record_trial(session, trial(number))

    await asyncio.gather(*(record(number % 4) for number in range(16)))
    assert (await line_of(nights)).trials == await count(nights, Trial) == 4
    # A verdict that knows of fewer takes none away.
    await announce(nights, verdict("v1", promoted=False, trials=1, trial_records=1), trial(0))
    assert (await line_of(nights)).trials == 4


async def test_a_lines_settings_are_its_own_until_they_are_given_back(nights: Backend) -> None:
    wish = {"shadow_sessions": 9, "rollback": {"drawdown_floor": 0.05}}
    for _ in range(2):
        held = (await send(nights, "otto", "settings", wish, "PATCH")).json()["settings"]
        assert held == {
            "shadow_sessions": 9,
            "promotion": "automatic",
            "rollback": {"confidence": 0.95, "drawdown_allowance": 1.5, "drawdown_floor": 0.05},
        }
    back = {"shadow_sessions": None, "rollback": None}
    held = (await send(nights, "otto", "settings", back, "PATCH")).json()["settings"]
    assert (held["shadow_sessions"], held["rollback"]["drawdown_floor"]) == (0, 0.02)
    assert await actions(nights) == ["line_settings_changed"] * 2
    for bad in ({"shadow_sessions": -1}, {"promotion": "never"}, {"rollback": {"confidence": 2}}):
        assert (await send(nights, "otto", "settings", bad, "PATCH")).status_code == 422
    assert (await send(nights, "ann", "settings", wish, "PATCH")).status_code == 403
    assert (await send(nights, "zoe", "settings", wish, "PATCH")).status_code == 404


async def test_a_policy_is_judged_once(careful: Backend) -> None:
    await announce(careful, trial(), verdict("v1", promoted=False))
    assert (await stage(careful))["state"] == "rejected"
    await announce(careful, verdict("v2", promoted=True, hours=1))
    assert (await stage(careful))["state"] == "rejected"
    assert (await get(careful, "/verdicts/v2"))["stage"] is None
    assert await actions(careful) == ["line_settings_changed", "policy_failed_gate"]
