"""Who may open a live socket: the page's origin, then a one-time ticket, then the desk."""

import asyncio
from urllib.parse import urlsplit

from fastapi import WebSocket
from pydantic import TypeAdapter, ValidationError

from ai_pod.contracts.live import CloseCode
from backend.auth.dependencies import Caller
from backend.auth.tickets import redeem_ticket
from backend.database import transaction
from backend.desks.access import SEE_ALL, find_desk
from backend.errors import NotFound, Unauthenticated
from backend.live.schemas import ClientMessage, TicketMessage
from backend.models import Desk
from backend.state import State

TICKET_SECONDS = 5.0

MESSAGE: TypeAdapter[ClientMessage] = TypeAdapter(ClientMessage)


class Refused(Exception):
    """The socket is closed with `code`."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


async def admit(
    socket: WebSocket, state: State, turns: asyncio.Semaphore
) -> tuple[Caller, Desk | None]:
    """The caller and their desk (or the one named by `?desk=`). Raises Refused.

    Postgres is asked in `turns`: when thousands come back at once, other work has connections left.
    """
    if not origin_allowed(
        socket.headers.get("origin"), socket.headers.get("host", ""), state.settings.origins
    ):
        raise Refused(CloseCode.FORBIDDEN, "this page may not open the live socket")
    ticket = socket.query_params.get("ticket") or await _first_message(socket)
    try:
        caller = await redeem_ticket(state.redis, ticket)
    except Unauthenticated as error:
        raise Refused(CloseCode.RENEW, error.detail) from error
    async with turns:
        return caller, await _desk(state, caller, socket.query_params.get("desk"))


def origin_allowed(origin: str | None, host: str, others: tuple[str, ...]) -> bool:
    """A browser always names its page's origin; who names none is no browser."""
    if origin is None or origin in others:
        return True
    return urlsplit(origin).netloc == host


async def _first_message(socket: WebSocket) -> str:
    try:
        async with asyncio.timeout(TICKET_SECONDS):
            message = MESSAGE.validate_json(await socket.receive_text())
    except (TimeoutError, ValidationError, KeyError) as error:
        raise Refused(CloseCode.RENEW, "send a ticket first") from error
    if not isinstance(message, TicketMessage):
        raise Refused(CloseCode.RENEW, "send a ticket first")
    return message.ticket


async def _desk(state: State, caller: Caller, desk_id: str | None) -> Desk | None:
    """None for people without a desk of their own who name none: they see the market."""
    async with transaction(state.sessions) as session:
        try:
            return await find_desk(session, caller, desk_id, SEE_ALL)
        except NotFound as error:
            if desk_id is not None:
                raise Refused(CloseCode.FORBIDDEN, error.detail) from error
            return None
