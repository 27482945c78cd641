"""What is measured of the machine is told beside the load, not by it."""

from pathlib import Path

from market.clock import Clock
from tests.support import history
from tests.support.faults.machine import measured
from tests.support.people import until


async def test_a_process_of_its_own_measures(tmp_path: Path) -> None:
    log = history.Log(tmp_path)
    with measured(tmp_path, Clock()):
        await until(log.read, 30.0, what="a measurement")
    event = log.read()[0]
    assert event["event"] == "machine_measured"
    assert event["slowness"] > 0.9
