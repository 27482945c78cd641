"""Many live sockets in one process of their own: `python -m shiftdesk.loading.crowd`.

Reads just enough of WebSocket to count text messages and to time them, so that the crowd costs less
than what it listens to. On stdin it takes one JSON object (`host`, `port`, `tickets`), and then
lines, until stdin ends: each is answered by a report as a line of JSON, and after `reset` it counts
from nothing again.
"""

import asyncio
import base64
import json
import os
import sys
import time
from array import array
from collections import Counter

import numpy as np

from market.serving import raise_file_limit
from market.tasks import in_time

TIMED = b'{"kind":"notice"'
_SENT = b'"ts_sent":'
_TEXT, _CLOSE, _PING, _PONG = 0x1, 0x8, 0x9, 0xA
AT_ONCE = 25
RESET = b"reset"


class Crowd:
    """What all sockets got: messages of the timed kind, and how long each was under way."""

    def __init__(self) -> None:
        self.seconds = array("d")
        self.messages: Counter[int] = Counter()
        self.closed: Counter[int] = Counter()

    def take(self, socket: int, payload: bytes) -> None:
        if not payload.startswith(TIMED):
            return
        start = payload.index(_SENT) + len(_SENT)
        sent = float(payload[start : payload.index(b",", start)])
        self.seconds.append(time.time() - sent)
        self.messages[socket] += 1

    def report(self, sockets: int) -> dict[str, object]:
        """Of the time since the last reset; milliseconds."""
        found = np.array(self.seconds) * 1000 if self.seconds else np.array([np.nan])
        counts = [self.messages[socket] for socket in range(sockets)]
        return {
            "messages": sum(counts),
            "fewest": min(counts),
            "most": max(counts),
            "ms_p50": float(np.percentile(found, 50)),
            "ms_p99": float(np.percentile(found, 99)),
            "ms_max": float(found.max()),
            "closed": {str(code): count for code, count in self.closed.items()},
        }

    def reset(self) -> None:
        self.seconds = array("d")
        self.messages.clear()


class Socket(asyncio.Protocol):
    """One live socket; `opened` when the server has agreed."""

    def __init__(self, crowd: Crowd, number: int, request: bytes) -> None:
        self._crowd = crowd
        self._number = number
        self._request = request
        self._buffer = b""
        self._agreed = False
        self._transport: asyncio.WriteTransport | None = None
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        data = self._buffer + data if self._buffer else data
        if not self._agreed:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self._buffer = head
                return
            self._agreed = True
            refused = not head.startswith(b"HTTP/1.1 101")
            if refused:
                self.opened.set_exception(ConnectionError(head.decode(errors="replace")[:100]))
                return
            self.opened.set_result(None)
        self._buffer = self._frames(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(exc or ConnectionError("closed before it was open"))

    def _frames(self, data: bytes) -> bytes:
        """Take every whole frame; what is left (RFC 6455, section 5.2; servers do not mask)."""
        at, size = 0, len(data)
        while size - at >= 2:
            length, body = data[at + 1], at + 2
            if length == 126:
                length, body = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif length == 127:
                length, body = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if size < body + length:
                break
            self._take(data[at] & 0xF, data[body : body + length])
            at = body + length
        return data[at:]

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == _TEXT:
            self._crowd.take(self._number, payload)
        elif opcode == _PING and self._transport is not None:
            # Masked with zeros, which leaves it as it is.
            self._transport.write(bytes((0x80 | _PONG, 0x80 | len(payload))) + bytes(4) + payload)
        elif opcode == _CLOSE:
            self._crowd.closed[int.from_bytes(payload[:2], "big")] += 1


async def main() -> None:
    """Open all sockets, some at a time; then report whenever it is asked for."""
    raise_file_limit()
    reader = asyncio.StreamReader(limit=2**24)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    told = json.loads(await reader.readline())
    crowd, tickets = Crowd(), told["tickets"]
    for start in range(0, len(tickets), AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, len(tickets)))
        await asyncio.gather(*(_open(crowd, one, tickets[one], told) for one in numbers))
    _say({"open": len(tickets)})
    while line := await reader.readline():
        _say(crowd.report(len(tickets)))
        if line.strip() == RESET:
            crowd.reset()


async def _open(crowd: Crowd, number: int, ticket: str, told: dict[str, object]) -> None:
    host, port = str(told["host"]), int(str(told["port"]))
    key = base64.b64encode(os.urandom(16)).decode()
    request = (
        f"GET /api/v1/live?ticket={ticket} HTTP/1.1\r\nHost: {host}:{port}\r\n"
        f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
        "Sec-WebSocket-Version: 13\r\n\r\n"
    )
    loop = asyncio.get_running_loop()
    _, socket = await loop.create_connection(
        lambda: Socket(crowd, number, request.encode()), host, port
    )
    await in_time(socket.opened, 30)


def _say(answer: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
