"""The feed that is configured. A vendor's package is loaded only with its feed."""

from market.clock import Clock
from market.errors import FeedError
from market.feed.live import LiveFeed
from market.feed.port import Feed
from market.feed.replay import open_replay
from market.feed.source import Source
from market.history import History
from market.settings import Settings
from market.vendors import VendorSettings


def open_feed(settings: Settings, clock: Clock) -> Feed:
    """The feed of `SHIFTDESK_FEED`. Raises FeedError, MissingKeys with the way out."""
    if settings.feed == "alpaca" or settings.feed.startswith("ccxt:"):
        return LiveFeed(open_source(settings.feed, settings), clock)
    return open_replay(settings.feed, clock, History(settings.history))


def open_source(name: str, settings: VendorSettings) -> Source:
    """The vendor behind `alpaca` or `ccxt:EXCHANGE`. Raises FeedError, MissingKeys."""
    symbols = settings.feed_symbols()
    if not symbols:
        raise FeedError(f"{name} needs instruments; set SHIFTDESK_FEED_INSTRUMENTS, such as AAPL")
    if name == "alpaca":
        from market.feed.alpaca import AlpacaSource

        return AlpacaSource(symbols, settings)
    from market.feed.ccxt import CcxtSource

    return CcxtSource(name, symbols, settings)
