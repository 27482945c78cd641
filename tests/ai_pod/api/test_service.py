"""The pod as its neighbours know it: a process with HTTP, a live socket, and an orderly end."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import msgspec
import pytest
import websockets

from ai_pod.contracts import keys, tokens
from ai_pod.contracts.agents import PodHeartbeat, PodState
from ai_pod.contracts.client import PodClient, PodUnavailable
from ai_pod.contracts.live import Frame, FrameKind
from ai_pod.contracts.plan import Phase
from ai_pod.drain import drain
from tests.support.build_pod import (
    MINUTE,
    OPEN,
    POD,
    POOL,
    Stage,
    always,
    answered,
    bars,
    seat,
    until,
)
from tests.support.loitering import loitering

SECRET = "a-secret-of-tests-that-is-long-enough"


@dataclass
class Service:
    """`python -m ai_pod`, which has time to hand off, and a client of it."""

    process: asyncio.subprocess.Process
    address: str
    http: httpx.AsyncClient
    client: PodClient

    async def get(self, path: str) -> httpx.Response:
        return await self.http.get(self.address + path, headers=self.client.headers())

    async def measured(self, line: str) -> bool:
        return line in (await self.get("/metrics")).text

    async def ended(self, seconds: float = 60.0) -> int:
        return await asyncio.wait_for(self.process.wait(), seconds)


@pytest.fixture
async def service(stage: Stage, request: pytest.FixtureRequest) -> AsyncIterator[Service]:
    """Parametrised indirectly, it is told more settings."""
    context = stage.context()
    told = {
        "POD": POD,
        "POOL": POOL,
        "REDIS_URL": stage.url,
        "CLOCK": stage.clock,
        "SECRET": SECRET,
        "STATE": context.state,
        "EVENTS": context.events,
        "ARTIFACTS": context.artifacts,
        "HISTORY": context.history,
        "CHAT_WARM": "0",
        "LEAVE_SECONDS": "3",
        **getattr(request, "param", {}),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.patient_pod",
        env=os.environ | {f"SHIFTDESK_{name}": value for name, value in told.items()},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with httpx.AsyncClient(timeout=60.0) as http:
        line = await asyncio.wait_for(process.stdout.readline(), 120)
        address = json.loads(line)["listening"]
        yield Service(process, address, http, PodClient(http, address, SECRET, "backend"))
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()
    # The transport of a pipe is closed in a later turn of the loop.
    process._transport.close()  # type: ignore[attr-defined]
    await asyncio.sleep(0)


async def _heartbeat(stage: Stage) -> PodHeartbeat | None:
    data = await stage.redis.get(keys.pod(POD))
    return msgspec.json.decode(data, type=PodHeartbeat) if data else None


async def _trading(stage: Stage) -> bool:
    beat = await _heartbeat(stage)
    active = beat is not None and any(a.name == "trading" and a.pid for a in beat.agents)
    return active and beat is not None and beat.phase is Phase.TRADING


@pytest.mark.parametrize("service", [{"LEAVE_SECONDS": "30"}], indirect=True)
async def test_a_pod_s_life(stage: Stage, service: Service) -> None:
    """Probes, status, a decision on the live socket, SIGTERM with hand-off."""
    assert (await service.get("/livez")).status_code == 200
    assert (await service.get("/readyz")).status_code == 503
    await stage.announce(always(Phase.TRADING))
    await until(lambda: _trading(stage))
    assert (await service.get("/readyz")).status_code == 200
    assert (await service.get("/startupz")).status_code == 200
    await stage.close(bars(OPEN - 40 * MINUTE))
    for minute in range(-39, 1):
        await stage.close(bars(OPEN + minute * MINUTE))
    await stage.sit(seat(lease_epoch=3))
    await answered(lambda: service.client.attach("desk-1"))
    await until(lambda: stage.redis.exists(keys.decided("desk-1")))
    async with websockets.connect(
        service.client.live_url, additional_headers=service.client.headers()
    ) as socket:
        assert _frame(await socket.recv()).kind is FrameKind.HEARTBEAT
        await stage.close(bars(OPEN + MINUTE, (101.0, 190.0)))
        async with asyncio.timeout(30):
            while (frame := _frame(await socket.recv())).kind is FrameKind.HEARTBEAT:
                pass
    assert (frame.kind, frame.desk, frame.data["lease_epoch"]) == (FrameKind.SIGNAL, "desk-1", 3)
    status = (await service.get("/v1/status")).json()
    assert status["pod"]["desks"] == ["desk-1"]
    assert status["memory_bytes"]["trading"] > 1e7
    agents = (await service.get("/v1/agents")).json()["agents"]
    assert {a["name"]: a["state"] for a in agents}["learning"] == "dormant"
    metrics = (await service.get("/metrics")).text
    assert "ai_pod_connected_users 1.0" in metrics
    assert 'ai_pod_agent_state{agent="trading",state="active"} 1.0' in metrics
    await until(lambda: service.measured("ai_pod_tick_to_signal_seconds_count 1.0"))
    live = websockets.connect(service.client.live_url, additional_headers=service.client.headers())
    with loitering(service.address):
        async with live as socket:
            service.process.send_signal(signal.SIGTERM)
            await until(lambda: _draining(stage))
            await stage.redis.delete(keys.seats(POD))
            await stage.sit(revision=2)
            assert await service.ended() == 0
            with contextlib.suppress(websockets.ConnectionClosed):
                while True:
                    await socket.recv()
        assert socket.close_code == 1012
    assert await stage.redis.exists(keys.handoff("desk-1"))
    assert await _heartbeat(stage) is None
    assert len(stage.events("agent_started")) == len(stage.events("agent_ended")) == 1


async def _draining(stage: Stage) -> bool:
    beat = await _heartbeat(stage)
    return beat is not None and beat.state is PodState.DRAINING


def _frame(data: str | bytes) -> Frame:
    return msgspec.json.decode(data, type=Frame)


async def test_a_drained_pod_leaves_when_it_is_empty(stage: Stage, service: Service) -> None:
    await stage.announce(always(Phase.TRADING))
    await stage.sit(seat())
    await until(lambda: _trading(stage))
    await _drain(service, 60)
    await until(lambda: _draining(stage))
    assert (await service.get("/readyz")).status_code == 503
    beat = await _heartbeat(stage)
    assert beat is not None
    assert beat.phase is Phase.TRADING, "a draining pod serves until its desks are moved"
    refused = await service.http.post(
        f"{service.address}/v1/desks/desk-2", headers=service.client.headers()
    )
    assert (refused.status_code, refused.json()["code"]) == (503, "draining")
    await stage.sit(revision=2)
    # It looks by itself as well, and may have left before it is told.
    with contextlib.suppress(PodUnavailable):
        await service.client.detach("desk-1")
    assert await service.ended() == 0


async def test_a_pod_whose_deadline_has_passed_leaves_in_order(
    stage: Stage, service: Service
) -> None:
    """With a desk that nobody has moved: `preStop` waited in vain."""
    await stage.announce(always(Phase.TRADING))
    await stage.sit(seat())
    await until(lambda: _trading(stage))
    await until(lambda: stage.redis.exists(keys.decided("desk-1")))
    await _drain(service, 0)
    assert await service.ended() == 0
    assert await stage.redis.exists(keys.handoff("desk-1"))
    assert await _heartbeat(stage) is None


@pytest.mark.parametrize("service", [{"LEAVE_SECONDS": "0"}], indirect=True)
async def test_a_pod_that_waits_for_nobody_leaves_in_order(stage: Stage, service: Service) -> None:
    await stage.announce(always(Phase.TRADING))
    await stage.sit(seat())
    await until(lambda: _trading(stage))
    await until(lambda: stage.redis.exists(keys.decided("desk-1")))
    service.process.send_signal(signal.SIGTERM)
    assert await service.ended() == 0
    assert await stage.redis.exists(keys.handoff("desk-1"))
    assert await _heartbeat(stage) is None


async def _drain(service: Service, deadline_s: float) -> None:
    url, headers = f"{service.address}/v1/drain", service.client.headers()
    answer = await service.http.post(url, params={"deadline_s": deadline_s}, headers=headers)
    assert answer.status_code == 202


@pytest.mark.parametrize("audience", [None, "backend"])
async def test_nobody_enters_without_a_pod_token(service: Service, audience: str | None) -> None:
    headers = {}
    if audience:
        token = tokens.issue(SECRET, issuer="backend", audience=audience)
        headers = {"Authorization": f"Bearer {token}"}
    for path in ("/v1/status", "/v1/agents"):
        answer = await service.http.get(service.address + path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthorised")
        assert answer.headers["content-type"] == "application/problem+json"
    with pytest.raises(websockets.InvalidStatus):
        await websockets.connect(service.client.live_url, additional_headers=headers)


async def test_wrong_input_is_told(service: Service) -> None:
    url, headers = service.address + "/v1", service.client.headers()
    garbled = await service.http.post(f"{url}/threads/t/reply", headers=headers, content=b"{")
    late = await service.http.post(f"{url}/drain?deadline_s=soon", headers=headers)
    for answer in (garbled, late):
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_request")


async def test_kubernetes_empties_a_pod_before_it_ends_it(stage: Stage, service: Service) -> None:
    """`preStop` returns when the desks are gone, and not before."""
    await stage.announce(always(Phase.PAUSED))
    await stage.sit(seat(lease_epoch=3))
    await until(lambda: _seated(stage))
    hook = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ai_pod.drain", "--seconds", "30"),
        env=os.environ
        | {"SHIFTDESK_SECRET": SECRET, "SHIFTDESK_PORT": service.address.rpartition(":")[2]},
    )
    await until(lambda: _draining(stage))
    assert (await service.get("/readyz")).status_code == 503
    returning = asyncio.create_task(hook.wait())
    returned, _ = await asyncio.wait({returning}, timeout=1.5)
    assert not returned, "a desk still sits here"
    await stage.sit(revision=2)
    assert await asyncio.wait_for(returning, 30) == 0
    assert await service.ended() == 0


async def test_at_its_deadline_the_hook_says_that_the_pod_is_not_empty(
    stage: Stage, service: Service
) -> None:
    await stage.announce(always(Phase.PAUSED))
    await stage.sit(seat())
    await until(lambda: _seated(stage))
    with httpx.Client(base_url=service.address, headers=service.client.headers()) as http:
        assert not await asyncio.to_thread(drain, http, 1.0)
    assert await service.ended() == 0


async def _seated(stage: Stage) -> bool:
    beat = await _heartbeat(stage)
    return beat is not None and bool(beat.desks)


def test_a_pod_that_has_ended_is_empty() -> None:
    """Who asks late, or after a crash, does not hold its end up."""
    with httpx.Client(base_url="http://127.0.0.1:9") as http:
        assert drain(http, 5.0)
