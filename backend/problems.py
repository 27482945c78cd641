"""Every refusal leaves as `application/problem+json`, through these handlers."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from redis.exceptions import RedisError
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException

from backend.errors import DATABASE_AWAY, DomainError
from backend.schemas import FieldProblem, Problem

MEDIA_TYPE = "application/problem+json"

Form = Callable[[Problem, dict[str, str] | None], Response]
"""How a problem is written."""

_CODES = {404: "not_found", 405: "method_not_allowed", 408: "too_slow", 413: "too_large"}

logger = structlog.get_logger()


def problem_response(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    body = problem.model_dump(exclude_none=True)
    return JSONResponse(body, problem.status, headers=headers, media_type=MEDIA_TYPE)


def problem_of(error: DomainError) -> Problem:
    wrong = [FieldProblem(field=error.field, message=error.detail)] if error.field else None
    return Problem(
        title=error.title, status=error.status, detail=error.detail, code=error.code, errors=wrong
    )


def refusal(error: DomainError) -> Response:
    """The answer that a domain error stands for."""
    return problem_response(problem_of(error), error.headers)


def add_handlers(app: FastAPI, forms: Mapping[str, Form] | None = None) -> None:
    """Domain errors, wrong requests, unknown routes, absent stores, and what nobody expected.

    Under the paths that begin as `forms` says, they are written in another form.
    """
    app.state.problem_forms = forms or {}
    app.add_exception_handler(DomainError, _domain_error)
    app.add_exception_handler(RequestValidationError, _wrong_request)
    app.add_exception_handler(HTTPException, _http_error)
    for away in (*DATABASE_AWAY, RedisError):
        app.add_exception_handler(away, _store_away)
    app.add_exception_handler(DataError, _not_storable)
    app.add_exception_handler(Exception, _unexpected)


def _answer(request: Request, problem: Problem, headers: dict[str, str] | None = None) -> Response:
    forms: Mapping[str, Form] = request.app.state.problem_forms
    path = request.url.path
    form = next((form for begin, form in forms.items() if path.startswith(begin)), problem_response)
    return form(problem, headers)


async def _store_away(request: Request, error: Exception) -> Response:
    logger.warning("store_away", error=repr(error))
    code = "redis_away" if isinstance(error, RedisError) else "database_away"
    problem = Problem(
        title="Unavailable", status=503, detail="a store does not answer; try again", code=code
    )
    return _answer(request, problem, {"Retry-After": "2"})


async def _not_storable(request: Request, error: Exception) -> Response:
    assert isinstance(error, DataError)
    logger.warning("not_storable", path=request.url.path, error=repr(error.orig))
    detail = (
        "the request holds a value that cannot be stored: leave out the character U+0000, and keep "
        "numbers and dates within their bounds"
    )
    problem = Problem(title="Invalid request", status=422, detail=detail, code="not_storable")
    return _answer(request, problem)


async def _domain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    return _answer(request, problem_of(error), error.headers)


async def _wrong_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    wrong = [
        FieldProblem(field=".".join(str(part) for part in one["loc"]), message=str(one["msg"]))
        for one in error.errors()
    ]
    detail = "; ".join(f"{one.field}: {one.message}" for one in wrong[:5])
    problem = Problem(
        title="Invalid request", status=422, detail=detail, code="invalid_request", errors=wrong
    )
    return _answer(request, problem)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title = HTTPStatus(error.status_code).phrase
    code = _CODES.get(error.status_code, "http_error")
    problem = Problem(title=title, status=error.status_code, detail=str(error.detail), code=code)
    return _answer(request, problem, dict(error.headers or {}))


async def _unexpected(request: Request, error: Exception) -> Response:
    logger.error("request_failed", path=request.url.path, exc_info=error)
    problem = Problem(
        title="Internal error",
        status=500,
        detail="Something here went wrong; the log has it under this request's id.",
        code="internal_error",
    )
    return _answer(request, problem)
