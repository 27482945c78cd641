"""Requests to cancel open orders: which of them are meant, and what cannot be told."""

from decimal import Decimal

import msgspec
import pytest

from ai_pod.agents.chatbot.facts import FactBook
from ai_pod.agents.chatbot.guard import ungrounded
from ai_pod.agents.chatbot.wanted.cancels import cancel_in_words, read_cancel
from ai_pod.agents.chatbot.wanted.said import Said, Unclear
from ai_pod.contracts.desk import OrderView
from tests.ai_pod.chatbot.test_wanted import SERVED
from tests.support.build_chat import at, desk_snapshot

FIRST = desk_snapshot().open_orders[0]


def _order(name: str, symbol: str, side: str, quantity: int, minute: int) -> OrderView:
    return msgspec.structs.replace(
        FIRST,
        id=name,
        instrument=f"XNYS:{symbol}",
        side=side,
        quantity=Decimal(quantity),
        created_at=at(14, minute),
    )


DESK = desk_snapshot(
    open_orders=(
        _order("a", "GOOG", "buy", 12, 1),
        _order("b", "IBM", "sell", 20, 3),
        _order("c", "IBM", "buy", 5, 2),
    )
)


def cancelled(text: str) -> str | None:
    """The ids of the orders, as letters in a row."""
    said = Said.read(text, SERVED)
    wanted = read_cancel(said, DESK) if said else None
    return "".join(wanted.orders) if wanted else None


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("cancel my GOOG order", "a"),
        ("Please cancel the order for Google.", "a"),
        ("cancel all my orders", "abc"),
        ("cancel everything", "abc"),
        ("can you cancel all open orders in IBM?", "bc"),
        ("cancel my orders in IBM", "bc"),
        ("withdraw all buy orders", "ac"),
        ("cancel my IBM sell order", "b"),
        ("cancel the order to sell 20 IBM", "b"),
        ("cancel my orders of 20 shares", "b"),
        ("cancel the 5 share IBM orders", "c"),
        ("cancel my last order", "b"),
        ("call off ibm, all of it", "bc"),
    ],
)
def test_which_orders_are_meant(text: str, ids: str) -> None:
    assert cancelled(text) == ids


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("cancel my IBM order", "Several open orders"),
        ("cancel my order", "Several open orders"),
        ("cancel my MSFT order", "nothing to cancel"),
        ("cancel the order to sell 7 IBM", "nothing to cancel"),
        ("cancel my IBM order unless it fills", "could not read"),
        ("do not cancel my IBM orders", "could not read"),
        ("cancel all orders in IBM and GOOG", "single thing"),
        ("cancel my last 5 orders", "Say which orders"),
        ("cancel my 5 newest orders", "Say which orders"),
        ("cancel 5 IBM buy orders", "Say which orders"),
        ("cancel the latest 20", "Say which orders"),
    ],
)
def test_what_cannot_be_cancelled_says_why(text: str, why: str) -> None:
    if text.startswith("do not"):
        assert cancelled(text) is None
        return
    with pytest.raises(Unclear, match=why) as unclear:
        cancelled(text)
    assert ungrounded(str(unclear.value), FactBook()) == []


@pytest.mark.parametrize(
    "text",
    [
        "Can I cancel an order?",
        "why was my IBM order cancelled",
        "cancel",
        "cancel the override",
        "how do i cancel orders",
        "should I cancel my IBM orders",
    ],
)
def test_questions_cancel_nothing(text: str) -> None:
    assert cancelled(text) is None


def test_what_is_prepared_names_every_order() -> None:
    said, book = Said.read("cancel my orders in IBM", SERVED), FactBook()
    assert said is not None
    wanted = read_cancel(said, DESK)
    assert wanted is not None
    line = cancel_in_words(wanted, DESK, book)
    assert book.fill(line) == (
        "cancel 2 open orders: sell 20 shares of XNYS:IBM; buy 5 shares of XNYS:IBM"
    )
    assert ungrounded(line, book) == []
