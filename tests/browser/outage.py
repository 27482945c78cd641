"""A back end that goes away and comes back, as its clients see it: a proxy that drops what is open
and refuses what is new.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class OutageProxy:
    """`url` stands for the back end's."""

    target: str
    url: str = ""
    away: bool = False
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["OutageProxy"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            self.leave()
            server.close()

    def leave(self) -> None:
        """Every connection breaks at once, and none is made until it is back."""
        self.away = True
        for writer in self._open:
            writer.transport.abort()

    def come_back(self) -> None:
        self.away = False

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.away:
            writer.transport.abort()
            return
        address = urlsplit(self.target)
        back_reader, back_writer = await asyncio.open_connection(address.hostname, address.port)
        ends = {writer, back_writer}
        self._open |= ends
        ways = {
            asyncio.create_task(_pass(reader, back_writer), name="outage-asked"),
            asyncio.create_task(_pass(back_reader, writer), name="outage-answered"),
        }
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._open -= ends
            for end in ends:
                end.close()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
