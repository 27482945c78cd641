"""Short-lived signed tokens by which services know each other, and the secret that they share."""

import time
from collections.abc import Callable
from pathlib import Path

import jwt

from market.secret import Secret

LIFE_SECONDS = 60
DEFAULT_SECRET = "local-development-secret-that-production-refuses"
SHORTEST_SECRET = 32


class TokenRefused(Exception):
    """A service token is missing, expired, for somebody else, or not signed with our secret."""


Key = str | Secret
"""What tokens are signed with. Of a secret of several lines the first signs, and all are accepted:
so a new one is made known everywhere before it signs, and an old one until its tokens are over.
"""


def service_key(secret: str, path: Path | None, environment: str) -> Secret:
    """For a service's settings. Raises ValueError for a secret that production must not have."""
    if path is None:
        _checked(environment)((secret,))
    return Secret(secret, path, _checked(environment))


def issue(secret: Key, *, issuer: str, audience: str, actor: str = "") -> str:
    """A token by which service `issuer` may call `audience` (`ai-pod`, `scheduler`, `backend`) for
    the next minute.

    `actor` names the person on whose behalf the call is made; it ends in the audit.
    """
    now = int(time.time())
    claims = {"iss": issuer, "aud": audience, "iat": now, "exp": now + LIFE_SECONDS, "act": actor}
    return jwt.encode(claims, accepted(secret)[0], algorithm="HS256")


def verify(secret: Key, token: str, *, audience: str) -> str:
    """The actor (or else the issuer) that the token names. Raises TokenRefused."""
    for line in accepted(secret):
        try:
            claims = jwt.decode(token, line, algorithms=["HS256"], audience=audience)
        except jwt.InvalidSignatureError:
            continue
        except jwt.PyJWTError as error:
            raise TokenRefused(f"service token refused: {error}") from error
        return str(claims.get("act") or claims["iss"])
    raise TokenRefused("service token refused: Signature verification failed")


def accepted(secret: Key) -> tuple[str, ...]:
    """What tokens may be signed with, and first what they are signed with."""
    return (secret,) if isinstance(secret, str) else secret.lines


def _checked(environment: str) -> Callable[[tuple[str, ...]], None]:
    def check(lines: tuple[str, ...]) -> None:
        if not lines:
            raise ValueError("SHIFTDESK_SECRET is empty")
        if environment != "production":
            return
        if DEFAULT_SECRET in lines:
            raise ValueError("production refuses the default secret: set SHIFTDESK_SECRET")
        if min(map(len, lines)) < SHORTEST_SECRET:
            raise ValueError(f"SHIFTDESK_SECRET needs at least {SHORTEST_SECRET} characters")

    return check
