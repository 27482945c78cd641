"""The doctor's checks of configured vendors: keys, and one round trip to data and to orders."""

import time
from typing import Any

from backend.settings import Settings
from backend.trading.brokers.choice import UnknownBroker, open_venue
from market.errors import MarketError
from market.feed.choice import open_source
from shiftdesk.configuration import VENDOR_SETTINGS, Configuration
from shiftdesk.finding import Finding, Mark

MINUTE_NS = 60_000_000_000


def vendor_settings(configuration: Configuration) -> Settings:
    """The services' view of the configuration, as far as vendors go."""
    names = ("broker", *VENDOR_SETTINGS)
    given = {name: configuration.get(name) for name in names}
    values: dict[str, Any] = {name: value for name, value in given.items() if value}
    return Settings.model_validate(values)


async def check_feed(configuration: Configuration) -> Finding:
    """A vendor's market data answers, with the keys that are set."""
    name = configuration.get("feed")
    if name.startswith("replay:"):
        return Finding("feed", Mark.OK, f"{name}, a recording")
    try:
        source = open_source(name, vendor_settings(configuration))
        try:
            now = time.time_ns()
            prints = await source.trades(now - MINUTE_NS, now)
        finally:
            await source.close()
    except MarketError as error:
        return Finding("feed", Mark.FAIL, f"{name}: {error}", "see docs/venues.md")
    return Finding("feed", Mark.OK, f"{name}: {len(prints)} trades in the last minute")


async def check_broker(configuration: Configuration) -> Finding:
    """A venue's account answers, with the keys that are set."""
    settings = vendor_settings(configuration)
    if settings.broker == "paper":
        return Finding("broker", Mark.OK, "paper")
    try:
        venue = open_venue(settings)
        if venue is None:
            detail = f"{settings.broker} is configured, live trading is off"
            return Finding("broker", Mark.WARN, detail, "set SHIFTDESK_LIVE=true, if that is meant")
        try:
            account = await venue.account()
        finally:
            await venue.close()
    except (MarketError, UnknownBroker) as error:
        return Finding("broker", Mark.FAIL, f"{settings.broker}: {error}", "see docs/venues.md")
    detail = f"{venue.name}: {account.cash:,.2f} in cash, {len(account.positions)} positions"
    return Finding("broker", Mark.OK, detail)
