"""Trials stand still while somebody has the way, never for long, and stop when they are told."""

import threading
import time

import pytest

from ai_pod.agents.learning import courtesy
from ai_pod.agents.learning.courtesy import Courtesy
from ai_pod.agents.learning.training import Hooks, Trainer, Training
from ai_pod.policies.backtest import Terms, World
from ai_pod.policies.learned import Layer
from tests.support.build_learning import panel


class Stepping:
    """A trainer that steps until it is stopped."""

    def __init__(self) -> None:
        self.steps = 0
        self.stepped = threading.Condition()

    def __call__(self, *given: object, **_named: object) -> tuple[Layer, ...] | None:
        hooks = next(one for one in given if isinstance(one, Hooks))
        while not hooks.stop():
            with self.stepped:
                self.steps += 1
                self.stepped.notify_all()
        return None

    def goes_on(self, seconds: float) -> bool:
        """Whether many more steps are made within so long."""
        with self.stepped:
            wanted = self.steps + 100
            return self.stepped.wait_for(lambda: self.steps >= wanted, seconds)


@pytest.fixture
def polite() -> Courtesy:
    return Courtesy()


def run_in_thread(trainer: Trainer, stop: threading.Event) -> threading.Thread:
    hooks, world = Hooks(stop=stop.is_set), World.of(panel(80, 2))

    def work() -> None:
        trainer(world, Terms(), Training(), 0, hooks)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_it_stands_still_until_the_way_is_free(
    polite: Courtesy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courtesy, "LONGEST_SECONDS", 600.0)
    stepping, stop = Stepping(), threading.Event()
    thread = run_in_thread(polite.teach(stepping), stop)
    try:
        assert stepping.goes_on(30.0)
        polite.give_way(600.0)
        assert not stepping.goes_on(0.2)
        polite.give_way(0.0)
        assert stepping.goes_on(30.0)
    finally:
        polite.give_way(0.0)
        stop.set()
        thread.join(10.0)
    assert not thread.is_alive()


def test_whoever_never_gives_the_way_back_gets_it_for_a_moment(
    polite: Courtesy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courtesy, "LONGEST_SECONDS", 0.05)
    polite.give_way(1e9)
    began = time.monotonic()
    polite.wait()
    assert time.monotonic() - began < 60.0
