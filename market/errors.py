"""The market's error family.

MarketError
├── HistoryError
│   ├── UnknownInstrument
│   └── BadData          a file or message that is refused, with row and reason
├── FeedError
└── CalendarError
"""


class MarketError(Exception):
    """Anything the market floor refuses; the message says what, why and how to fix it."""


class HistoryError(MarketError):
    """The history store cannot serve or take what was asked."""


class UnknownInstrument(HistoryError):
    """No such instrument is served."""

    def __init__(self, instrument: str, known: list[str]) -> None:
        some = ", ".join(sorted(known)[:8]) or "none yet"
        super().__init__(f"unknown instrument {instrument!r}; known: {some}")
        self.instrument = instrument


class BadData(HistoryError):
    """Price data that is refused. `row` is 1-based in the file, without the header."""

    def __init__(self, reason: str, row: int | None = None) -> None:
        super().__init__(reason if row is None else f"row {row}: {reason}")
        self.reason = reason
        self.row = row


class FeedError(MarketError):
    """The feed cannot start or go on."""


class CalendarError(MarketError):
    """A calendar is unknown, or does not cover the dates asked for."""
