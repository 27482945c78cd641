"""Sign-in: passwords once, then short access tokens and refresh tokens that rotate."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from backend import telemetry
from backend.audit import service as audit
from backend.auth import passwords, repository, throttle
from backend.auth.signing import AccessClaims, issue_access
from backend.database import transaction
from backend.errors import Unauthenticated
from backend.models import RefreshToken, User, new_id
from backend.state import State

REFRESH_LIFE = timedelta(days=14)


@dataclass(frozen=True)
class SignedIn:
    user: User
    access_token: str
    refresh_token: str


async def login(state: State, name: str, password: str, address: str) -> SignedIn:
    """Raises Unauthenticated for an unknown login and a wrong password alike, TooMany."""
    name = name.strip().lower()
    await throttle.count_attempt(state.redis, name, address)
    async with transaction(state.sessions) as session:
        user = await repository.user_by_login(session, name)
    async with state.hashing:
        right = await passwords.verify_password(password, user.password_hash if user else None)
    if user is None or not right or user.disabled_at is not None:
        telemetry.sign_ins.labels(outcome="refused").inc()
        raise Unauthenticated("login or password is wrong", code="wrong_credentials")
    await throttle.forget_attempts(state.redis, name, address)
    telemetry.sign_ins.labels(outcome="accepted").inc()
    async with transaction(state.sessions) as session:
        await repository.delete_expired(session, user.id)
        refresh = _new_refresh(session, user, family=new_id("family"))
        await audit.record(
            session, audit.Actor(user.organisation_id, user.login), "signed_in", f"user:{user.id}"
        )
    return _signed_in(state, user, refresh)


async def refresh(state: State, token: str) -> SignedIn:
    """A new pair for an unused token. One that was used before ends its whole family: somebody
    else has it.
    """
    async with transaction(state.sessions) as session:
        stored = await repository.refresh_token(session, digest_of(token))
        if stored is not None and stored.used_at is not None:
            await repository.revoke_family(session, stored.family)
        answer = None
        if stored is not None and _usable(stored):
            user = await repository.active_user(session, stored.user_id)
            if user is not None:
                stored.used_at = datetime.now(UTC)
                answer = user, _new_refresh(session, user, family=stored.family)
    if answer is None:
        raise Unauthenticated("sign in again", code="refresh_refused")
    return _signed_in(state, *answer)


async def logout(state: State, token: str) -> None:
    """End the token's family; an unknown token is none of our business."""
    async with transaction(state.sessions) as session:
        stored = await repository.refresh_token(session, digest_of(token))
        if stored is not None:
            await repository.revoke_family(session, stored.family)


def digest_of(token: str) -> str:
    """What is stored of a token: random tokens need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def _usable(token: RefreshToken) -> bool:
    unspent = token.used_at is None and token.revoked_at is None
    return unspent and token.expires_at > datetime.now(UTC)


def _new_refresh(session: AsyncSession, user: User, *, family: str) -> str:
    token = secrets.token_urlsafe(32)
    session.add(
        RefreshToken(
            id=new_id("refresh"),
            organisation_id=user.organisation_id,
            user_id=user.id,
            family=family,
            digest=digest_of(token),
            expires_at=datetime.now(UTC) + REFRESH_LIFE,
        )
    )
    return token


def _signed_in(state: State, user: User, refresh: str) -> SignedIn:
    claims = AccessClaims(user=user.id, organisation=user.organisation_id)
    return SignedIn(user, issue_access(state.settings.key, claims), refresh)
