"""Live sockets that take a frame at once, without a task or a queue between: most of what a frame
costs on its way to many browsers is the way through the layers, not the frame.
"""

from collections.abc import Callable
from functools import lru_cache
from struct import pack
from typing import Any, cast

from fastapi import WebSocket
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

from backend.live.outbox import Write

EXTENSION = "shiftdesk.write"
WRITE = "write"

_FINAL_TEXT = 0x81


class LiveSocket(WebSocketsSansIOProtocol):
    """uvicorn's protocol, with `write_text` offered to the app as an extension of the scope."""

    async def run_asgi(self) -> None:
        extensions = cast("dict[str, Any]", self.scope["extensions"])
        extensions[EXTENSION] = {WRITE: self.write_text}
        await super().run_asgi()

    def write_text(self, text: str) -> bool:
        """Send a text message now. False, and nothing was sent, while the client does not read as
        fast as we write, before the handshake and after the end.
        """
        if (
            self.close_sent
            or not self.writable.is_set()
            or self.transport.is_closing()
            or self.conn.state is not State.OPEN
        ):
            return False
        payload = text.encode()
        self.transport.write(_head(len(payload)) + payload)
        return True


@lru_cache(maxsize=2_048)
def _head(length: int) -> bytes:
    """The head of an unfragmented, unmasked text message (RFC 6455, section 5.2)."""
    if length < 126:
        return pack("!BB", _FINAL_TEXT, length)
    if length < 65_536:
        return pack("!BBH", _FINAL_TEXT, 126, length)
    return pack("!BBQ", _FINAL_TEXT, 127, length)


def writer(socket: WebSocket) -> Write | None:
    """The socket's `write_text`; None where the server is another."""
    offered = socket.scope.get("extensions", {}).get(EXTENSION)
    return cast("Callable[[str], bool]", offered[WRITE]) if offered else None
