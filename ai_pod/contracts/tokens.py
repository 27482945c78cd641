"""Short-lived signed tokens by which services know each other."""

import time

import jwt

LIFE_SECONDS = 60


class TokenRefused(Exception):
    """A service token is missing, expired, for somebody else, or not signed with our secret."""


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
