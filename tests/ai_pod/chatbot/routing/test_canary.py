"""Who takes part in a canary, and when it is taken back."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pod.agents.chatbot.routing.canary import takes_part, wilson_lower, worse
from ai_pod.contracts.standings import Standing

GOOD = Standing(asked=1000, failed=10, answered=990, first_token_ms=990 * 500)


@given(st.text(max_size=30), st.text(max_size=30), st.floats(0, 1))
def test_a_user_stays_where_the_user_is(user: str, model: str, share: float) -> None:
    assert takes_part(user, model, share) == takes_part(user, model, share)
    assert not takes_part(user, model, 0)
    assert takes_part(user, model, 1)


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5])
def test_the_share_is_what_was_asked_for(share: float) -> None:
    users = [f"user_{number}" for number in range(20_000)]
    part = sum(takes_part(user, "new", share) for user in users) / len(users)
    assert part == pytest.approx(share, abs=4 * (share * (1 - share) / len(users)) ** 0.5)


def test_a_larger_share_keeps_those_who_are_in() -> None:
    users = [f"user_{number}" for number in range(2_000)]
    few = {user for user in users if takes_part(user, "new", 0.1)}
    assert few < {user for user in users if takes_part(user, "new", 0.3)}


def test_another_canary_takes_other_users() -> None:
    users = [f"user_{number}" for number in range(5_000)]
    first, second = ({u for u in users if takes_part(u, name, 0.1)} for name in ("a", "b"))
    assert len(first & second) < 0.25 * len(first)


@pytest.mark.parametrize(
    ("canary", "says"),
    [
        (Standing(asked=5, failed=5), "all of its 5"),
        (Standing(asked=40, failed=4, ungrounded=6, answered=36), "10 of its 40"),
        (Standing(asked=30, answered=30, first_token_ms=30 * 1100), "1.10 s"),
    ],
)
def test_it_is_taken_back_when_it_fails_lies_or_is_slow(canary: Standing, says: str) -> None:
    assert says in worse(canary, GOOD)


@pytest.mark.parametrize(
    "canary",
    [
        Standing(),
        Standing(asked=4, failed=4),
        Standing(asked=19, failed=9, answered=10),
        Standing(asked=100, failed=2, answered=98, first_token_ms=98 * 900),
    ],
)
def test_a_little_bad_luck_is_no_reason(canary: Standing) -> None:
    assert worse(canary, GOOD) == ""


def test_as_good_a_canary_is_seldom_taken_back_and_a_bad_one_soon() -> None:
    """Judged after every answer, as it is: 300 canaries with the stable model's 3 % of failures,
    and 300 that fail at 30 %, of 200 answers each.
    """
    stable = Standing(asked=2000, failed=60, answered=1940, first_token_ms=1940 * 500)
    chance = Random(7)

    def ended(rate: float) -> int:
        failed = 0
        for asked in range(1, 201):
            failed += chance.random() < rate
            standing = Standing(asked=asked, failed=failed)
            if worse(standing, stable):
                return asked
        return 0

    same = [ended(0.03) for _ in range(300)]
    bad = [ended(0.30) for _ in range(300)]
    assert sum(map(bool, same)) / 300 <= 0.05
    assert all(bad)
    assert sorted(bad)[150] <= 40


def test_wilsons_interval_is_that_of_the_literature() -> None:
    """Of 10 in 50 at 90 % two-sided: 0.1217 (Wilson, 1927, by its formula)."""
    assert wilson_lower(10, 50) == pytest.approx(0.1227, abs=0.001)
    assert wilson_lower(0, 0) == 0.0
    assert wilson_lower(0, 10) == 0.0
