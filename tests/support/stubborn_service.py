"""A service that does not end: its drain blocks the loop. It says how long the kernel lets each
connection's other side take nothing; `python -m tests.support.stubborn_service`.
"""

import asyncio
import socket
import sys
import time

from fastapi import FastAPI

from market import serving
from market.patience import PatientHttp
from market.probes import Findings, Probes, add_probes, status


class Telling(PatientHttp):
    """Uvicorn's protocol of a connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        accepted = transport.get_extra_info("socket")
        bound = accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
        sys.stdout.write(f"{bound}\n")
        sys.stdout.flush()
        super().connection_made(transport)


def stand_still() -> None:
    time.sleep(600)


async def drain() -> None:
    stand_still()


async def main() -> None:
    async def well() -> Findings:
        return status(True, "")

    app = FastAPI()
    add_probes(app, Probes(started=well, lives=well, ready=well))
    await serving.serve(app, serving.listen("127.0.0.1", 0), serving.Ending(drain=drain))


if __name__ == "__main__":
    serving.PatientHttp = Telling  # type: ignore[misc]
    serving.LONGEST_END_SECONDS = 0.5
    asyncio.run(main())
