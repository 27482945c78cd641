"""Connections that would keep a server from ending: silent, half sent, kept alive."""

import contextlib
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

SILENCE = b""
HALF_A_HEAD = b"GET /livez HTTP/1.1\r\nHo"
KEPT_ALIVE = b"GET /livez HTTP/1.1\r\nHost: here\r\n\r\n"


@contextlib.contextmanager
def loitering(url: str, path: str = "/livez") -> Iterator[None]:
    """One of each, open until the end of the block; half a body goes to `path`."""
    place = urlsplit(url)
    half_a_body = (
        f"POST {path} HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
        'Content-Length: 100\r\n\r\n{"login": '
    )
    with contextlib.ExitStack() as stack:
        for said in (SILENCE, HALF_A_HEAD, KEPT_ALIVE, half_a_body.encode()):
            address = (place.hostname or "", place.port or 80)
            connection = stack.enter_context(socket.create_connection(address, timeout=5))
            connection.sendall(said)
        yield
