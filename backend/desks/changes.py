"""Whom a desk's change is told: the pod that serves it and whoever shows it, which lie above this
domain, so what tells them is put into the app where it is composed.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeAlias

from fastapi import Depends
from fastapi.requests import HTTPConnection

from backend.state import State

Tell: TypeAlias = Callable[[State, str], Awaitable[None]]
"""Called with the desk's id once its change is committed."""


def get_tell(connection: HTTPConnection) -> Tell:
    tell: Tell = connection.app.state.desk_changed
    return tell


CurrentTell = Annotated[Tell, Depends(get_tell)]
