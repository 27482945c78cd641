"""An agent in nothing but the standard library, for tests that start hundreds: it speaks the
orchestrator's messages, and while it is active writes down every act of its own.

As a program: `python -I -S bare_agent.py NAME`. A stubborn one, named `NAME!`, never stops.
"""

import base64
import hashlib
import json
import os
import select
import socket
import sys
import time

ACT_SECONDS = 0.05


class BareAgent:
    """Answers what it is asked; `epoch` is set while it works."""

    def __init__(self, name: str, stubborn: bool, link: socket.socket) -> None:
        self.name, self.stubborn = name, stubborn
        self.epoch: int | None = None
        self._link = link
        self._pod, self._log = "", -1

    def run(self) -> None:
        """Until it is told to end, or nobody is there any more to tell it."""
        buffer = b""
        while True:
            ready, _, _ = select.select([self._link], [], [], ACT_SECONDS)
            if ready:
                data = self._hear()
                if not data:
                    return
                *lines, buffer = (buffer + data).split(b"\n")
                for line in lines:
                    message = json.loads(line)
                    if message["type"] == "end":
                        return
                    try:
                        self._take(message)
                    except BrokenPipeError:
                        return
            if self.epoch is not None:
                self._act()

    def _hear(self) -> bytes:
        try:
            return self._link.recv(65536)
        except ConnectionResetError:
            return b""

    def _take(self, message: dict[str, object]) -> None:
        kind = message["type"]
        if kind == "warm":
            context = message["context"]
            assert isinstance(context, dict)
            self._pod = context["pod"]
            path = f"{context['events']}/bare-{self.name}-{os.getpid()}.jsonl"
            self._log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            self._say({"type": "ready"})
        elif kind == "activate":
            epoch = message["phase_epoch"]
            assert isinstance(epoch, int)
            self.epoch = epoch
            self._act()
            self._say({"type": "active", "phase_epoch": epoch})
        elif kind == "quiesce" and not self.stubborn:
            state = self._state()
            self.epoch = None
            seal = hashlib.sha256(state).hexdigest()
            encoded = base64.b64encode(state).decode()
            self._say({"type": "quiesced", "state": encoded, "sha256": seal})

    def _state(self) -> bytes:
        """A hand-off of one desk."""
        desk = {"desk": "d", "bar_end": "2012-10-15T14:00:00Z", "weights": {}, "lease_epoch": 1}
        return json.dumps([desk | {"phase_epoch": self.epoch}]).encode()

    def _say(self, report: dict[str, object]) -> None:
        self._link.sendall(json.dumps(report).encode() + b"\n")

    def _act(self) -> None:
        act = {"event": "agent_acted", "pod": self._pod, "agent": self.name, "at": time.time()}
        line = json.dumps(act | {"pid": os.getpid(), "phase_epoch": self.epoch})
        os.write(self._log, line.encode() + b"\n")


if __name__ == "__main__":
    endpoint = socket.socket(fileno=int(os.environ["SHIFTDESK_AGENT_FD"]))
    given = sys.argv[1]
    BareAgent(given.rstrip("!"), given.endswith("!"), endpoint).run()
