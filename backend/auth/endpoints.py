"""Sign in, stay signed in, sign out; who am I; a ticket for the live socket."""

from typing import Annotated

from fastapi import APIRouter, Cookie, Request, Response

from backend.auth import repository, service, tickets
from backend.auth.dependencies import CurrentUser
from backend.auth.schemas import (
    LoginRequest,
    Me,
    OrganisationView,
    RefreshRequest,
    TicketAnswer,
    TokenAnswer,
    UserView,
)
from backend.auth.service import SignedIn
from backend.auth.signing import ACCESS_SECONDS
from backend.dependencies import CurrentState, Session
from backend.errors import Unauthenticated

COOKIE = "shiftdesk_refresh"
COOKIE_PATH = "/api/v1/auth"

RefreshCookie = Annotated[str | None, Cookie(alias=COOKIE, include_in_schema=False)]

router = APIRouter(tags=["auth"])


@router.post("/auth/login")
async def login(
    body: LoginRequest, request: Request, response: Response, state: CurrentState
) -> TokenAnswer:
    """Exchange login and password for tokens."""
    address = request.client.host if request.client else "unknown"
    signed_in = await service.login(state, body.login, body.password, address)
    return _answer(signed_in, response, state, cookie=body.cookie)


@router.post("/auth/refresh")
async def refresh(
    body: RefreshRequest, response: Response, state: CurrentState, stored: RefreshCookie = None
) -> TokenAnswer:
    """Exchange a refresh token for new tokens. Each works once; using one twice ends them all."""
    token = body.refresh_token or stored
    if token is None:
        raise Unauthenticated("no refresh token came with the request", code="refresh_refused")
    signed_in = await service.refresh(state, token)
    return _answer(signed_in, response, state, cookie=body.refresh_token is None)


@router.post("/auth/logout", status_code=204)
async def logout(
    body: RefreshRequest, response: Response, state: CurrentState, stored: RefreshCookie = None
) -> None:
    """End the refresh token and all that came of the same sign-in."""
    token = body.refresh_token or stored
    if token is not None:
        await service.logout(state, token)
    response.delete_cookie(COOKIE, path=COOKIE_PATH)


@router.get("/me")
async def me(caller: CurrentUser, session: Session) -> Me:
    """The caller, their organisation and desk."""
    organisation = await repository.organisation(session, caller.organisation)
    return Me(
        user=UserView.model_validate(caller),
        organisation=OrganisationView.model_validate(organisation),
        desk=await repository.desk_of(session, caller.id),
    )


@router.post("/ws-ticket")
async def ws_ticket(caller: CurrentUser, state: CurrentState) -> TicketAnswer:
    """A one-time ticket for the live socket."""
    ticket = await tickets.issue_ticket(state.redis, caller)
    return TicketAnswer(ticket=ticket, expires_in=tickets.TICKET_SECONDS)


def _answer(
    signed_in: SignedIn, response: Response, state: CurrentState, *, cookie: bool
) -> TokenAnswer:
    if cookie:
        response.set_cookie(
            COOKIE,
            signed_in.refresh_token,
            max_age=int(service.REFRESH_LIFE.total_seconds()),
            path=COOKIE_PATH,
            secure=state.settings.environment == "production",
            httponly=True,
            samesite="strict",
        )
    return TokenAnswer(
        access_token=signed_in.access_token,
        expires_in=ACCESS_SECONDS,
        refresh_token=None if cookie else signed_in.refresh_token,
        user=UserView.model_validate(signed_in.user),
    )
