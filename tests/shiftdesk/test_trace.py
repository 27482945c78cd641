"""`shiftdesk trace` ends with the OpenTelemetry trace where the API tells one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shiftdesk.errors import Forbidden, NotFound
from shiftdesk.verbs import trace
from tests.support.verbs import verb

TRACE = "9edbbdf052a7a8d7f3d282f52a2bb575"
SIGNAL = {
    "desk": "desk-1",
    "bar_end": "2012-10-16T14:45:00Z",
    "weight_before": 0.0,
    "weight_after": 0.5,
    "instrument": "XNYS:IBM",
    "policy_version": "rule:momentum@1",
    "contributions": {"momentum": 0.75},
    "outcome": "no_orders",
}


class Recorded:
    """An API that knows one signal and nothing else."""

    def __init__(self, signal: dict[str, Any]) -> None:
        self._known = {"/signals/s-1": signal}

    def get(self, path: str) -> dict[str, Any]:
        if path not in self._known:
            raise NotFound(path)
        return self._known[path]

    def items(self, path: str, desk: str = "") -> Iterator[dict[str, Any]]:
        if path == "/audit":
            raise Forbidden("this needs the role operator or risk; yours is trader")
        assert (path, desk) in (("/orders", SIGNAL["desk"]), ("/threads", ""))
        return iter(())


@pytest.mark.parametrize("trace_id", [TRACE, None])
def test_a_signals_trace_is_told_where_there_is_one(
    trace_id: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = Recorded(SIGNAL | {"trace_id": trace_id})
    monkeypatch.setattr(trace, "look_at", lambda *_: api)
    told = json.loads(verb(tmp_path, "trace", "s-1", "--json").output)
    assert told["trace_id"] == trace_id
    assert [step["what"] for step in told["steps"]][:3] == ["signal", "because", "outcome"]
    assert (TRACE in verb(tmp_path, "trace", "s-1").output) == (trace_id is not None)


def test_what_is_not_there_is_not_found_by_whom_the_audit_is_closed_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("look_at", "connect"):
        monkeypatch.setattr(trace, name, lambda *_: Recorded(SIGNAL))
    assert verb(tmp_path, "trace", "s-2").code == 3
