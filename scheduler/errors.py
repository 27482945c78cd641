"""What the scheduler refuses, as words that carry a status and a stable code.

SchedulerError
├── Invalid              an override or patch that makes no sense; the code says which rule
├── Unauthenticated
├── NotFound             also: another organisation's
├── Conflict             it has ended already
└── StoreAway            Postgres or Redis does not answer, or its schema is missing

`scheduler.api` turns them into `application/problem+json`.
"""


class SchedulerError(Exception):
    """Refused. `detail` says what, why and how to fix it; `code` is stable, for programs."""

    status = 400
    title = "Refused"

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class Invalid(SchedulerError):
    """Well-formed, but it makes no sense here."""

    status = 422
    title = "Invalid"


class Unauthenticated(SchedulerError):
    """The caller's service token is missing or refused."""

    status = 401
    title = "Not authenticated"


class NotFound(SchedulerError):
    """There is no such thing in this organisation."""

    status = 404
    title = "Not found"


class Conflict(SchedulerError):
    """It contradicts what is stored."""

    status = 409
    title = "Conflict"


class StoreAway(SchedulerError):
    """A store does not answer now. Pods go on by their copy of the plan."""

    status = 503
    title = "Unavailable"
