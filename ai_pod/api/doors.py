"""What every endpoint needs: the pod's parts, the check of the caller's token, JSON in and out."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

import msgspec
from fastapi import Depends, Header, Response
from starlette.requests import HTTPConnection

from ai_pod.api.outbox import Outbox
from ai_pod.contracts import tokens
from ai_pod.errors import PodError, Unauthorised
from ai_pod.orchestrator.leaving import Leaving
from ai_pod.orchestrator.orchestrator import Orchestrator
from ai_pod.telemetry import Telemetry

AUDIENCE = "ai-pod"
BEARER = "bearer "


@dataclass(frozen=True)
class Parts:
    """What the endpoints speak to."""

    orchestrator: Orchestrator
    outbox: Outbox
    leaving: Leaving
    telemetry: Telemetry
    secret: tokens.Key


def parts(connection: HTTPConnection) -> Parts:
    found: Parts = connection.app.state.parts
    return found


PodParts = Annotated[Parts, Depends(parts)]


def caller(parts: PodParts, authorization: Annotated[str, Header()] = "") -> str:
    """Who calls. Raises Unauthorised."""
    if not authorization.lower().startswith(BEARER):
        raise Unauthorised("send a service token: Authorization: Bearer …")
    try:
        return tokens.verify(parts.secret, authorization[len(BEARER) :], audience=AUDIENCE)
    except tokens.TokenRefused as error:
        raise Unauthorised(str(error)) from error


Caller = Depends(caller)


def json(content: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(content), status, media_type="application/json")


def problem(error: PodError) -> Response:
    """The error as problem+json."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": str(error),
        "code": error.code,
    }
    return Response(msgspec.json.encode(body), error.status, media_type="application/problem+json")
