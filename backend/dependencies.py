"""What endpoints ask for by name: the running state, and the request's transaction."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import transaction
from backend.state import State


def get_state(connection: HTTPConnection) -> State:
    state: State = connection.app.state.backend
    return state


async def get_session(state: Annotated[State, Depends(get_state)]) -> AsyncIterator[AsyncSession]:
    async with transaction(state.sessions) as session:
        yield session


CurrentState = Annotated[State, Depends(get_state)]
"""The running back end."""

Session = Annotated[AsyncSession, Depends(get_session, scope="function")]
"""The request's transaction, committed before the answer is sent; a stream's body does not see it.
"""
