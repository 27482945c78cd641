"""Schedules of faults: the same from the same seed, and none that says nothing."""

from pathlib import Path

from tests.support.faults.schedule import (
    CHOICES,
    FREEZE_SECONDS,
    Kind,
    Victim,
    draw,
)
from tests.support.switch_deaths import FROZEN, INSTANTS


def test_a_seed_gives_its_schedule() -> None:
    assert draw(7) == draw(7)
    assert len({draw(seed) for seed in range(200)}) == 200


def test_two_hundred_seeds_hold_every_fault() -> None:
    drawn = [fault for seed in range(1, 201) for fault in draw(seed)]
    assert {(fault.kind, fault.victim) for fault in drawn} == set(CHOICES)
    assert any(fault.at_switch for fault in drawn)
    assert any(fault.victim is Victim.POD and fault.seconds > 10 for fault in drawn)
    assert all((fault.seconds > 0) is (fault.kind is Kind.FREEZE) for fault in drawn)


def test_the_desks_of_one_pod_at_most_move() -> None:
    for seed in range(500):
        gone = [f for f in draw(seed) if f.kind is Kind.LOSE or f.seconds > FREEZE_SECONDS[1]]
        assert len(gone) <= 1


def test_the_documentation_lists_every_fault() -> None:
    rows = (Path(__file__).parents[2] / "docs" / "reliability.md").read_text().splitlines()
    told = [row.split("|")[1] for row in rows if row.count("|") == 3]
    for kind, victim in CHOICES:
        assert any(kind in cell and victim in cell for cell in told), f"{kind} {victim}"


def test_the_documentation_shows_the_table_of_the_switch() -> None:
    """A row an instant, a tick a case."""
    columns = ["pod", "a", "b", "redis", "disk", "frozen a", "frozen b"]
    rows = (Path(__file__).parents[2] / "docs" / "reliability.md").read_text().splitlines()
    for instant, victims in INSTANTS.items():
        there = {*victims, *(f"frozen {victim}" for at, victim in FROZEN if at == instant)}
        row = next(row for row in rows if row.startswith(f"| {instant}"))
        ticks = [cell.strip() == "✓" for cell in row.split("|")[2:-1]]
        assert ticks == [column in there for column in columns], instant
