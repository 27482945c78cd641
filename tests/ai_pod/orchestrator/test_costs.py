"""What is measured is charged to the desks that are there, whole, and once."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pod.orchestrator.costs import Cost, Ledger, Payer

DAY = date(2026, 11, 21)
ANN, BOB = ("desk-ann", "org-1"), ("desk-bob", "org-2")

amounts = st.floats(0.0, 1e6)
charges = st.tuples(
    st.dates(DAY, date(2026, 11, 23)),
    st.sampled_from(["trading", "chatbot"]),
    st.builds(Cost, amounts, amounts),
    st.dictionaries(st.sampled_from([ANN, BOB]), st.floats(0.1, 10.0)),
)


@given(st.lists(charges))
def test_shares_add_up_to_what_was_measured_while_somebody_was_there(
    made: list[tuple[date, str, Cost, dict[Payer, float]]],
) -> None:
    ledger, total = Ledger(), Cost()
    for day, agent, cost, weights in made:
        ledger.charge(day, agent, cost, weights)
        total += cost if weights else Cost()
    uses = [use for day in ledger.news().values() for use in day]
    assert sum(use.cpu_seconds for use in uses) == pytest.approx(total.cpu_seconds)
    assert sum(use.memory_gib_seconds for use in uses) == pytest.approx(total.memory_gib_seconds)


def test_shares_follow_the_weights() -> None:
    ledger = Ledger()
    ledger.charge(DAY, "chatbot", Cost(8.0, 4.0), {ANN: 3.0, BOB: 1.0})
    ann, bob = ledger.news()[DAY]
    assert (ann.desk, ann.organisation, ann.cpu_seconds) == (*ANN, 6.0)
    assert (bob.desk, bob.organisation, bob.memory_gib_seconds) == (*BOB, 1.0)


def test_news_are_told_once_and_totals_go_on() -> None:
    ledger = Ledger()
    ledger.charge(DAY, "trading", Cost(1.0), {ANN: 1.0, BOB: 1.0})
    ledger.told(ledger.news(), DAY)
    assert ledger.news() == {}
    ledger.charge(DAY, "trading", Cost(1.0), {ANN: 1.0})
    (use,) = ledger.news()[DAY]
    assert (use.desk, use.cpu_seconds) == ("desk-ann", 1.5)


def test_what_is_charged_while_news_are_told_is_news_still() -> None:
    ledger = Ledger()
    ledger.charge(DAY, "trading", Cost(1.0), {ANN: 1.0, BOB: 1.0})
    telling = ledger.news()
    ledger.charge(DAY, "trading", Cost(2.0), {ANN: 1.0})
    ledger.charge(DAY, "chatbot", Cost(4.0), {BOB: 1.0})
    ledger.told(telling, DAY)
    left = {(use.desk, use.agent): use.cpu_seconds for use in ledger.news()[DAY]}
    assert left == {("desk-ann", "trading"): 2.5, ("desk-bob", "chatbot"): 4.0}


def test_a_day_that_is_over_is_forgotten_once_it_was_told() -> None:
    ledger, tomorrow = Ledger(), date(2026, 11, 22)
    ledger.charge(DAY, "trading", Cost(1.0), {ANN: 1.0})
    ledger.charge(tomorrow, "trading", Cost(2.0), {ANN: 1.0})
    assert set(ledger.news()) == {DAY, tomorrow}
    ledger.told(ledger.news(), tomorrow)
    ledger.charge(tomorrow, "trading", Cost(1.0), {ANN: 1.0})
    assert {day: uses[0].cpu_seconds for day, uses in ledger.news().items()} == {tomorrow: 3.0}
