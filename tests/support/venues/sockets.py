"""The sockets of a venue: told to everybody who listens, faultily when it is told so."""

import asyncio
import json
from typing import Any

from aiohttp import web

from tests.support.venues.exchange import Exchange, Fault

ON_SOCKET = (Fault.SWALLOW, Fault.DUPLICATE, Fault.REORDER, Fault.DISCONNECT)


class Listeners:
    """Those who listen to one stream."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._queues: dict[web.WebSocketResponse, asyncio.Queue[Any]] = {}
        self._held: list[Any] = []
        self.joined = asyncio.Event()

    def tell(self, message: Any) -> None:
        fault = self._exchange.fails(*ON_SOCKET)
        messages = [message, *self._held]
        self._held = []
        if fault is Fault.SWALLOW:
            return
        if fault is Fault.REORDER:
            self._held = [message]
            return
        if fault is Fault.DUPLICATE:
            messages.append(message)
        if fault is Fault.DISCONNECT:
            messages = [None]
        for queue in self._queues.values():
            for one in messages:
                queue.put_nowait(one)

    async def serve(self, socket: web.WebSocketResponse) -> None:
        """Tell this one until either side ends."""
        queue = self._queues[socket] = asyncio.Queue()
        self.joined.set()
        reading = asyncio.create_task(self._read(socket, queue))
        try:
            while (message := await queue.get()) is not None:
                await socket.send_str(json.dumps(message))
        except ConnectionError:
            pass
        finally:
            del self._queues[socket]
            reading.cancel()
            await socket.close()

    async def _read(self, socket: web.WebSocketResponse, queue: asyncio.Queue[Any]) -> None:
        async for _ in socket:
            pass
        queue.put_nowait(None)

    def end(self) -> None:
        for queue in self._queues.values():
            queue.put_nowait(None)
