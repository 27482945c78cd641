"""What the back end refuses, as domain words that carry a status and a stable code.

DomainError
├── NotFound             also: somebody else's object
├── Unauthenticated
├── Forbidden
├── Invalid
├── Conflict
├── TooMany
└── Unavailable

One handler in `backend.problems` turns them into `application/problem+json`.
"""

from redis.exceptions import RedisError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

DATABASE_AWAY = (OperationalError, InterfaceError, NoConnection)
"""Postgres does not answer, has thrown us out, or gives no connection in time."""

STORE_AWAY = (*DATABASE_AWAY, RedisError, OSError)
"""What a store's absence raises: worth another try, and nobody's mistake."""


class DomainError(Exception):
    """Refused. `detail` says what, why and how to fix it; `code` is stable, for programs; `field`
    names what of the request is wrong, where it is one thing.
    """

    status = 400
    code = "refused"
    title = "Refused"
    field: str | None = None

    def __init__(
        self, detail: str, *, code: str | None = None, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.headers = headers or {}


class NotFound(DomainError):
    """There is no such thing, or it is somebody else's."""

    status = 404
    code = "not_found"
    title = "Not found"


class Unauthenticated(DomainError):
    """We do not know who is asking."""

    status = 401
    code = "unauthenticated"
    title = "Not signed in"

    def __init__(self, detail: str, *, code: str | None = None) -> None:
        super().__init__(detail, code=code, headers={"WWW-Authenticate": "Bearer"})


class Forbidden(DomainError):
    """The caller's role does not allow it."""

    status = 403
    code = "forbidden"
    title = "Not allowed"


class Invalid(DomainError):
    """Well-formed, but it makes no sense here."""

    status = 422
    code = "invalid"
    title = "Invalid"


class Conflict(DomainError):
    """It contradicts what is stored."""

    status = 409
    code = "conflict"
    title = "Conflict"


class TooMany(DomainError):
    """Too often; try again after `seconds`."""

    status = 429
    code = "slow_down"
    title = "Too many requests"

    def __init__(self, detail: str, *, seconds: int, code: str | None = None) -> None:
        super().__init__(detail, code=code, headers={"Retry-After": str(seconds)})


class Unavailable(DomainError):
    """A part that is needed for this does not answer now."""

    status = 503
    code = "unavailable"
    title = "Unavailable"
