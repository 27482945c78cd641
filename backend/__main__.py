"""`python -m backend`: serve until told to stop."""

import asyncio
import sys

from pydantic import ValidationError

from backend.app import create_app
from backend.live.service import drain
from backend.settings import Settings
from market.logs import configure_logging
from market.serving import listen, serve


async def main(settings: Settings) -> None:
    app = create_app(settings)
    listener = listen(settings.host, settings.port)
    await serve(app, listener, drain=lambda: drain(app))


if __name__ == "__main__":
    configure_logging("backend")
    try:
        configured = Settings()
    except ValidationError as error:
        sys.exit(f"the back end cannot start: {error}")
    asyncio.run(main(configured))
