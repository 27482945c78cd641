"""Refusals as OpenAI's clients read them."""

from fastapi.responses import JSONResponse, Response

from backend.errors import DomainError
from backend.schemas import Problem

PATHS = "/v1/"

_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


class BadParameter(DomainError):
    """A parameter that cannot be obeyed."""

    status = 400
    code = "invalid_value"
    title = "Invalid request"

    def __init__(self, detail: str, field: str, *, code: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.field = field


class NoSuchModel(BadParameter):
    status = 404
    code = "model_not_found"
    title = "Not found"


def body_of(problem: Problem) -> dict[str, object]:
    """The problem in OpenAI's form."""
    usual = "server_error" if problem.status >= 500 else "invalid_request_error"
    field = problem.errors[0].field.removeprefix("body.") if problem.errors else None
    said = {
        "message": problem.detail,
        "type": _TYPES.get(problem.status, usual),
        "param": field,
        "code": problem.code,
    }
    return {"error": said}


def answer_of(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    status = 400 if problem.status == 422 else problem.status
    return JSONResponse(body_of(problem), status, headers=headers)


class AnswerFailed(DomainError):
    """A run that ended without an answer."""

    title = "No answer"

    def __init__(self, detail: str, *, code: str) -> None:
        super().__init__(detail, code=code)
        self.status = _STATUSES.get(code, 503)

    def body(self) -> dict[str, object]:
        """In OpenAI's form, for a stream that has begun."""
        problem = Problem(title=self.title, status=self.status, detail=self.detail, code=self.code)
        return body_of(problem)


_STATUSES = {"cancelled": 400, "too_long": 504}
"""By the code of a run's error; others are worth another try."""
