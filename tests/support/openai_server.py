"""A real HTTP server that speaks OpenAI's chat completions from a script: it can also lie, stall,
break off, or send what cannot be read.
"""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Behaviour(StrEnum):
    """How a reply goes."""

    WHOLE = "whole"
    CUT_OFF = "cut off"
    CLOSED = "closed"
    MALFORMED = "malformed"
    STALLED = "stalled"
    WRONG_TYPES = "wrong types"
    TOOL_CALL = "tool call"
    ENDLESS = "endless"
    REFUSED = "refused"


@dataclass(frozen=True)
class Reply:
    """One scripted answer, sent word by word."""

    text: str
    behaviour: Behaviour = Behaviour.WHOLE


@dataclass
class OpenAiServer:
    """`replies` are used up in their order, the last one for ever, unless an `author` writes them;
    `requests` are the bodies, `arrivals` their wall times.
    """

    replies: list[Reply]
    author: Callable[[dict[str, Any]], Reply] | None = None
    requests: list[dict[str, Any]] = field(default_factory=list)
    arrivals: list[float] = field(default_factory=list)
    url: str = ""
    released: threading.Event = field(default_factory=threading.Event)

    def next_reply(self) -> Reply:
        if self.author is not None:
            return self.author(self.requests[-1])
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def system_prompt(self, number: int = -1) -> str:
        return str(self.requests[number]["messages"][0]["content"])


@contextlib.contextmanager
def openai_server(
    *replies: Reply, author: Callable[[dict[str, Any]], Reply] | None = None
) -> Iterator[OpenAiServer]:
    """The server, on a free port, until the block ends."""
    script = OpenAiServer(list(replies), author)
    handler = type("Handler", (_Handler,), {"script": script})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    script.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield script
    finally:
        script.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    script: OpenAiServer

    def log_message(self, format: str, *args: object) -> None:
        """The tests' output stays clean."""

    def do_GET(self) -> None:
        body = json.dumps({"object": "list", "data": [{"id": "scripted", "object": "model"}]})
        self._head(200, "application/json")
        self.wfile.write(body.encode())

    def do_POST(self) -> None:
        self.script.arrivals.append(time.time())
        length = int(self.headers["Content-Length"])
        self.script.requests.append(json.loads(self.rfile.read(length)))
        reply = self.script.next_reply()
        if reply.behaviour is Behaviour.REFUSED:
            self._head(500, "application/json")
            self.wfile.write(b'{"error": {"message": "out of order"}}')
            return
        self._head(200, "text/event-stream")
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._stream(reply)

    def _head(self, status: int, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Connection", "close")
        self.end_headers()

    def _stream(self, reply: Reply) -> None:
        words = reply.text.split(" ")
        half = len(words) // 2
        for number, word in enumerate(words):
            if number == half and reply.behaviour is not Behaviour.WHOLE:
                self._go_wrong(reply.behaviour)
                return
            self._chunk({"content": word if number == 0 else f" {word}"}, None)
        self._chunk({}, "stop")
        self._event(json.dumps(_body({}, None) | {"choices": [], "usage": _USAGE}))
        self._event("[DONE]")

    def _go_wrong(self, behaviour: Behaviour) -> None:
        if behaviour is Behaviour.CUT_OFF:
            self.wfile.write(b'data: {"id": "chatcmpl-1", "choi')
        elif behaviour is Behaviour.MALFORMED:
            self._event('{"choices": "no list", ')
        elif behaviour is Behaviour.STALLED:
            self.script.released.wait(30)
        elif behaviour is Behaviour.WRONG_TYPES:
            self._event(json.dumps(_body({"content": [1, {"x": None}]}, "stop") | {"model": 7}))
        elif behaviour is Behaviour.TOOL_CALL:
            self._event(json.dumps(_body({"tool_calls": [_CALL]}, None)))
            self._chunk({}, "tool_calls")
            self._event("[DONE]")
        elif behaviour is Behaviour.ENDLESS:
            while not self.script.released.is_set():
                self._chunk({"content": " and so on" * 20}, None)

    def _chunk(self, delta: dict[str, str], finish: str | None) -> None:
        self._event(json.dumps(_body(delta, finish)))

    def _event(self, data: str) -> None:
        self.wfile.write(f"data: {data}\n\n".encode())
        self.wfile.flush()


_USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}


_CALL = {
    "index": 0,
    "id": "call-1",
    "type": "function",
    "function": {"name": "place_order", "arguments": '{"side": "sell", "quantity": 120}'},
}


def _body(delta: dict[str, Any], finish: str | None) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "scripted",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
