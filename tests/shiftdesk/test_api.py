"""What the command line makes of answers, from a server that gives them by a script."""

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from backend.trading import service as trading
from shiftdesk import installation_checks
from shiftdesk.api import Api, Entry, elsewhere
from shiftdesk.errors import CommandError, Denied, Forbidden, UsageProblem
from shiftdesk.finding import Mark

Answer = tuple[int, object]
"""A status, and a document, or a page's text."""

IN: Answer = (200, {"access_token": "a-token"})
AWAY: Answer = (503, {"title": "Unavailable", "code": "redis_away"})
RUN_OUT: Answer = (401, {"title": "Not signed in", "code": "token_expired"})
ME: Answer = (200, {"user": {"login": "olga", "role": "operator"}})


class Script:
    """Answers by path; a path's are used up in their order, the last one for ever."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {"/auth/login": [IN], "/me": [ME]}
        self.url = ""

    def next(self, path: str) -> Answer:
        waiting = self.answers[path.partition("?")[0].removeprefix("/api/v1")]
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    def enter(self) -> Api:
        return Api(self.url, Entry("", "olga", "a password"))


@pytest.fixture
def script() -> Iterator[Script]:
    its = Script()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"] or 0))
            status, said = its.next(self.path)
            body = said.encode() if isinstance(said, str) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            """In the tests' output it would only be in the way."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        its.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield its
        server.shutdown()
        thread.join()


def test_a_renewal_that_failed_is_tried_again(script: Script) -> None:
    api = script.enter()
    script.answers |= {"/me": [RUN_OUT, RUN_OUT, ME], "/auth/login": [AWAY, IN]}
    with pytest.raises(CommandError, match="redis_away"):
        api.get("/me")
    assert api.login == "olga"
    assert api.get("/me") == ME[1]


def test_a_login_that_is_refused_is_not_renewed_for_ever(script: Script) -> None:
    api = script.enter()
    wrong: Answer = (401, {"title": "Not signed in", "code": "wrong_credentials"})
    script.answers |= {"/me": [RUN_OUT], "/auth/login": [wrong]}
    with pytest.raises(CommandError, match="wrong_credentials"):
        api.get("/me")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (
            (
                422,
                {
                    "title": trading.Denied.title,
                    "detail": "half is most",
                    "code": "position_weight",
                },
            ),
            Denied,
        ),
        ((422, {"title": "Invalid request", "code": "invalid_request"}), UsageProblem),
        ((403, {"title": "Not allowed", "code": "limit_loosened"}), Forbidden),
    ],
)
def test_a_refusal_becomes_the_error_that_fits(
    script: Script, answer: Answer, kind: type[CommandError]
) -> None:
    script.answers["/orders"] = [answer]
    with pytest.raises(CommandError) as refused:
        script.enter().post("/orders")
    assert type(refused.value) is kind


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((301, ""), "answered 301, and not as a back end of ours"),
        ((200, "<html>"), "answered 200, and not as a back end of ours"),
        ((502, "<html>"), "answered 502"),
        ((500, ["a list"]), "answered 500"),
    ],
)
def test_what_is_no_back_end_of_ours_is_said_to_be_none(
    script: Script, answer: Answer, words: str
) -> None:
    script.answers["/auth/login"] = [answer]
    with pytest.raises(CommandError, match=words):
        script.enter()


def test_the_doctor_keeps_what_it_has_found_while_redis_is_away(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    script.answers |= {path: [AWAY] for path in ("/schedule", "/pods", "/ws-ticket")}
    monkeypatch.setattr(installation_checks, "connect", script.enter)
    found = asyncio.run(installation_checks.examine_installation())
    assert [(one.name, one.mark) for one in found] == [
        ("api", Mark.OK),
        ("plan", Mark.FAIL),
        ("pods", Mark.FAIL),
        ("live socket", Mark.FAIL),
    ]


@pytest.mark.parametrize("url", ["desk.example.com", "https://[x", "https://desk:port", "https://"])
def test_what_is_no_address_is_refused(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHIFTDESK_API_URL", url)
    with pytest.raises(UsageProblem, match="is no address"):
        elsewhere()
