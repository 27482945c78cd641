"""The bandit finds the better model, and explores no more than it may."""

from random import Random

import pytest

from ai_pod.agents.chatbot.routing.bandit import choose
from ai_pod.contracts.standings import Standing

MODELS = ("first", "second", "third")


def test_without_exploring_the_order_is_kept() -> None:
    known = {"second": Standing(asked=100, answered=100, up=100)}
    assert {choose(MODELS, known, 0.0, Random(seed)) for seed in range(50)} == {"first"}


def test_the_same_chance_chooses_the_same() -> None:
    known = {"second": Standing(asked=10, answered=10, up=3, down=1)}
    picks = [[choose(MODELS, known, 0.5, chance) for _ in range(50)] for chance in _twice(3)]
    assert picks[0] == picks[1]
    assert len(set(picks[0])) > 1


@pytest.mark.parametrize("explore", [0.05, 0.2])
def test_no_more_than_the_cap_goes_to_another_than_the_best(explore: float) -> None:
    """Even where nothing is known, and each is as good as the other."""
    chance, turns = Random(11), 4000
    others = sum(choose(MODELS, {}, explore, chance) != "first" for _ in range(turns))
    assert others / turns <= explore + 3 * (explore * (1 - explore) / turns) ** 0.5


@pytest.mark.parametrize("seed", range(5))
def test_it_finds_the_model_that_people_like(seed: int) -> None:
    chance = Random(seed)
    liked = {"first": 0.5, "second": 0.85, "third": 0.4}
    standings = {name: Standing() for name in MODELS}
    picks = []
    for _ in range(1500):
        name = choose(MODELS, standings, 0.2, chance)
        picks.append(name)
        standings[name] = _rated(standings[name], up=chance.random() < liked[name])
    assert picks[-300:].count("second") / 300 >= 0.8


def test_what_is_as_good_but_slower_or_dearer_gives_way() -> None:
    fair = {"asked": 500, "answered": 500, "up": 300, "down": 60}
    quick = Standing(**fair, first_token_ms=500 * 400, nano_usd=500 * 10**6)
    slow = Standing(**fair, first_token_ms=500 * 6000, nano_usd=500 * 10**6)
    dear = Standing(**fair, first_token_ms=500 * 400, nano_usd=500 * 3 * 10**7)
    for worse in (slow, dear):
        known = {"first": worse, "second": quick}
        picks = [choose(("first", "second"), known, 0.1, Random(seed)) for seed in range(200)]
        assert picks.count("second") >= 180


def test_failures_and_lies_count_as_dislikes() -> None:
    known = {
        "first": Standing(asked=50, failed=10, ungrounded=15, answered=40),
        "second": Standing(asked=50, answered=50),
    }
    assert choose(("first", "second"), known, 1e-9, Random(1)) == "second"


def _twice(seed: int) -> tuple[Random, Random]:
    return Random(seed), Random(seed)


def _rated(standing: Standing, *, up: bool) -> Standing:
    return Standing(
        asked=standing.asked + 1,
        answered=standing.answered + 1,
        first_token_ms=standing.first_token_ms + 500,
        up=standing.up + up,
        down=standing.down + (not up),
    )
