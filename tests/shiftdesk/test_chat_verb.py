"""`shiftdesk chat` as a conversation, at a terminal that the test writes into."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from shiftdesk.cli import application
from shiftdesk.errors import Denied
from shiftdesk.verbs import chat

INTENT = {
    "id": "int_1",
    "nonce": "n",
    "says": "Buy 100 XNYS:IBM",
    "preview": {"allowed": True, "detail": "20,000 USD"},
}


class Denying:
    """An API whose chatbot prepares an order at every question, and whose risk check denies it."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def post(self, path: str, _body: object) -> dict[str, Any]:
        if path == "/threads":
            return {"id": "thr_1"}
        assert path == "/intents/int_1/confirm"
        raise Denied("half of equity is the most [position_weight]")

    @contextlib.contextmanager
    def stream(self, _method: str, _path: str, body: dict[str, str]) -> Iterator[object]:
        self.asked.append(body["text"])
        lines = ("event: confirm", f"data: {json.dumps(INTENT)}")
        yield SimpleNamespace(iter_lines=lambda: iter(lines))


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Denying:
    its = Denying()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(chat, "connect", lambda *_, **__: its)
    monkeypatch.setattr(chat, "sys", SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True)))
    return its


def test_a_denial_does_not_end_the_conversation(api: Denying) -> None:
    written = "Buy 100 IBM\ny\nBuy 100 IBM again\ny\n\n"
    said = CliRunner().invoke(application(["chat"]), ["chat"], input=written)
    assert said.exception is None
    assert api.asked == ["Buy 100 IBM", "Buy 100 IBM again"]
    assert said.output.count("[position_weight]") == 2


def test_one_question_whose_order_is_denied_ends_so(api: Denying) -> None:
    line = ["chat", "Buy 100 IBM"]
    said = CliRunner().invoke(application(line), line, input="y\n")
    assert isinstance(said.exception, Denied)
