"""What sign-in takes and gives."""

from pydantic import Field

from backend.models import Role
from backend.schemas import Schema


class LoginRequest(Schema):
    """With `cookie`, the refresh token comes as an HttpOnly cookie only: pages should ask so."""

    login: str = Field(min_length=1, max_length=200, examples=["trader1"])
    password: str = Field(min_length=1, max_length=1000)
    cookie: bool = False


class RefreshRequest(Schema):
    """Without a token the cookie's is taken."""

    refresh_token: str | None = Field(default=None, max_length=200)


class UserView(Schema):
    id: str
    login: str
    name: str
    role: Role


class OrganisationView(Schema):
    id: str
    name: str


class TokenAnswer(Schema):
    """Send `access_token` as `Authorization: Bearer …`; renew it before `expires_in` seconds."""

    access_token: str
    token_type: str = "bearer"
    expires_in: int
    refresh_token: str | None
    user: UserView


class Me(Schema):
    """The caller; `desk` is null for those who have none."""

    user: UserView
    organisation: OrganisationView
    desk: str | None


class TicketAnswer(Schema):
    """Open the live socket with `?ticket=…` within `expires_in` seconds; it works once."""

    ticket: str
    expires_in: int
