"""`python -m scheduler`: serve until told to stop."""

import asyncio
import json
import sys

from pydantic import ValidationError

from market import serving
from scheduler.app import create_app
from scheduler.settings import Settings


async def main(settings: Settings) -> None:
    listener = serving.listen(settings.host, settings.port)
    listener.listen()
    host, port = listener.getsockname()[:2]
    app = create_app(settings)
    sys.stdout.write(json.dumps({"listening": f"http://{host}:{port}"}) + "\n")
    sys.stdout.flush()
    await serving.serve(app, listener)


if __name__ == "__main__":
    serving.configure_logging("scheduler")
    try:
        configured = Settings()
    except ValidationError as error:
        sys.exit(f"the scheduler cannot start: {error}")
    asyncio.run(main(configured))
