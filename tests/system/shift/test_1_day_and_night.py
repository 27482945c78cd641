"""A whole shift on the accelerated clock: bars, signals, the close, a verdict, the next open."""

from datetime import timedelta

import pytest

from tests.support import history
from tests.support.demo import Demo
from tests.support.people import until

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

NIGHT_SECONDS = 150.0


async def test_a_tick_reaches_the_chart_and_a_signal_becomes_a_fill(shift: Demo) -> None:
    async with shift.person("trader1") as trader, trader.live() as live:
        snapshot = await live.wait_for(lambda f: f["kind"] == "snapshot")
        assert snapshot["clock"]["speed"] == 600
        await live.send(op="subscribe", instruments=["XNYS:AAPL"], intervals=["1m", "15m"])
        tick = await live.wait_for(lambda f: f["kind"] == "tick")
        assert tick["data"]["synthetic"] is True
        bar = await live.wait_for(
            lambda f: f["kind"] == "bar" and f["data"]["instrument"] == "XNYS:AAPL"
        )
        signal = await live.wait_for(lambda f: f["kind"] == "signal", 60.0)
        parts = signal["data"]["signals"][0]
        assert parts["base"] + sum(parts["contributions"].values()) == pytest.approx(parts["score"])
        fill = await live.wait_for(lambda f: f["kind"] == "fill", 60.0)
        drawn = await trader.get(
            "/market/bars", instrument="XNYS:AAPL", interval=bar["data"]["interval"], limit=2000
        )
        assert any(known["end"] == bar["data"]["end"] for known in drawn["bars"])
        assert drawn["synthetic"] is True
        fills = (await trader.get("/fills"))["items"]
        assert fill["data"]["id"] in {known["id"] for known in fills}
        assert (await trader.get("/equity"))["points"]


async def test_twelve_desks_sit_on_two_pods(shift: Demo) -> None:
    async with shift.person("operator") as operator:
        pods = (await operator.get("/pods"))["items"]
        taken = sorted(len(pod["desks"]) for pod in pods)
        assert taken == [2, 10]
        assert (await shift.scaling(operator))["wanted_pods"] == 2


async def test_the_market_closes_learning_takes_over_and_the_next_open_trades(shift: Demo) -> None:
    async with shift.person("trader1") as trader, trader.live() as live:
        await live.wait_for(_phase("learning"), NIGHT_SECONDS)
        verdict = await until(_verdicts(trader), NIGHT_SECONDS, what="a verdict")
        assert verdict[0]["sentence"]
        assert verdict[0]["verdict"] in ("promoted", "champion_kept")
        seen = len(live.frames)
        await live.wait_for(
            lambda f: _phase("trading")(f) and f in live.frames[seen:], NIGHT_SECONDS
        )
        await live.wait_for(lambda f: f["kind"] == "bar" and f in live.frames[seen:], 30.0)
        assert live.closed is None


async def test_the_history_of_the_shift_is_right(shift: Demo) -> None:
    async with shift.person("trader1") as trader:
        await until(lambda: _decided_after_the_night(shift), 60.0, what="decisions after the open")
        now = shift.now()
        positions = await trader.get("/positions")
    events = shift.history()
    judgement = history.judge(events)
    assert judgement.faults == []
    assert judgement.counts["event decision_published"] > 100
    assert judgement.counts["event order_filled"] > 5
    settled = now - timedelta(minutes=45)
    assert history.missing_decisions(events, until=settled) == []
    assert positions is not None


def _phase(name: str):  # type: ignore[no-untyped-def]  # a predicate for frames
    return lambda frame: frame["kind"] == "phase" and frame["data"]["phase"] == name


def _verdicts(trader):  # type: ignore[no-untyped-def]  # a coroutine function for `until`
    async def check() -> object:
        return (await trader.get("/verdicts"))["items"]

    return check


def _decided_after_the_night(shift: Demo) -> bool:
    published = [
        history.instant(event["bar_end"])
        for event in shift.history()
        if event["event"] == "decision_published"
    ]
    return bool(published) and max(published) - min(published) > timedelta(hours=12)
