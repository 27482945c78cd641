"""Until when a pause lasts, in words: an open or a close of the plan, a time, a length. A time that
names no zone is in the asker's.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo

from ai_pod.agents.chatbot.wanted.said import Unclear, amount
from ai_pod.contracts.plan import Phase, Segment

_MARKET = re.compile(
    r"^(?:(?:the|today's|this) )?(?:(tomorrow)(?:'s)? )?(?:the )?(?:next )?(?:market )?"
    r"(open|close|opening|closing|opens|closes)(?: (tomorrow))?$"
)
_TIME = re.compile(
    r"^(?:(tomorrow)(?: at)? |today(?: at)? |at )?(\d{1,2}):(\d\d)( ?utc)?(?: (tomorrow))?$"
)
_INSTANT = re.compile(r"^(\d{4}-\d\d-\d\d)[t ](?:at )?(\d\d:\d\d)(?::\d\d)?( ?utc|z|\+00:00)?$")
_LENGTH = re.compile(r"^(an?|\d+)(?: more)? (minute|hour|day)s?$")
_LENGTHS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}


def ending(words: str, segments: Sequence[Segment], now: datetime, zone: tzinfo) -> datetime:
    """The instant (UTC) that `until WORDS` or `for WORDS` means to somebody in `zone`. Raises
    Unclear, also for one that has passed.
    """
    plain = " ".join(words.lower().strip(" .,").split())
    if market := _MARKET.match(plain):
        opens = market.group(2).startswith("open")
        tomorrow = bool(market.group(1) or market.group(3))
        day = (now.astimezone(zone) + timedelta(days=1)).date() if tomorrow else None
        trading = [one for one in segments if one.phase is Phase.TRADING]
        return _of_market(opens, trading, now, day, zone)
    if length := _LENGTH.match(plain):
        number = 1 if length.group(1).startswith("a") else int(amount(length.group(1)))
        return _after(number, _LENGTHS[length.group(2)], now)
    found = _instant(plain, now.astimezone(zone))
    if found is None:
        raise Unclear(
            "I could not read “{}” as an end: say an open or a close of the market, a time, or how "
            "long.",
            words.strip(),
        )
    if found <= now:
        raise Unclear("That end has passed already in market time.")
    return found


def _after(number: int, length: timedelta, now: datetime) -> datetime:
    try:
        return now + number * length
    except OverflowError as error:
        raise Unclear("That is longer than a calendar reaches: say a nearer end.") from error


def _instant(plain: str, here: datetime) -> datetime | None:
    """`here` is now in the asker's zone."""
    try:
        if exact := _INSTANT.match(plain):
            said = datetime.fromisoformat(f"{exact.group(1)}T{exact.group(2)}")
            return _in_utc(said.replace(tzinfo=UTC if exact.group(3) else here.tzinfo))
        if time := _TIME.match(plain):
            here = here.astimezone(UTC) if time.group(4) else here
            day = here + timedelta(days=1 if time.group(1) or time.group(5) else 0)
            hour, minute = int(time.group(2)), int(time.group(3))
            return _in_utc(day.replace(hour=hour, minute=minute, second=0, microsecond=0))
    except (ValueError, OverflowError):
        return None
    return None


def _in_utc(said: datetime) -> datetime:
    """Of an hour that is there twice the first; Unclear for one that the clocks leave out."""
    found = said.astimezone(UTC)
    if found.astimezone(said.tzinfo).replace(tzinfo=None) != said.replace(tzinfo=None):
        raise Unclear("That time does not exist on that day: the clocks change. Say another.")
    return found


def _of_market(
    opens: bool, trading: Sequence[Segment], now: datetime, day: date | None, zone: tzinfo
) -> datetime:
    """The next open or close of these segments, on `day` in `zone` if one is named."""
    instants = [one.starts if opens else one.ends for one in trading]
    coming = [one for one in instants if one > now and day in (None, one.astimezone(zone).date())]
    if not coming:
        raise Unclear("The plan has no such open or close ahead: say a time.")
    return coming[0]
