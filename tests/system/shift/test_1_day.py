"""The day of a shift on the accelerated clock: bars, signals, fills, seats."""

import pytest

from tests.support.demo import Demo
from tests.support.people import Live

NIGHT_SECONDS = 150.0
"""Also a start so slow that the day was over is followed by another day."""

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]


async def test_a_tick_reaches_the_chart_and_a_signal_becomes_a_fill(
    shift: Demo, witness: Live
) -> None:
    assert witness.closed is None
    async with shift.person("trader1") as trader, trader.live() as live:
        snapshot = await live.wait_for(lambda f: f["kind"] == "snapshot")
        assert snapshot["clock"]["speed"] == 600
        await live.send(op="subscribe", instruments=["XNYS:AAPL"], intervals=["1m", "15m"])
        tick = await live.wait_for(lambda f: f["kind"] == "tick", NIGHT_SECONDS)
        assert tick["data"]["synthetic"] is True
        bar = await live.wait_for(
            lambda f: f["kind"] == "bar" and f["data"]["instrument"] == "XNYS:AAPL", NIGHT_SECONDS
        )
        signal = await live.wait_for(lambda f: f["kind"] == "signal", NIGHT_SECONDS)
        parts = signal["data"]["signals"][0]
        assert parts["base"] + sum(parts["contributions"].values()) == pytest.approx(parts["score"])
        fill = await live.wait_for(lambda f: f["kind"] == "fill", NIGHT_SECONDS)
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
