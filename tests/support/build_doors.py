"""A trader with a desk, and keys of it; a back end that is served on a socket."""

import itertools
from dataclasses import dataclass
from typing import Any

from backend.models import Role
from tests.support.build_backend import Backend
from tests.support.build_desks import make_desks

KEYS = "/api/v1/desk/keys"

_numbers = itertools.count()


@dataclass
class Owner:
    """Somebody with a desk and a browser."""

    backend: Backend
    login: str
    desk: str

    @classmethod
    async def enter(cls, backend: Backend, organisation: str = "Test") -> "Owner":
        """A new one."""
        login = f"owner{next(_numbers)}"
        await backend.user(login, Role.TRADER, organisation)
        (desk,) = await make_desks(
            backend.state, [login], automatic=False, organisation=organisation
        )
        return cls(backend, login, desk)

    async def headers(self) -> dict[str, str]:
        return await self.backend.sign_in(self.login)

    async def make(self, *scopes: str, **body: object) -> dict[str, Any]:
        """A new key, as the answer to its making shows it."""
        wanted = {"name": "test", "scopes": scopes or ("chat", "read")} | body
        answer = await self.backend.client.post(KEYS, json=wanted, headers=await self.headers())
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def key(self, *scopes: str, **body: object) -> str:
        return str((await self.make(*scopes, **body))["key"])


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}
