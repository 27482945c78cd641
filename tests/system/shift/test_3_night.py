"""The night of a shift, which has begun meanwhile: the close, a verdict, the next open."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.support import history
from tests.support.demo import Demo
from tests.support.people import Frame, Live, until

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

NIGHT_SECONDS = 150.0


async def test_the_market_closes_learning_takes_over_and_the_next_open_trades(
    shift: Demo, witness: Live
) -> None:
    learning = await witness.wait_for(_phase("learning"), NIGHT_SECONDS)
    async with shift.person("trader1") as trader:
        verdict = await until(_verdicts(trader), NIGHT_SECONDS, what="a verdict")
    assert verdict[0]["sentence"]
    assert verdict[0]["verdict"] in ("promoted", "champion_kept")
    trading = await witness.wait_for(_after(learning, _phase("trading")), NIGHT_SECONDS)
    await witness.wait_for(_after(trading, lambda frame: frame["kind"] == "bar"), 30.0)
    assert witness.closed is None


async def test_the_history_of_the_shift_is_right(shift: Demo) -> None:
    async with shift.person("trader1") as trader:
        await until(lambda: _decided_after_the_night(shift), 60.0, what="decisions after the open")
        now = shift.now()
        positions = await trader.get("/positions")
    await until(lambda: not _missing(shift, now), what="every decision, a late one too")
    judgement = history.judge(shift.history())
    assert judgement.faults == []
    assert judgement.counts["event decision_published"] > 100
    assert judgement.counts["event order_filled"] > 5
    assert positions is not None


def _missing(shift: Demo, now: datetime) -> list[tuple[str, str]]:
    return history.missing_decisions(shift.history(), until=now - timedelta(minutes=45))


def _phase(name: str) -> Callable[[Frame], bool]:
    return lambda frame: bool(frame["kind"] == "phase" and frame["data"]["phase"] == name)


def _after(earlier: Frame, wanted: Callable[[Frame], bool]) -> Callable[[Frame], bool]:
    return lambda frame: frame["received"] > earlier["received"] and wanted(frame)


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
