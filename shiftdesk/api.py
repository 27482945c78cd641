"""The running cluster's API, as the command line's person. Problems become exit codes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from shiftdesk.configuration import STATE
from shiftdesk.errors import CommandError, Conflict, Denied, NotFound, UsageProblem
from shiftdesk.local.state import ClusterInfo, StateFolder

PAGE = 200
Json = Any


class Api:
    """Calls `/api/v1` with a login of the local cluster's."""

    def __init__(self, info: ClusterInfo, password: str, user: str = "") -> None:
        self.info = info
        self._login = {"login": user or info.operator, "password": password}
        self._http = httpx.Client(base_url=f"{info.url}/api/v1", timeout=15.0)
        self._log_in()

    def _log_in(self) -> None:
        answer = self.call("POST", "/auth/login", json=self._login)
        self._http.headers["Authorization"] = f"Bearer {answer['access_token']}"

    def get(self, path: str, **params: object) -> Json:
        return self.call("GET", path, params={k: v for k, v in params.items() if v is not None})

    def items(self, path: str) -> Iterator[Json]:
        """Everything of a list, page by page."""
        cursor = None
        while True:
            page = self.get(path, limit=PAGE, cursor=cursor)
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def post(self, path: str, body: object = None) -> Json:
        return self.call("POST", path, json=body)

    def delete(self, path: str) -> Json:
        return self.call("DELETE", path)

    def call(self, method: str, path: str, **arguments: Any) -> Json:
        """Raises the CommandError that fits the problem+json."""
        with _answering():
            response = self._http.request(method, path, **arguments)
            if response.is_error:
                raise _refusal(response)
        return response.json() if response.content else None

    @contextmanager
    def stream(self, method: str, path: str, body: object) -> Iterator[httpx.Response]:
        """An answer that is read as it comes. The login is renewed: a conversation may outlast it.

        Raises the CommandError that fits the problem+json.
        """
        self._log_in()
        with (
            _answering(),
            self._http.stream(method, path, json=body, timeout=120.0) as response,
        ):
            if response.is_error:
                response.read()
                raise _refusal(response)
            yield response


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except httpx.HTTPError as error:
        raise CommandError(f"the back end did not answer: {error!r}", "shiftdesk doctor") from error


def running_cluster(folder: Path = STATE) -> ClusterInfo:
    """Raises NotFound when none runs."""
    info = StateFolder(folder).running()
    if info is None:
        raise NotFound(f"no cluster runs from {folder}", "start one: shiftdesk up --demo")
    return info


def connect(user: str = "") -> Api:
    """The API of the cluster that runs here, as its operator unless a user is named."""
    info = running_cluster()
    if not info.demo:
        raise CommandError(
            "this cluster has no demo logins, which the command line enters with",
            f"use the page, {info.url}, or start with --demo",
        )
    return Api(info, StateFolder(STATE).secrets().demo_password, user)


def _refusal(response: httpx.Response) -> CommandError:
    try:
        problem = response.json()
    except ValueError:
        problem = {}
    what = problem.get("detail") or problem.get("title") or f"answered {response.status_code}"
    code = problem.get("code", "")
    if code:
        what = f"{what} [{code}]"
    kinds = {404: NotFound, 409: Conflict, 422: UsageProblem, 400: UsageProblem}
    if code == "wrong_credentials":
        return NotFound(what, "logins: trader1 … trader12, operator, risk, viewer")
    if str(code).startswith(("risk", "denied")):
        return Denied(what)
    return kinds.get(response.status_code, CommandError)(what)
