"""A back end's API, for the command line: of the installation that the settings name, or else of
the cluster that runs here. Problems become exit codes.
"""

import sys
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from getpass import getpass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from shiftdesk.configuration import STATE, Configuration
from shiftdesk.errors import (
    CommandError,
    Conflict,
    Denied,
    Forbidden,
    NotFound,
    UsageProblem,
)
from shiftdesk.local.state import ClusterInfo, StateFolder

PAGE = 200
DEMO_TRADER = "trader1"
LOOPBACK = ("127.0.0.1", "::1", "localhost")
DENIED = "Denied by the risk check"
"""The title of such a problem; its code is the rule's own."""

KINDS: dict[int, type[CommandError]] = {
    400: UsageProblem,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    422: UsageProblem,
}
Json = Any


@dataclass(frozen=True)
class Entry:
    """How one enters: by a login, or by an access token. `advice` is for who is not let in."""

    advice: str
    login: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


class Api:
    """Calls `/api/v1` of the back end at `url`."""

    def __init__(self, url: str, entry: Entry) -> None:
        self.url = url
        self._entry = entry
        self._http = httpx.Client(base_url=f"{url}/api/v1", timeout=15.0)
        weakref.finalize(self, self._http.close)
        self._let_in = False
        self._log_in()
        self._let_in = True

    def _log_in(self) -> None:
        token = self._entry.token
        if not token:
            body = {"login": self._entry.login, "password": self._entry.password}
            token = self.call("POST", "/auth/login", json=body)["access_token"]
        self._http.headers["Authorization"] = f"Bearer {token}"

    def _renew(self) -> None:
        """A login that is refused in turn is not renewed."""
        self._let_in = False
        try:
            self._log_in()
        finally:
            self._let_in = True

    @property
    def login(self) -> str:
        """Of the person that this is."""
        return self._entry.login or str(self.get("/me")["user"]["login"])

    def look_at(self, owner: str) -> None:
        """From here on desks' endpoints are asked about this person's desk. Raises NotFound."""
        desk = next((one["id"] for one in self.items("/desks") if one["owner"] == owner), None)
        if desk is None:
            raise NotFound(f"{owner!r} has no desk", "shiftdesk desks")
        self._http.params = httpx.QueryParams(desk=desk)

    def get(self, path: str, **params: object) -> Json:
        return self.call("GET", path, params={k: v for k, v in params.items() if v is not None})

    def items(self, path: str, at_once: int = PAGE, **params: object) -> Iterator[Json]:
        """Everything of a list, page by page."""
        cursor = None
        while True:
            page = self.get(path, limit=at_once, cursor=cursor, **params)
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def post(self, path: str, body: object = None) -> Json:
        return self.call("POST", path, json=body)

    def put(self, path: str, body: object) -> Json:
        return self.call("PUT", path, json=body)

    def patch(self, path: str, body: object) -> Json:
        return self.call("PATCH", path, json=body)

    def delete(self, path: str) -> Json:
        return self.call("DELETE", path)

    def call(self, method: str, path: str, **arguments: Any) -> Json:
        """Raises the CommandError that fits the problem+json. An old login is renewed."""
        with _answering():
            response = self._http.request(method, path, **arguments)
            if response.status_code == 401 and self._let_in and not self._entry.token:
                self._renew()
                response = self._http.request(method, path, **arguments)
        if response.is_error:
            raise self._refusal(response)
        return self._read(response)

    @contextmanager
    def stream(self, method: str, path: str, body: object = None) -> Iterator[httpx.Response]:
        """An answer that is read as it comes. The login is renewed: a conversation may outlast it.

        Raises the CommandError that fits the problem+json.
        """
        self._log_in()
        with (
            _answering(),
            self._http.stream(method, path, json=body, timeout=120.0) as response,
        ):
            if not response.is_success:
                response.read()
                raise self._refusal(response)
            yield response

    def _read(self, response: httpx.Response) -> Json:
        """Raises CommandError for a page or a redirection, as where something else lives there."""
        try:
            if response.is_success:
                return response.json() if response.content else None
        except ValueError:
            pass
        raise CommandError(
            f"{self.url} answered {response.status_code}, and not as a back end of ours",
            "is api_url the address of the installation?",
        )

    def _refusal(self, response: httpx.Response) -> CommandError:
        problem = _problem(response)
        what = problem.get("detail") or problem.get("title") or f"answered {response.status_code}"
        code = problem.get("code", "")
        if code:
            what = f"{what} [{code}]"
        if code == "wrong_credentials":
            return NotFound(what, self._entry.advice)
        if response.status_code == 401:
            return CommandError(what, self._entry.advice)
        if problem.get("title") == DENIED:
            return Denied(what)
        return KINDS.get(response.status_code, CommandError)(what)


