"""Who is asking, and in which role, as parameters of endpoints."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from ai_pod.contracts import tokens
from backend.auth import repository
from backend.auth.signing import verify_access
from backend.dependencies import CurrentState, Session
from backend.errors import Forbidden, Unauthenticated
from backend.models import Role

_bearer = HTTPBearer(auto_error=False, description="An access token of POST /auth/login")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


@dataclass(frozen=True)
class Caller:
    """The person behind a request. `organisation` bounds every query made for them."""

    id: str
    organisation: str
    role: Role
    name: str
    login: str


async def current_user(state: CurrentState, session: Session, credentials: Credentials) -> Caller:
    """The caller, whose account still exists and is not disabled. Raises Unauthenticated."""
    if credentials is None:
        raise Unauthenticated("sign in first: send an access token as Authorization: Bearer …")
    claims = verify_access(state.settings.key, credentials.credentials)
    user = await repository.active_user(session, claims.user)
    if user is None or user.organisation_id != claims.organisation:
        raise Unauthenticated("the account is gone or disabled", code="account_disabled")
    return Caller(user.id, user.organisation_id, Role(user.role), user.name, user.login)


CurrentUser = Annotated[Caller, Depends(current_user)]


def requires(*roles: Role) -> Callable[[CurrentUser], Awaitable[Caller]]:
    """A dependency: the caller, in one of the roles. Raises Forbidden."""

    async def caller_in_role(caller: CurrentUser) -> Caller:
        if caller.role not in roles:
            raise Forbidden(f"this needs the role {' or '.join(roles)}; yours is {caller.role}")
        return caller

    return caller_in_role


Trader = Annotated[Caller, Depends(requires(Role.TRADER))]
Operator = Annotated[Caller, Depends(requires(Role.OPERATOR))]
RiskOfficer = Annotated[Caller, Depends(requires(Role.RISK, Role.OPERATOR))]
"""May set limits and pull the kill switch for others."""
Overseer = Annotated[Caller, Depends(requires(Role.OPERATOR, Role.RISK, Role.VIEWER))]
"""May look at everything of the organisation."""


async def service_or_operator(
    state: CurrentState, session: Session, credentials: Credentials
) -> str:
    """The name of a service with our token, of an autoscaler, or of an operator. Raises
    Unauthenticated, Forbidden.

    `/scaling` takes this: KEDA cannot sign, so it has a token that opens nothing else.
    """
    if credentials is not None:
        if _known(credentials.credentials, state.settings.autoscalers.lines):
            return "autoscaler"
        try:
            return tokens.verify(state.settings.key, credentials.credentials, audience="backend")
        except tokens.TokenRefused:
            pass
    caller = await current_user(state, session, credentials)
    return (await requires(Role.OPERATOR, Role.VIEWER)(caller)).login


def _known(token: str, ours: tuple[str, ...]) -> bool:
    """Whether it is one of them, in a time that tells nothing."""
    return any(hmac.compare_digest(token.encode(), one.encode()) for one in ours)


ServiceOrOperator = Annotated[str, Depends(service_or_operator)]
