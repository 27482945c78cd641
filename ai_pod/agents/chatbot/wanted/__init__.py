"""What a person wants done, read from that person's own words by plain rules and never by a model.
It is only prepared: the back end words it and has it checked, and the person confirms it.
"""

from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from ai_pod.agents.chatbot.facts import INSTANT, WORD, FactBook, instant, shown_instant
from ai_pod.agents.chatbot.sources import Sources
from ai_pod.agents.chatbot.wanted.cancels import cancel_in_words, read_cancel
from ai_pod.agents.chatbot.wanted.limits import limit_in_words, read_limit
from ai_pod.agents.chatbot.wanted.orders import order_in_words, read_order
from ai_pod.agents.chatbot.wanted.pauses import Moment, read_pause
from ai_pod.agents.chatbot.wanted.said import Said, Unclear
from ai_pod.contracts.desk import DeskSnapshot
from ai_pod.contracts.intents import (
    DESK_SCOPE,
    Wanted,
    WantedAutomatic,
    WantedCancel,
    WantedHalt,
    WantedLimit,
    WantedOrder,
    WantedOverride,
)
from market.zones import UTC_NAME

OfDesk: TypeAlias = WantedOrder | WantedCancel | WantedLimit | WantedAutomatic | WantedHalt

NOT_YET = "Nothing is done before you confirm it."


async def read_wanted(text: str, sources: Sources) -> Wanted | None:
    """What the text asks to be done; None when it asks for nothing. Raises Unclear when it asks for
    something that cannot be prepared.
    """
    served, desk = await sources.instruments(), await sources.desk()
    if (said := Said.read(text, served)) is None:
        return None
    wanted: Wanted | None = (
        read_order(said.copy(), served, desk)
        or read_cancel(said.copy(), desk)
        or read_limit(said.copy(), desk)
    )
    if wanted is None:
        plan = await sources.plan()
        segments = plan.for_pod(sources.caller.pod) if plan else ()
        moment = Moment(sources.caller.pool, segments, sources.now, ZoneInfo(sources.caller.zone))
        wanted = read_pause(said, moment)
    elsewhere = isinstance(wanted, WantedOverride) and wanted.scope != DESK_SCOPE
    if wanted is not None and desk is None and not elsewhere:
        raise Unclear("You have no desk that this could be done for.")
    return wanted


async def in_words(wanted: Wanted, sources: Sources, book: FactBook) -> list[str]:
    """What has been prepared, with references."""
    if isinstance(wanted, WantedOverride):
        said = _override(wanted, sources, book)
    else:
        desk = await sources.desk()
        assert desk is not None
        said = _said(wanted, desk, sources, book)
    return [f"I have prepared this for you: {said}.", NOT_YET]


def _said(wanted: OfDesk, desk: DeskSnapshot, sources: Sources, book: FactBook) -> str:
    match wanted:
        case WantedOrder():
            return order_in_words(wanted, desk.currency, book, sources.now)
        case WantedCancel():
            return cancel_in_words(wanted, desk, book)
        case WantedLimit():
            return limit_in_words(wanted, desk, book)
        case WantedAutomatic(automatic=True):
            return "switch automatic trading on"
        case WantedAutomatic():
            return "switch automatic trading off; orders that are open stay"
        case WantedHalt():
            return "pull the desk's kill switch, which cancels its open orders"


_SCOPES = {DESK_SCOPE: "the desk's pod", "all": "every pod"}


def _override(wanted: WantedOverride, sources: Sources, book: FactBook) -> str:
    ends = _end(wanted.ends, sources, book)
    scope = _SCOPES.get(wanted.scope)
    if scope is None:
        kind, _, name = wanted.scope.partition(":")
        scope = f"{kind} {book.add('scope', name, WORD, sources.now, 'your words')}"
    return f"hold {scope} in {wanted.phase} until {ends}, with all desks that sit there"


def _end(ends: datetime, sources: Sources, book: FactBook) -> str:
    """As the asker tells it, and in UTC, as the plan does."""
    shown = book.add("override ends", instant(ends), INSTANT, sources.now, "your words")
    if sources.caller.zone == UTC_NAME:
        return shown
    there = shown_instant(ends, UTC_NAME)
    return f"{shown}, {book.add('override ends', there, WORD, sources.now, 'your words')}"