def _problem(response: httpx.Response) -> dict[str, Any]:
    """Empty where a proxy answered, and not the back end."""
    try:
        problem = response.json()
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}


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
        raise NotFound(
            f"no cluster runs from {folder}",
            "start one: shiftdesk up --demo; or name an installation: SHIFTDESK_API_URL",
        )
    return info


def elsewhere() -> str:
    """The address of the installation that the settings name; empty: the cluster here is meant.

    Raises UsageProblem for what is no address, or would carry a password in the open.
    """
    url = Configuration(Path.cwd()).get("api_url")
    if not url:
        return ""
    scheme, host = _scheme_and_host(url)
    if scheme not in ("http", "https") or not host:
        raise UsageProblem(f"api_url {url!r} is no address", "such as https://desk.example.com")
    if scheme == "http" and host not in LOOPBACK:
        raise UsageProblem(f"{url}: no password goes over plain http", "write https://…")
    return url.rstrip("/").removesuffix("/api/v1")


def _scheme_and_host(url: str) -> tuple[str, str]:
    """Empty for what cannot be read as an address, its port included."""
    try:
        parts = urlsplit(url)
        return ("", "") if parts.port == 0 else (parts.scheme, parts.hostname or "")
    except ValueError:
        return "", ""


def connect(user: str = "", *, demo: str = "") -> Api:
    """The API, signed in as `user`; where none is named, as the person of the settings.

    At the local cluster that person is `demo`, or else its operator.
    """
    if url := elsewhere():
        api = Api(url, _entry(Configuration(Path.cwd())))
        if user and user != api.login:
            raise UsageProblem(
                f"you are {api.login} at {url}, and not {user}", "--api-login, and that password"
            )
        return api
    info = running_cluster()
    if not info.demo:
        raise CommandError(
            "this cluster has no demo logins, which the command line enters with",
            f"SHIFTDESK_API_URL={info.url} and a login of its own, or start with --demo",
        )
    advice = "logins: trader1 … trader12, operator, risk, viewer"
    password = StateFolder(STATE).secrets().demo_password
    return Api(info.url, Entry(advice, user or demo or info.operator, password))


def look_at(owner: str = "") -> Api:
    """The API, at the desk of `owner`: by their own login at the local cluster, elsewhere by one
    that may look at every desk.
    """
    if not elsewhere():
        return connect(owner, demo=DEMO_TRADER)
    api = connect()
    if owner and owner != api.login:
        api.look_at(owner)
    return api


def _entry(configuration: Configuration) -> Entry:
    """Raises UsageProblem where the settings name nobody."""
    if token := configuration.get("api_token"):
        return Entry("a token of SHIFTDESK_API_TOKEN lives for 15 minutes", token=token)
    login, file = configuration.get("api_login"), configuration.get("api_password_file")
    if not login:
        raise UsageProblem(
            "an installation is named, and nobody to sign in as",
            "set SHIFTDESK_API_LOGIN (and SHIFTDESK_API_PASSWORD_FILE), or SHIFTDESK_API_TOKEN",
        )
    advice = "look at SHIFTDESK_API_LOGIN and the file that SHIFTDESK_API_PASSWORD_FILE names"
    return Entry(advice, login, _read(Path(file)) if file else _asked(login))


def _read(file: Path) -> str:
    try:
        return file.expanduser().read_text().partition("\n")[0].rstrip("\r")
    except OSError as error:
        raise UsageProblem(
            f"{file} cannot be read: {error.strerror}", "its first line is the password"
        ) from error


@cache
def _asked(login: str) -> str:
    """Once a command."""
    if not sys.stdin.isatty():
        raise UsageProblem(
            f"{login} has no password here", "SHIFTDESK_API_PASSWORD_FILE names a file that has it"
        )
    return getpass(f"password of {login}: ")
