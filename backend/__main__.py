"""`python -m backend`: serve until told to stop."""

import asyncio
import gc
import sys

from pydantic import ValidationError

from backend.app import create_app
from backend.live.service import drain
from backend.live.sockets import LiveSocket
from backend.settings import Settings
from market.observing import observe
from market.serving import Ending, listen, serve

DRAIN_SECONDS = 30.0
"""For the live sockets, and the answers that chat is writing."""


async def main(settings: Settings) -> None:
    app = create_app(settings)
    # What was imported stays: looking through its 200,000 objects for garbage took 130 ms at a
    # time, in which no socket was served.
    gc.collect()
    gc.freeze()
    listener = listen(settings.host, settings.port)
    ending = Ending(settings.linger_seconds, lambda: drain(app), DRAIN_SECONDS)
    await serve(
        app,
        listener,
        ending,
        sockets=LiveSocket,
        keep_alive_seconds=settings.keep_alive_seconds,
        viewer_header=settings.viewer_header,
    )


if __name__ == "__main__":
    observe("backend")
    try:
        configured = Settings()
    except ValidationError as error:
        sys.exit(f"the back end cannot start: {error}")
    asyncio.run(main(configured))
