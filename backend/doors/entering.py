"""Who comes with a key, as a parameter of endpoints."""

from typing import Annotated

from fastapi import Depends

from backend.auth.dependencies import Credentials
from backend.dependencies import CurrentState
from backend.doors import service
from backend.doors.service import HOW_TO_GET_ONE, Holder
from backend.errors import Unauthenticated
from backend.models import KeyScope
from backend.state import State


async def enter(state: State, credentials: Credentials, scope: KeyScope | None) -> Holder:
    """Raises Unauthenticated, Forbidden, TooMany."""
    if credentials is None:
        said = f"no key came with the request: send Authorization: Bearer sdk_…; {HOW_TO_GET_ONE}"
        raise Unauthenticated(said, code="invalid_api_key")
    return await service.enter(state, credentials.credentials, scope)


async def _any(state: CurrentState, credentials: Credentials) -> Holder:
    return await enter(state, credentials, None)


async def _chat(state: CurrentState, credentials: Credentials) -> Holder:
    return await enter(state, credentials, KeyScope.CHAT)


async def _read(state: CurrentState, credentials: Credentials) -> Holder:
    return await enter(state, credentials, KeyScope.READ)


KeyHolder = Annotated[Holder, Depends(_any)]
ChatKeyHolder = Annotated[Holder, Depends(_chat)]
ReadKeyHolder = Annotated[Holder, Depends(_read)]
