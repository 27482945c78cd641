"""The market's error family.

MarketError
├── HistoryError
│   ├── UnknownInstrument
│   └── BadData          a file or message that is refused, with row and reason
├── FeedError
├── VendorError
│   ├── VendorAway       no usable answer: ask again
│   └── VendorRefused    a certain no
├── MissingKeys
└── CalendarError

StoreAway is an OSError: ask again.
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


class VendorError(MarketError):
    """A request to a vendor that did not go through."""


class VendorAway(VendorError):
    """No usable answer; `retry_seconds` is how long the vendor asks to be left alone."""

    def __init__(self, detail: str, retry_seconds: float = 0.0) -> None:
        super().__init__(detail)
        self.retry_seconds = retry_seconds


class VendorRefused(VendorError):
    """The vendor said no, with this HTTP status."""

    def __init__(self, detail: str, status: int = 0) -> None:
        super().__init__(detail)
        self.status = status


class MissingKeys(MarketError):
    """A vendor is configured, and its keys are not."""

    def __init__(self, vendor: str, variables: str) -> None:
        super().__init__(f"{vendor} is configured without keys; set {variables}")


class StoreAway(OSError):
    """Where the files of a store lie does not answer, or lets nobody in."""


class CalendarError(MarketError):
    """A calendar is unknown, or does not cover the dates asked for."""
