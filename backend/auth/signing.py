"""Access tokens: EdDSA over claims that name the user; the key is derived from the secret."""

import hashlib
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ai_pod.contracts.tokens import Key, accepted
from backend.errors import Unauthenticated

ACCESS_SECONDS = 15 * 60
ISSUER = "shiftdesk"
AUDIENCE = "shiftdesk-api"


@dataclass(frozen=True)
class AccessClaims:
    """What an access token says. The role is read from the account at each request."""

    user: str
    organisation: str


@lru_cache(maxsize=4)
def signing_key(secret: str) -> Ed25519PrivateKey:
    """The service's signing key; the same secret gives the same key in every back end."""
    seed = hashlib.sha256(b"shiftdesk access tokens 1\0" + secret.encode()).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def issue_access(secret: Key, claims: AccessClaims) -> str:
    now = int(time.time())
    body = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": claims.user,
        "org": claims.organisation,
        "iat": now,
        "exp": now + ACCESS_SECONDS,
    }
    return jwt.encode(body, signing_key(accepted(secret)[0]), algorithm="EdDSA")


def verify_access(secret: Key, token: str) -> AccessClaims:
    """The token's claims. Raises Unauthenticated, with code `token_expired` when it was ours."""
    for line in accepted(secret):
        try:
            body = _decoded(line, token)
        except jwt.ExpiredSignatureError as error:
            raise Unauthenticated("the access token has expired", code="token_expired") from error
        except jwt.PyJWTError:
            continue
        return AccessClaims(user=str(body["sub"]), organisation=str(body["org"]))
    raise Unauthenticated("the access token is not valid", code="token_invalid")


def _decoded(secret: str, token: str) -> dict[str, Any]:
    return jwt.decode(
        token,
        signing_key(secret).public_key(),
        algorithms=["EdDSA"],
        audience=AUDIENCE,
        issuer=ISSUER,
        options={"require": ["exp", "sub", "org"]},
    )
