"""Learning curves are compared at equal steps and at equal CPU time."""

import csv
from pathlib import Path

import pytest

from shiftdesk.benches.curves import FAST, PLAIN, SMALL, Point, compared, planted, run, write
from shiftdesk.errors import UsageProblem

# In each of two worlds: FAST learns 1.0 in 200 steps and 2 CPU-seconds, the others 1.0 in 100
# steps and 10 CPU-seconds; in the second world FAST learns nothing.
CURVES = ((FAST, 200, 2.0), (SMALL, 100, 10.0), (PLAIN, 100, 10.0))
POINTS = [
    Point(setting, seed, int(steps * share), cpu * share, share * (setting != FAST or seed == 0))
    for setting, steps, cpu in CURVES
    for seed in (0, 1)
    for share in (0.0, 0.5, 1.0)
]


def test_settings_are_compared_where_both_have_been() -> None:
    figures = compared(POINTS)
    assert (figures["equal_steps"], figures["equal_cpu_s"]) == (100, 2.0)
    fast, plain = "large_batches_few_epochs", "SB3s_defaults"
    assert figures[f"{fast}_log_return"] == pytest.approx(0.5)
    assert figures[f"{fast}_log_return_at_equal_steps"] == pytest.approx(0.25)
    assert figures[f"{plain}_log_return_at_equal_steps"] == pytest.approx(1.0)
    assert figures[f"{plain}_log_return_at_equal_cpu"] == pytest.approx(0.2)
    assert figures[f"{fast}_steps_per_cpu_s"] == pytest.approx(100.0)
    assert figures["worlds_no_worse_than_defaults_at_equal_steps"] == 0.0
    assert figures["worlds_no_worse_than_defaults_at_equal_cpu"] == 0.5


def test_data_and_picture_are_written(tmp_path: Path) -> None:
    write(POINTS, tmp_path)
    with (tmp_path / "learning-curves.csv").open() as file:
        assert len(list(csv.DictReader(file))) == len(POINTS)
    assert "<svg" in (tmp_path / "learning-curves.svg").read_text()


def test_the_judged_bars_come_after_those_learned_from() -> None:
    train, test = planted(3)
    assert test.ends[0] > train.ends[-1]
    assert not (planted(4)[1].close == test.close).any()


def test_a_setting_that_is_none_is_refused() -> None:
    with pytest.raises(UsageProblem, match="luck"):
        run({"luck": "7"})
