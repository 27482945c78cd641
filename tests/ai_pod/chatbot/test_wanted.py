"""Requests in words: what is prepared of them, to the last word, and what is not."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pod.agents.chatbot.facts import FactBook
from ai_pod.agents.chatbot.german.spoken import in_english
from ai_pod.agents.chatbot.guard import ungrounded
from ai_pod.agents.chatbot.wanted.limits import read_limit
from ai_pod.agents.chatbot.wanted.orders import read_order
from ai_pod.agents.chatbot.wanted.pauses import Moment, Paused, read_pause
from ai_pod.agents.chatbot.wanted.said import Said, Unclear
from ai_pod.contracts.intents import (
    WantedAutomatic,
    WantedHalt,
    WantedLimit,
    WantedOrder,
    WantedOverride,
)
from ai_pod.contracts.plan import Phase
from market.words import Instrument
from tests.support.build_chat import NAMES, NOW, at, desk_snapshot, plan

SERVED = {
    f"XNYS:{symbol}": Instrument(venue="XNYS", symbol=symbol, name=name)
    for symbol, name in NAMES.items()
}
BOOK = FactBook()


def order(text: str) -> WantedOrder | None:
    said = Said.read(text, SERVED)
    return read_order(said, SERVED, desk_snapshot()) if said else None


def limit(text: str) -> WantedLimit | None:
    said = Said.read(text, SERVED)
    return read_limit(said, desk_snapshot()) if said else None


def pause(text: str, zone: str = "UTC", now: datetime = NOW) -> Paused | None:
    said = Said.read(text, SERVED)
    moment = Moment("XNYS", plan().segments, now, ZoneInfo(zone))
    return read_pause(said, moment) if said else None


def wanted(side: str, quantity: str, symbol: str, **terms: object) -> WantedOrder:
    return WantedOrder(instrument=f"XNYS:{symbol}", side=side, quantity=Decimal(quantity), **terms)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("buy 10 AAPL", wanted("buy", "10", "AAPL")),
        ("Buy 1,250 shares of Apple, please.", wanted("buy", "1250", "AAPL")),
        ("can you buy me 50 google?", wanted("buy", "50", "GOOG")),
        ("please sell all of my microsoft shares", wanted("sell", "400", "MSFT")),
        ("sell half of my Apple", wanted("sell", "15", "AAPL")),
        ("close my IBM position", wanted("sell", "120", "IBM")),
        ("get rid of all my IBM", wanted("sell", "120", "IBM")),
        ("get rid of half of my IBM", wanted("sell", "60", "IBM")),
        ("get rid of 10 IBM", wanted("sell", "10", "IBM")),
        ("liquidate 10 IBM", wanted("sell", "10", "IBM")),
        ("exit 10 shares of IBM", wanted("sell", "10", "IBM")),
        ("close 120 of my IBM position", wanted("sell", "120", "IBM")),
        (
            "buy 10 IBM at 209.50",
            wanted("buy", "10", "IBM", order_type="limit", limit_price=Decimal("209.50")),
        ),
        (
            "place a limit order to sell 5 AAPL at $650 for the day",
            wanted(
                "sell",
                "5",
                "AAPL",
                order_type="limit",
                limit_price=Decimal(650),
                time_in_force="day",
            ),
        ),
        (
            "sell 20 ibm with a stop at 205",
            wanted("sell", "20", "IBM", order_type="stop", stop_price=Decimal(205)),
        ),
        (
            "sell 20 ibm stop 205 limit 204 gtc",
            wanted(
                "sell",
                "20",
                "IBM",
                order_type="stop_limit",
                stop_price=Decimal(205),
                limit_price=Decimal(204),
                time_in_force="gtc",
            ),
        ),
        ("buy 3 MSFT at the open", wanted("buy", "3", "MSFT", order_type="market_on_open")),
    ],
)
def test_orders(text: str, asked: WantedOrder) -> None:
    assert order(text) == asked


def test_a_number_beside_a_part_is_not_dropped_in_german_either() -> None:
    def said(german: str) -> str:
        return in_english(german, SERVED, lambda _: False).text

    assert order(said("Liquidiere 10 IBM")) == wanted("sell", "10", "IBM")
    assert order(said("Schließe 10 meiner IBM-Position")) == wanted("sell", "10", "IBM")
    for german in ("Verkaufe alle 10 IBM", "Verkaufe die Hälfte meiner 10 IBM"):
        with pytest.raises(Unclear, match="not both"):
            order(said(german))


@pytest.mark.parametrize(
    "text",
    [
        "Should I buy 10 AAPL?",
        "buy IBM?",
        "Would you sell IBM now?",
        "buy or sell IBM",
        "Did we buy 10 IBM?",
        "What did we sell today?",
        "why did the desk buy 45 AAPL",
        "buy something good",
        "Summarise: buy 100 AAPL",
        "What does it mean to sell short?",
        "close of IBM",
    ],
)
def test_questions_order_nothing(text: str) -> None:
    assert order(text) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("buy AAPL", "number is missing"),
        ("buy 10 TSLA", "none of the instruments"),
        ("buy $5000 of AAPL", "not by value"),
        ("buy 5k AAPL", "not by value"),
        ("buy AAPL for 5000 dollars", "not by value"),
        ("buy 10 AAPL for 200", "could not read"),
        ("sell 10 IBM if it falls below 200", "could not read"),
        ("buy 10 AAPL tomorrow morning", "could not read"),
        ("buy 10 AAPL and sell 5 IBM", "single thing at a time"),
        ("sell all GOOG", "holds nothing"),
        ("buy all IBM", "can only be sold"),
        ("liquidate 121 IBM", "holds less"),
        ("liquidate 10 GOOG", "holds nothing"),
        ("sell all 10 shares of IBM", "not both"),
        ("get rid of all 10 IBM", "not both"),
        ("sell half of my 10 IBM", "not both"),
        ("place a limit order to buy 5 IBM", "needs its price"),
        ("buy -10 IBM", "could not read"),
        ("buy 10 20 IBM", "could not read"),
        ("buy 1,5 IBM", "could not read"),
        ("buy 5 IBM at 209,50", "could not read"),
        (f"buy {'1' * 24} IBM", "more digits"),
    ],
)
def test_what_cannot_be_prepared_says_why(text: str, why: str) -> None:
    with pytest.raises(Unclear, match=why) as unclear:
        order(text)
    assert ungrounded(str(unclear.value), BOOK) == []


@given(
    st.sampled_from(["buy", "sell", "purchase"]),
    st.decimals(1, 99_999, places=0),
    st.sampled_from(list(NAMES)),
    st.lists(st.sampled_from(("very", "maybe", "unless", "only", "two", "lots", "7", "not"))),
)
def test_a_word_that_is_not_understood_prepares_nothing(
    verb: str, quantity: Decimal, symbol: str, extra: list[str]
) -> None:
    text = " ".join([verb, f"{quantity}", symbol, *extra])
    side = "sell" if verb == "sell" else "buy"
    if extra:
        with pytest.raises(Unclear):
            order(text)
    else:
        assert order(text) == wanted(side, f"{quantity}", symbol)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("lower my daily loss limit to 2 %", "max_daily_loss", "0.02"),
        ("set the max position weight to 30 percent", "max_position_weight", "0.3"),
        ("increase the position limit to 50 percent", "max_position_weight", "0.5"),
        ("limit gross exposure to 80%", "max_gross_exposure", "0.8"),
        ("Set the maximum order value to $10,000", "max_order_value", "10000"),
        ("Set the maximum order value to 10,000 dollars", "max_order_value", "10000"),
        ("change orders per minute to 10", "max_orders_per_minute", "10"),
        ("set max drawdown to 15 %", "max_drawdown", "0.15"),
    ],
)
def test_limits(text: str, name: str, value: str) -> None:
    assert limit(text) == WantedLimit(name=name, value=Decimal(value))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("lower my daily loss limit", "to how much"),
        ("lower my daily loss limit to 0.02", "in per cent"),
        ("lower the daily loss limit to 9 %", "would not lower"),
        ("raise the order value to 100 usd", "would not raise"),
        ("set the order value to 5 %", "as a number"),
        ("set the order value to €5000", "in USD, the desk's currency"),
        ("set the order value to 5000 euros", "in USD, the desk's currency"),
        ("set the order value to 5000 pounds", "in USD, the desk's currency"),
        ("set my daily loss to 2 % on fridays", "could not read"),
    ],
)
def test_unclear_limits(text: str, why: str) -> None:
    with pytest.raises(Unclear, match=why) as unclear:
        limit(text)
    assert ungrounded(str(unclear.value), BOOK) == []


def test_a_limit_is_told_in_the_desks_own_currency() -> None:
    said = Said.read("set the order value to 5000 euros", SERVED)
    assert said is not None
    found = read_limit(said, desk_snapshot(currency="EUR"))
    assert found == WantedLimit(name="max_order_value", value=Decimal(5000))


def test_questions_change_no_limit() -> None:
    for text in ("What are my limits?", "how much can i lose a day", "Should I raise my limits?"):
        assert limit(text) is None


def override(scope: str, ends: object, reason: str = "asked for in chat") -> WantedOverride:
    return WantedOverride(scope=scope, phase=Phase.PAUSED, ends=ends, reason=reason)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("pause my desk till tomorrow's open", override("desk", at(13, 30, 17))),
        ("pause trading until the close", override("desk", at(20))),
        (
            "Pause the pool until 18:30 because of a fire drill",
            override("pool:XNYS", at(18, 30), "a fire drill"),
        ),
        ("pause everything for 2 hours", override("all", NOW + timedelta(hours=2))),
        ("pause pod ai-pod-3 until 2012-10-17 14:00", override("pod:ai-pod-3", at(14, 0, 17))),
        (
            "keep the pod learning until tomorrow at 09:00",
            WantedOverride(
                scope="desk", phase=Phase.LEARNING, ends=at(9, 0, 17), reason="asked for in chat"
            ),
        ),
        ("halt my desk", WantedHalt(reason="asked for in chat")),
        ("Pull the kill switch!", WantedHalt(reason="asked for in chat")),
        ("pause my desk", WantedAutomatic(automatic=False)),
        ("turn off automatic trading", WantedAutomatic(automatic=False)),
        ("resume trading", WantedAutomatic(automatic=True)),
    ],
)
def test_pauses(text: str, asked: Paused) -> None:
    assert pause(text) == asked


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("pause the pool", "needs an end"),
        ("pause the pod until 10:00", "has passed"),
        ("pause the pod until pigs fly", "could not read"),
        ("pause the pod until 25:99", "could not read"),
        ("pause the pod for 99999999999 days", "longer than a calendar"),
    ],
)
def test_unclear_pauses(text: str, why: str) -> None:
    with pytest.raises(Unclear, match=why) as unclear:
        pause(text)
    assert ungrounded(str(unclear.value), BOOK) == []


def test_an_end_that_no_calendar_has_in_utc_is_not_read() -> None:
    with pytest.raises(Unclear, match="could not read"):
        pause("pause the pod until 9999-12-31 23:59", "America/New_York")


@pytest.mark.parametrize(
    "text",
    [
        "Why is my desk paused?",
        "is trading paused until tomorrow",
        "stop loss",
        "hold my IBM until friday",
        "Is the kill switch on?",
        "who can halt my desk",
        "set an override",
    ],
)
def test_questions_pause_nothing(text: str) -> None:
    assert pause(text) is None


NIGHT_BEFORE = {
    "spring": datetime(2012, 3, 25, 0, 0, tzinfo=UTC),
    "autumn": datetime(2012, 10, 28, 0, 0, tzinfo=UTC),
}


@pytest.mark.parametrize(
    ("text", "zone", "now", "ends"),
    [
        ("pause the pod until 18:30", "Europe/Berlin", NOW, at(16, 30)),
        ("pause the pod until 18:30", "America/New_York", NOW, at(22, 30)),
        ("pause the pod until 18:30 UTC", "America/New_York", NOW, at(18, 30)),
        ("pause the pod until tomorrow at 02:00", "Asia/Tokyo", NOW, at(17, 0, 17)),
        ("pause the pod until 2012-10-17 14:00", "Europe/Berlin", NOW, at(12, 0, 17)),
        ("pause the pod until 03:30", "Europe/Berlin", NIGHT_BEFORE["spring"], 1.5),
        ("pause the pod until 02:30", "Europe/Berlin", NIGHT_BEFORE["autumn"], 0.5),
    ],
)
def test_times_are_in_the_askers_zone(
    text: str, zone: str, now: datetime, ends: datetime | float
) -> None:
    found = pause(text, zone, now)
    assert isinstance(found, WantedOverride)
    assert found.ends == (now + timedelta(hours=ends) if isinstance(ends, float) else ends)


def test_an_hour_that_the_clocks_leave_out_is_refused() -> None:
    with pytest.raises(Unclear, match="does not exist"):
        pause("pause the pod until 02:30", "Europe/Berlin", NIGHT_BEFORE["spring"])
