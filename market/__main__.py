"""`python -m market`: publish the feed until told to stop."""

import asyncio
import sys

from pydantic import ValidationError

from market import serving
from market.app import create_app
from market.errors import MarketError
from market.logs import configure_logging
from market.settings import Settings


async def main(settings: Settings) -> None:
    """Serve on a socket whose address is said on stdout."""
    app = create_app(settings)
    listener = serving.listen(settings.host, settings.port)
    await serving.serve(app, listener, serving.Ending(settings.linger_seconds))


if __name__ == "__main__":
    configure_logging("market")
    try:
        asyncio.run(main(Settings()))
    except (ValidationError, MarketError) as error:
        sys.exit(f"the market cannot start: {error}")
