"""The market's Redis keys, spelled here only."""

FIELD = "j"
"""The one field of every stream entry: the message as JSON."""


def ticks(venue: str, symbol: str) -> str:
    """Stream of `Tick`, capped; ticks are snapshots and are not replayed."""
    return f"market:ticks:{venue}:{symbol}"


def bars(interval: str) -> str:
    """Stream of `BarsClosed`: about two days, and not fewer than 500 entries."""
    return f"market:bars:{interval}"


def instruments() -> str:
    """Hash: instrument id → `Instrument`; what the feed serves."""
    return "market:instruments"


def last_prices() -> str:
    """Hash: instrument id → last `Tick`."""
    return "market:last"


def feed_state() -> str:
    """JSON `FeedState`: the feed's name, how far it is, and its heartbeat (10 s life)."""
    return "market:feed"


def last_bar_end(interval: str) -> str:
    """The end (ms since 1970) of the last bar published: an end is never published twice."""
    return f"market:closed:{interval}"
