"""A person at the platform, for tests: logs in, calls the API, watches the live socket."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, Self

import httpx
import websockets

Frame = dict[str, Any]

LEAST_ASKED = 5
"""Before `until` gives up."""


class Live:
    """An open live socket; keeps every frame that came."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket
        self.frames: list[Frame] = []
        self.closed: int | None = None
        self._news = asyncio.Condition()
        self._task = asyncio.create_task(self._read(), name="live-reader")

    async def send(self, **op: object) -> None:
        await self.socket.send(json.dumps(op))

    def of(self, kind: str) -> list[Frame]:
        return [frame for frame in self.frames if frame["kind"] == kind]

    async def wait_for(self, wanted: Callable[[Frame], bool], seconds: float = 30.0) -> Frame:
        """The first frame (also of those that came already) that is wanted. Raises TimeoutError."""

        def found() -> Frame | None:
            return next((frame for frame in self.frames if wanted(frame)), None)

        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: found() is not None)
        frame = found()
        assert frame is not None
        return frame

    async def close(self) -> None:
        await self.socket.close()
        await self._task

    async def _read(self) -> None:
        try:
            async for message in self.socket:
                frame = json.loads(message)
                frame["received"] = time.time()
                async with self._news:
                    self.frames.append(frame)
                    self._news.notify_all()
        except websockets.ConnectionClosed:
            pass
        self.closed = self.socket.close_code


class Person:
    """Somebody with a login."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self.url = url
        self.username = username
        self._password = password
        self.http = httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=20.0)

    @classmethod
    @contextlib.asynccontextmanager
    async def enter(cls, url: str, username: str, password: str) -> AsyncIterator[Self]:
        person = cls(url, username, password)
        async with person.http:
            await person.login()
            yield person

    async def login(self) -> None:
        body = {"login": self.username, "password": self._password}
        response = await self.http.post("/auth/login", json=body)
        response.raise_for_status()
        token = response.json()["access_token"]
        self.http.headers["Authorization"] = f"Bearer {token}"

    async def get(self, path: str, **params: Any) -> Any:
        response = await self.http.get(path, params=params)
        assert response.status_code == 200, f"{path}: {response.status_code} {response.text}"
        return response.json()

    async def post(self, path: str, body: object = None, status: int = 200) -> Any:
        response = await self.http.post(path, json=body)
        good = {200, 201, 202, 204} if status == 200 else {status}
        assert response.status_code in good, f"{path}: {response.status_code} {response.text}"
        return response.json() if response.content else None

    @contextlib.asynccontextmanager
    async def live(self) -> AsyncIterator[Live]:
        """The live socket, entered with a one-time ticket."""
        ticket = (await self.post("/ws-ticket"))["ticket"]
        url = self.url.replace("http", "ws", 1) + f"/api/v1/live?ticket={ticket}"
        socket = await websockets.connect(url, origin=websockets.Origin(self.url), max_size=2**20)
        live = Live(socket)
        try:
            yield live
        finally:
            await live.close()

    async def ask(
        self, text: str, thread: str | None = None, events: list[Frame] | None = None
    ) -> tuple[str, list[Frame]]:
        """Ask the chatbot: (the answer's text, all events); they are put into `events` as they
        come.
        """
        if thread is None:
            thread = (await self.post("/threads", {"title": text[:40]}))["id"]
        events = [] if events is None else events
        async with self.http.stream(
            "POST", f"/threads/{thread}/messages", json={"text": text}, timeout=60.0
        ) as response:
            assert response.status_code == 200, await response.aread()
            kind = ""
            async for line in response.aiter_lines():
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    events.append({"kind": kind, "data": json.loads(line[6:])})
        done = [event for event in events if event["kind"] == "done"]
        assert done, events[-3:]
        return str(done[-1]["data"]["text"]), events


async def until(
    check: Callable[[], Any], seconds: float = 30.0, every: float = 0.1, what: str = ""
) -> Any:
    """Ask again until the check (maybe async) gives something true; that is returned.

    What a rest takes beyond its time is the machine's, and counts for nobody; nor does a single
    check decide that was cut by a machine that stood still. Raises TimeoutError.
    """
    left, asked = seconds, 0
    while True:
        began, asked = time.monotonic(), asked + 1
        try:
            value = check()
            if asyncio.iscoroutine(value):
                value = await value
        except (httpx.HTTPError, AssertionError, KeyError, OSError) as error:
            value, problem = None, repr(error)
        else:
            problem = repr(value)[:300]
        if value:
            return value
        left -= time.monotonic() - began + every
        if left < 0 and asked >= LEAST_ASKED:
            raise TimeoutError(f"{what or check} not within {seconds:g} s; last: {problem}")
        await asyncio.sleep(every)
