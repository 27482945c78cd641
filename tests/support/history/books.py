"""The rule of books: cash, positions and fees follow from the fills, to the cent."""

from collections import defaultdict
from decimal import Decimal

from tests.support.history.judgement import Judgement
from tests.support.history.reading import Event, of


def judge(events: list[Event], judgement: Judgement) -> None:
    cash: dict[str, Decimal] = {}
    fees: dict[str, Decimal] = defaultdict(Decimal)
    held: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    last: dict[str, Event] = {}
    for event in of(events, "books"):
        last[event["desk"]] = event
        cash.setdefault(event["desk"], Decimal(event["starting_cash"]))
    for event in of(events, "order_filled"):
        desk = event["desk"]
        sign = 1 if event["side"] == "buy" else -1
        quantity = abs(Decimal(event["quantity"])) * sign
        cash[desk] = cash.get(desk, Decimal(0)) - quantity * Decimal(event["price"])
        cash[desk] -= Decimal(event["fee"])
        fees[desk] += Decimal(event["fee"])
        held[desk][event["instrument"]] += quantity
    for desk, book in last.items():
        _compare(book, cash[desk], fees[desk], held[desk], judgement)


def _compare(
    book: Event,
    cash: Decimal,
    fees: Decimal,
    held: dict[str, Decimal],
    judgement: Judgement,
) -> None:
    desk = book["desk"]
    if abs(Decimal(book["cash"]) - cash) > Decimal("0.01"):
        judgement.fault("books balance", f"{desk}: cash {book['cash']}, from fills {cash}")
    if abs(Decimal(book["fees"]) - fees) > Decimal("0.01"):
        judgement.fault("books balance", f"{desk}: fees {book['fees']}, from fills {fees}")
    ours = {name: quantity for name, quantity in held.items() if quantity}
    theirs = {name: Decimal(q) for name, q in book["positions"].items() if Decimal(q)}
    if ours != theirs:
        judgement.fault("books balance", f"{desk}: positions {theirs}, from fills {ours}")
