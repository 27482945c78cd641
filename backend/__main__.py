"""`python -m backend`: serve until told to stop."""

import asyncio
import json
import sys

from backend.app import create_app
from backend.live.service import drain
from backend.settings import Settings
from market.serving import configure_logging, listen, serve


async def main() -> None:
    configure_logging("backend")
    settings = Settings()
    app = create_app(settings)
    listener = listen(settings.host, settings.port)
    host, port = listener.getsockname()[:2]
    sys.stdout.write(json.dumps({"listening": f"http://{host}:{port}"}) + "\n")
    sys.stdout.flush()
    await serve(app, listener, drain=lambda: drain(app))


if __name__ == "__main__":
    asyncio.run(main())
