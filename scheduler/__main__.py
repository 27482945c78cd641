"""`python -m scheduler`: serve until told to stop."""

import asyncio
import sys

from pydantic import ValidationError

from market import serving
from market.observing import observe
from scheduler.app import create_app
from scheduler.settings import Settings


async def main(settings: Settings) -> None:
    listener = serving.listen(settings.host, settings.port)
    await serving.serve(create_app(settings), listener, serving.Ending(settings.linger_seconds))


if __name__ == "__main__":
    observe("scheduler")
    try:
        configured = Settings()
    except ValidationError as error:
        sys.exit(f"the scheduler cannot start: {error}")
    asyncio.run(main(configured))
