"""Behind a content network and a load balancer, people are told apart; nobody else is believed."""

import httpx
import pytest
from fastapi import FastAPI, Request

from market import serving

HEADER = "CloudFront-Viewer-Address"
BALANCER, NEIGHBOUR = "10.40.0.7", "10.40.9.9"
EDGE = "130.176.1.1"


async def seen(headers: dict[str, str], peer: str, viewer_header: str = HEADER) -> str:
    """Whom a service takes a request for, by the server that `serve` runs."""
    app = FastAPI()

    @app.get("/")
    def whose(request: Request) -> str:
        assert request.client is not None
        return request.client.host

    config = serving._config(app, "websockets-sansio", 5, viewer_header)
    if not config.loaded:
        config.load()
    transport = httpx.ASGITransport(app=config.loaded_app, client=(peer, 1234))
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        told: str = (await client.get("/", headers=headers)).json()
        return told


@pytest.fixture(autouse=True)
def _balancers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "10.40.0.0/22")


@pytest.mark.parametrize(
    ("told", "viewer"),
    [
        ("203.0.113.5:46532", "203.0.113.5"),
        ("2001:db8::5:46532", "2001:db8::5"),
    ],
)
async def test_two_people_behind_one_edge_have_two_addresses(told: str, viewer: str) -> None:
    headers = {"X-Forwarded-For": f"198.51.100.1, {viewer}, {EDGE}", HEADER: told}
    assert await seen(headers, BALANCER) == viewer
    assert await seen(headers, BALANCER, viewer_header="") == EDGE


async def test_only_the_balancer_is_believed() -> None:
    headers = {"X-Forwarded-For": "203.0.113.5", HEADER: "203.0.113.5:1"}
    assert await seen(headers, NEIGHBOUR) == NEIGHBOUR


@pytest.mark.parametrize("told", [{}, {HEADER: ""}, {HEADER: "unknown"}])
async def test_without_the_header_it_is_as_the_balancer_says(told: dict[str, str]) -> None:
    assert await seen({"X-Forwarded-For": EDGE} | told, BALANCER) == EDGE
