"""A proxy on the wire between browser and back end that cuts chat streams: after every first token
of a stream, within the event that follows it, once the page has shown it (what a browser has not
read yet when its connection ends is lost to the page). All else passes as it is.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

STREAM = re.compile(rb"(?:POST /api/v1/threads/[^/ ]+/messages|GET /api/v1/runs/[^/ ]+/events) ")
LAST_EVENT_ID = re.compile(rb"\r\nlast-event-id: *([^\r\n]+)", re.I)
EVENT_ID = re.compile(rb"id: (\d+-\d+)\n")
REQUEST = re.compile(rb"[A-Z]+ /")
TOKEN = re.compile(rb"event: token\ndata: [^\n]*\n\n")
SHOWN_SECONDS = 20.0
RAGGED = 30
"""So many bytes of what follows the token still pass."""


@dataclass
class Opening:
    """A chat stream: how it was asked for, and the whole events that passed."""

    method: str
    after: str | None
    events: list[str] = field(default_factory=list)
    cut: bool = False
    shown: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class CuttingProxy:
    """`url` stands for the back end's; `openings` are the chat streams in their order."""

    target: str
    url: str = ""
    openings: list[Opening] = field(default_factory=list)

    def on_shown(self) -> None:
        """The page shows more of the answer: a stream that waits for it is cut."""
        for opening in self.openings:
            if opening.cut:
                opening.shown.set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["CuttingProxy"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection; it ends when either side does."""
        address = urlsplit(self.target)
        back_reader, back_writer = await asyncio.open_connection(address.hostname, address.port)
        passing = _Passing(self.openings)
        ways = {
            asyncio.create_task(passing.asked(reader, back_writer), name="proxy-asked"),
            asyncio.create_task(passing.answered(back_reader, writer), name="proxy-answered"),
        }
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            for end in (writer, back_writer):
                end.close()


class _Passing:
    """The two ways of a connection. A browser sends a request when the last one is answered."""

    def __init__(self, openings: list[Opening]) -> None:
        self._openings = openings
        self._opening: Opening | None = None
        self._held = b""

    async def asked(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if STREAM.match(data):
                last = LAST_EVENT_ID.search(data)
                after = last[1].decode() if last else None
                self._opening = Opening(data[:4].decode().strip(), after)
                self._openings.append(self._opening)
                self._held = b""
            elif REQUEST.match(data):
                self._opening = None
            writer.write(data)
            await writer.drain()

    async def answered(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if self._opening is None:
                writer.write(data)
            else:
                writer.write(self._until_cut(self._opening, data))
            await writer.drain()
            if self._opening is not None and self._opening.cut:
                await asyncio.wait_for(self._opening.shown.wait(), SHOWN_SECONDS)
                return

    def _until_cut(self, opening: Opening, data: bytes) -> bytes:
        """What of the data still passes; notes the whole events that have."""
        sent, self._held = len(self._held), self._held + data
        token = TOKEN.search(self._held)
        whole = self._held[: token.end()] if token else self._held[: self._held.rfind(b"\n\n") + 1]
        opening.events = [name.decode() for name in EVENT_ID.findall(whole)]
        opening.cut = token is not None
        return self._held[sent : token.end() + RAGGED] if token else data
