"""Each probe answers its own question."""

import httpx
from fastapi import FastAPI

from market.probes import Findings, Probes, add_probes, status


class Service:
    """A service whose parts can be switched off."""

    def __init__(self) -> None:
        self.up = self.lives = self.ready = True
        self.app = FastAPI()
        self.probes = Probes(started=self._up, lives=self._lives, ready=self._ready)
        add_probes(self.app, self.probes)

    async def _up(self) -> Findings:
        return status(self.up, "not yet")

    async def _lives(self) -> Findings:
        return status(self.lives, "stands still")

    async def _ready(self) -> Findings:
        return {"one": "ok", "other": "ok" if self.ready else "away"}

    async def answers(self) -> list[int]:
        """Of start-up, liveness under both names, and readiness."""
        paths = ("startupz", "livez", "healthz", "readyz")
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://probe.test") as http:
            return [(await http.get(f"/{path}")).status_code for path in paths]


async def test_having_come_up_is_for_good() -> None:
    service = Service()
    service.up = False
    assert (await service.answers())[0] == 503
    service.up = True
    assert (await service.answers())[0] == 200
    service.up = False
    assert (await service.answers())[0] == 200


async def test_not_ready_is_not_dead_and_the_other_way_round() -> None:
    service = Service()
    service.ready = False
    assert await service.answers() == [200, 200, 200, 503]
    service.ready, service.lives = True, False
    assert await service.answers() == [200, 503, 503, 200]


async def test_who_ends_is_alive_and_not_ready() -> None:
    service = Service()
    service.probes.ending = True
    assert await service.answers() == [200, 200, 200, 503]
