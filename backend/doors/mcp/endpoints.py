"""`/mcp`: streamable HTTP, one request at a time, with a desk's key.

Nothing is streamed or remembered between requests, so there is no GET and no DELETE: 405, as the
protocol allows.
"""

import asyncio
import importlib
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.requests import HTTPConnection
from starlette.types import Receive, Scope, Send

from backend.dependencies import CurrentState
from backend.doors.entering import ReadKeyHolder
from backend.doors.mcp import HOLDER
from backend.state import State

SERVER = "backend.doors.mcp.server"

router = APIRouter(include_in_schema=False)


class McpServer:
    """The server, made with the first request to it, and ended with the service."""

    def __init__(self) -> None:
        self._made: Any = None
        self._making = asyncio.Lock()

    async def manager(self, state: State) -> Any:
        async with self._making:
            if self._made is None:
                server = await asyncio.to_thread(importlib.import_module, SERVER)
                manager, ready = server.session_manager(state), asyncio.Event()
                state.tasks.start(_run(manager, ready, state), name="mcp")
                await ready.wait()
                self._made = manager
        return self._made


async def _run(manager: Any, ready: asyncio.Event, state: State) -> None:
    async with manager.run():
        ready.set()
        await state.tasks.stopping.wait()


def _server(connection: HTTPConnection) -> McpServer:
    server: McpServer = connection.app.state.mcp
    return server


class _Handed(Response):
    """The server answers in our place."""

    def __init__(self, manager: Any) -> None:
        super().__init__()
        self._manager = manager

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._manager.handle_request(scope, receive, send)


@router.post("/mcp")
async def handle(
    request: Request,
    holder: ReadKeyHolder,
    state: CurrentState,
    server: Annotated[McpServer, Depends(_server)],
) -> Response:
    manager = await server.manager(state)
    request.scope[HOLDER] = holder
    return _Handed(manager)
