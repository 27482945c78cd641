"""The account of a day: what samples say of memory, cores and dormancy, and when work differs."""

from dataclasses import replace

import pytest

from shiftdesk.benches.timeshare import figures, refuse_other_work, run
from shiftdesk.errors import CommandError, UsageProblem
from shiftdesk.timesharing.account import (
    Role,
    Sample,
    Use,
    alive_seconds,
    cpu_seconds,
    memory_seconds,
    most_at_once,
    peak_cores,
)
from shiftdesk.timesharing.day import CLOSE, OPEN, make_day
from shiftdesk.timesharing.witness import Witnessed, Work

DAY = make_day(speed=1440.0, desks=10, questions=40, seed=1)
WORK = Work(frozenset(), frozenset({(0, "sha256:a")}), frozenset(), frozenset({1, 2}))


def use(pid: int, role: Role, cpu: float, pss: int = 0) -> Use:
    return Use(pid, role, cpu, pss)


def sample(at: float, *uses: Use) -> Sample:
    return Sample(at, uses)


def test_memory_counts_from_sample_to_sample() -> None:
    samples = [
        sample(0.0, use(1, Role.TRADING, 0.0, 100), use(2, Role.CHATBOT, 0.0, 10)),
        sample(2.0, use(1, Role.TRADING, 0.0, 300)),
        sample(3.0),
    ]
    assert memory_seconds(samples) == {Role.TRADING: 500.0, Role.CHATBOT: 20.0}
    assert alive_seconds(samples) == {Role.TRADING: 3.0, Role.CHATBOT: 2.0}


def test_cpu_is_that_of_the_day_and_of_every_process() -> None:
    samples = [
        sample(0.0, use(1, Role.CHATBOT, 5.0)),
        sample(1.0, use(1, Role.CHATBOT, 5.5), use(2, Role.CHATBOT, 0.25)),
        sample(2.0, use(2, Role.CHATBOT, 0.75)),
    ]
    assert cpu_seconds(samples)[Role.CHATBOT] == 1.25


def test_a_process_that_ends_while_it_is_read_takes_nothing_back() -> None:
    samples = [
        sample(0.0, use(1, Role.TRADING, 5.0)),
        sample(1.0, use(1, Role.TRADING, 6.0)),
        sample(2.0, use(1, Role.TRADING, 0.0)),
    ]
    assert cpu_seconds(samples)[Role.TRADING] == 1.0


def test_a_peak_is_taken_over_the_window() -> None:
    busy = [sample(at / 4, use(1, Role.LEARNING, max(0.0, at / 4 - 2.0))) for at in range(20)]
    assert peak_cores(busy, 1.0)[Role.LEARNING] == pytest.approx(1.0)
    burst = [sample(at / 4, use(1, Role.TRADING, 0.2 * (at >= 8))) for at in range(20)]
    assert peak_cores(burst, 1.0)[Role.TRADING] == pytest.approx(0.2)


def test_a_request_covers_those_who_are_alive_together() -> None:
    samples = [
        sample(0.0, use(1, Role.TRADING, 0.0), use(2, Role.CHATBOT, 0.0)),
        sample(1.0, use(3, Role.LEARNING, 0.0)),
    ]
    cores = {Role.TRADING: 0.5, Role.LEARNING: 1.0, Role.CHATBOT: 0.25}
    assert most_at_once(samples, cores) == 1.0


def lived(*roles: Role, work: Work = WORK) -> Witnessed:
    """A day in which these processes were always there, each with 100 MB and half a core."""
    seconds = int(DAY.seconds)
    samples = [
        sample(at, *(use(number, role, at / 2, 10**8) for number, role in enumerate(roles)))
        for at in range(seconds + 1)
    ]
    return Witnessed(samples, work, [0.1])


ALWAYS = lived(Role.TRADING, Role.LEARNING, Role.CHATBOT)


def test_the_template_counts_and_the_front_on_both_sides() -> None:
    found = figures(DAY, lived(Role.FRONT, Role.TEMPLATE), ALWAYS)
    assert found["memory_ratio"] == pytest.approx(2 / 4)
    assert found["cpu_ratio"] == pytest.approx(2 / 4)
    assert found["dormant_rss_bytes"] == 0.0


def test_a_dormant_agent_that_has_a_process_is_seen() -> None:
    found = figures(DAY, lived(Role.FRONT, Role.LEARNING), ALWAYS)
    assert found["dormant_rss_bytes"] == 10**8


def test_work_that_one_side_has_not_done_is_counted() -> None:
    assert figures(DAY, ALWAYS, ALWAYS)["work_that_differs"] == 0.0
    less = replace(WORK, answered=frozenset({1}), trials=frozenset({(0, "sha256:b")}))
    other = lived(Role.TRADING, Role.LEARNING, Role.CHATBOT, work=less)
    assert figures(DAY, ALWAYS, other)["work_that_differs"] == 3.0


DONE = {"decisions": 260.0, "answers": 40.0, "verdicts": 1.0, "work_that_differs": 0.0}


def test_ratios_of_work_that_was_done_are_told() -> None:
    refuse_other_work(DAY, DONE)


@pytest.mark.parametrize(
    "less", [{"decisions": 259.0}, {"answers": 39.0}, {"verdicts": 0.0}, {"work_that_differs": 1.0}]
)
def test_ratios_of_other_work_are_refused(less: dict[str, float]) -> None:
    with pytest.raises(CommandError, match="not done, or not the same"):
        refuse_other_work(DAY, DONE | less)


def test_the_day_is_drawn_by_its_seed() -> None:
    again = make_day(speed=1440.0, desks=10, questions=40, seed=1)
    assert again == DAY
    assert make_day(1440.0, 10, 40, seed=2).questions != DAY.questions
    assert all(CLOSE <= one.at < DAY.ends for one in DAY.questions)
    in_session = sum(one.at >= OPEN for one in DAY.questions)
    assert 0.4 < in_session / len(DAY.questions) < 0.8


def test_a_setting_that_is_none_is_refused() -> None:
    with pytest.raises(UsageProblem, match="luck"):
        run({"luck": "7"})
