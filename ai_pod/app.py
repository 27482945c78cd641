"""The pod as a web service around its orchestrator."""

import os
import signal
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from starlette.exceptions import HTTPException

from ai_pod.api import agents, chat, health, live, tools
from ai_pod.api.doors import Parts, problem
from ai_pod.api.outbox import Outbox
from ai_pod.errors import BadRequest, PodError
from ai_pod.orchestrator.leaving import Leaving
from ai_pod.orchestrator.options import CHATBOT_TEMPLATE, PodOptions
from ai_pod.orchestrator.orchestrator import Orchestrator
from ai_pod.settings import PodSettings
from ai_pod.telemetry import Telemetry
from market.bounds import Bounded, refusal
from market.probes import add_probes
from market.requests import Arriving, traced
from market.stores import open_redis

REDIS_SECONDS = 5.0
ANSWER_SECONDS = 70.0
"""A chatbot that has to be started first begins to answer as late as that."""


def create_app(settings: PodSettings, address: str) -> FastAPI:
    """The service. Whoever serves it runs its orchestrator, `app.state.parts.orchestrator`."""
    redis = open_redis(settings.redis, seconds=REDIS_SECONDS, retry=Retry(NoBackoff(), 0))
    telemetry = Telemetry()
    outbox = Outbox(gave_way=telemetry.live_gave_way.inc)
    options = PodOptions(
        address=settings.address or address,
        chat_idle_seconds=settings.chat_idle_seconds,
        chat_template=CHATBOT_TEMPLATE if settings.chat_warm else (),
    )
    orchestrator = Orchestrator(settings.context(), redis, options, outbox.publish, telemetry)
    app = FastAPI(title="Shiftdesk AI pod", openapi_url=None, telemetry=traced())
    app.add_middleware(Arriving)
    app.state.parts = Parts(
        orchestrator=orchestrator,
        outbox=outbox,
        leaving=Leaving(orchestrator, settings.leave_seconds, _end_process),
        telemetry=telemetry,
        secret=settings.key,
    )
    for module in (agents, chat, health, live, tools):
        app.include_router(module.router)
    app.add_middleware(Bounded, answer_seconds=ANSWER_SECONDS)
    add_probes(app, health.probes(orchestrator))
    _say_no_in_problems(app)
    return app


def _end_process() -> None:
    """The same way out as everybody else's: the signal handler drains and then stops serving."""
    os.kill(os.getpid(), signal.SIGTERM)


def _say_no_in_problems(app: FastAPI) -> None:
    @app.exception_handler(PodError)
    async def refused(_request: Request, error: PodError) -> Response:
        return problem(error)

    @app.exception_handler(HTTPException)
    async def failed(_request: Request, error: HTTPException) -> Response:
        return refusal(error.status_code, "http_error", str(error.detail))

    @app.exception_handler(RequestValidationError)
    async def misread(_request: Request, error: RequestValidationError) -> Response:
        said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        return problem(BadRequest(said or HTTPStatus.UNPROCESSABLE_ENTITY.phrase))
