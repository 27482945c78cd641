"""One-time tickets for the live socket, whose request can carry no Authorization header."""

import secrets

import msgspec
from redis.asyncio import Redis

from backend import keys
from backend.auth.dependencies import Caller
from backend.auth.service import digest_of
from backend.errors import Unauthenticated

TICKET_SECONDS = 30


async def issue_ticket(redis: Redis, caller: Caller) -> str:
    """A ticket in the caller's name, good once, for 30 s."""
    ticket = secrets.token_urlsafe(24)
    await redis.set(keys.ticket(digest_of(ticket)), msgspec.json.encode(caller), ex=TICKET_SECONDS)
    return ticket


async def redeem_ticket(redis: Redis, ticket: str) -> Caller:
    """Who the ticket stands for; it is gone afterwards. Raises Unauthenticated."""
    stored = await redis.getdel(keys.ticket(digest_of(ticket)))
    if stored is None:
        raise Unauthenticated("the ticket is used, expired or unknown", code="ticket_refused")
    return msgspec.json.decode(stored, type=Caller)
