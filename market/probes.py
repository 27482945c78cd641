"""The probes of every service, each with one meaning.

`/startupz`: it has come up once. `/livez` (and `/healthz`): a restart would not make it better.
`/readyz`: a request that came now would be served. `docs/servers.md` says what each service asks.
"""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import FastAPI
from fastapi.responses import JSONResponse

OK = "ok"

STUCK_SECONDS = 60.0
"""A loop that turns every few seconds and has not for so long will not turn again."""

Findings = Mapping[str, str]
"""What was looked at → `ok`, or what is wrong with it."""

Look = Callable[[], Awaitable[Findings]]


class Probes:
    """`ending` is set when the service has been told to end: it serves on, and is not ready."""

    def __init__(self, *, started: Look, lives: Look, ready: Look) -> None:
        self._look_started = started
        self._look_lives = lives
        self._look_ready = ready
        self._started = False
        self.ending = False

    async def startup(self) -> JSONResponse:
        found: Findings = {"status": OK}
        if not self._started:
            found = await self._look_started()
            self._started = _well(found)
        return _answer(found)

    async def live(self) -> JSONResponse:
        return _answer(await self._look_lives())

    async def ready(self) -> JSONResponse:
        if self.ending:
            return _answer({"status": "ending"})
        return _answer(await self._look_ready())


def add_probes(app: FastAPI, probes: Probes) -> None:
    """Serve them, without a token: they tell nothing about desks. `serve` finds them there."""
    app.state.probes = probes
    for path, endpoint in (
        ("/startupz", probes.startup),
        ("/livez", probes.live),
        ("/healthz", probes.live),
        ("/readyz", probes.ready),
    ):
        app.add_api_route(path, endpoint, include_in_schema=False, response_model=None)


def status(well: bool, otherwise: str) -> Findings:
    """The findings of a look that asks one question."""
    return {"status": OK if well else otherwise}


def _well(found: Findings) -> bool:
    return all(said == OK for said in found.values())


def _answer(found: Findings) -> JSONResponse:
    return JSONResponse(dict(found), 200 if _well(found) else 503)
