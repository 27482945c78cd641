"""The raw event log: one whole line an event."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from market.eventlog import EventLog
from tests.support.build_market import Wall, clock

NOW = datetime(2012, 10, 15, 19, tzinfo=UTC)


def test_every_event_is_a_line_with_market_time(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "events", "market", clock(NOW, Wall()))
    log.write("bars_closed", interval="15m", end=NOW)
    log.write_all([("books", {"cash": Decimal("10.50")}), ("late", {"at": 1.0})])
    log.close()
    log.write("after_the_end")
    (file,) = (tmp_path / "events").iterdir()
    first, second, third = map(json.loads, file.read_text().splitlines())
    assert first["event"] == "bars_closed"
    assert first["end"] == first["market"] == "2012-10-15T19:00:00Z"
    assert second["cash"] == "10.50"
    assert (third["event"], third["at"]) == ("late", 1.0)


def test_without_a_folder_nothing_is_written(tmp_path: Path) -> None:
    EventLog(None, "market", clock(NOW, Wall())).write("bars_closed")
    assert not list(tmp_path.iterdir())
