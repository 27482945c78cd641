"""Short-lived signed tokens by which services know each other, and the secret that they share."""

import time

import jwt

LIFE_SECONDS = 60
DEFAULT_SECRET = "local-development-secret-that-production-refuses"
SHORTEST_SECRET = 32


class TokenRefused(Exception):
    """A service token is missing, expired, for somebody else, or not signed with our secret."""


def check_secret(secret: str, environment: str) -> None:
    """For a service's settings. Raises ValueError for a secret that production must not have."""
    if environment != "production":
        return
    if secret == DEFAULT_SECRET:
        raise ValueError("production refuses the default secret: set SHIFTDESK_SECRET")
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"SHIFTDESK_SECRET needs at least {SHORTEST_SECRET} characters")


def issue(secret: str, *, issuer: str, audience: str, actor: str = "") -> str:
    """A token by which service `issuer` may call `audience` (`ai-pod`, `scheduler`, `backend`) for
    the next minute.

    `actor` names the person on whose behalf the call is made; it ends in the audit.
    """
    now = int(time.time())
    claims = {"iss": issuer, "aud": audience, "iat": now, "exp": now + LIFE_SECONDS, "act": actor}
    return jwt.encode(claims, secret, algorithm="HS256")


def verify(secret: str, token: str, *, audience: str) -> str:
    """The actor (or else the issuer) that the token names. Raises TokenRefused."""
    try:
        claims = jwt.decode(token, secret, algorithms=["HS256"], audience=audience)
    except jwt.PyJWTError as error:
        raise TokenRefused(f"service token refused: {error}") from error
    return str(claims.get("act") or claims["iss"])
