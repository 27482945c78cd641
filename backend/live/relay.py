"""The relay: one socket to each pod that a connected desk sits on; the pod's frames go to the hub.

It only makes things quicker: what a socket misses, the desk's stream brings.
"""

import asyncio
from collections.abc import Mapping

import msgspec
import structlog
import websockets

from ai_pod.contracts.client import PodClient
from ai_pod.contracts.live import MAX_FRAME_BYTES, Frame
from backend.live.hub import Hub
from backend.live.phases import Phases
from backend.state import State

PERIOD_SECONDS = 0.5
AGAIN_SECONDS = 0.5
OPEN_SECONDS = 3.0

logger = structlog.get_logger()


class Relay:
    """Follows the addresses that `Phases` has found."""

    def __init__(self, state: State, hub: Hub, phases: Phases) -> None:
        self._state = state
        self._hub = hub
        self._phases = phases
        self._sockets: dict[tuple[str, str], asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Dial whom there is to dial, hang up where no desk is left, for ever."""
        try:
            while True:
                self.follow(self._phases.addresses)
                await asyncio.sleep(PERIOD_SECONDS)
        finally:
            self.follow({})

    def follow(self, addresses: Mapping[str, str]) -> None:
        wanted = set(addresses.items())
        for key in self._sockets.keys() - wanted:
            self._sockets.pop(key).cancel()
        for pod, address in wanted - self._sockets.keys():
            work = self._keep_dialled(pod, address)
            self._sockets[pod, address] = self._state.tasks.start(work, name=f"relay-{pod}")

    async def _keep_dialled(self, pod: str, address: str) -> None:
        while True:
            try:
                await self._listen(address)
            except (OSError, TimeoutError, websockets.WebSocketException) as error:
                logger.info("pod_socket_lost", pod=pod, error=repr(error))
            except Exception:
                logger.exception("relay_failed", pod=pod)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _listen(self, address: str) -> None:
        secret = self._state.settings.key
        client = PodClient(self._state.http, address, secret, issuer="backend")
        connection = websockets.connect(
            client.live_url,
            additional_headers=client.headers(),
            open_timeout=OPEN_SECONDS,
            max_size=MAX_FRAME_BYTES,
            compression=None,
            proxy=None,
        )
        async with connection as socket:
            async for message in socket:
                self._hub.on_pod_frame(msgspec.json.decode(message, type=Frame))
