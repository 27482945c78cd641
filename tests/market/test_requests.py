"""What goes along with a request: the caller's id is in our logs, and in what we ask of others."""

import httpx
import pytest
import structlog
from fastapi import FastAPI
from structlog.testing import capture_logs
from structlog.typing import EventDict

from market.requests import REQUEST_ID, Arriving, outgoing

logger = structlog.get_logger()


async def ask(headers: dict[str, str]) -> tuple[dict[str, str], EventDict]:
    """What a service that was asked so would pass on, and what it logged."""
    app = FastAPI()
    app.add_middleware(Arriving)

    @app.get("/")
    async def asked() -> dict[str, str]:
        logger.info("asked")
        return outgoing()

    transport = httpx.ASGITransport(app)
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logged:
        async with httpx.AsyncClient(transport=transport, base_url="http://our.test") as http:
            passed_on = (await http.get("/", headers=headers)).json()
    return passed_on, logged[0]


async def test_the_callers_id_is_logged_and_goes_on() -> None:
    passed_on, line = await ask({REQUEST_ID: "request-1"})
    assert passed_on == {REQUEST_ID: "request-1"}
    assert line["request_id"] == "request-1"
    assert outgoing() == {}, "it is over with the request"


@pytest.mark.parametrize("said", ["", "two words", "x" * 81, "näme".encode()])
async def test_what_cannot_be_an_id_is_ignored(said: str | bytes) -> None:
    passed_on, line = await ask({REQUEST_ID: said})  # type: ignore[dict-item]
    assert passed_on == {}
    assert "request_id" not in line
