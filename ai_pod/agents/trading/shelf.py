"""The policies in use, each loaded once; one that cannot be had is tried again a little later."""

import asyncio
import time

import structlog

from ai_pod.policies.artifacts import PolicyStore
from ai_pod.policies.errors import PolicyError
from ai_pod.policies.policy import Policy

REFUSED_SECONDS = 30.0

Key = tuple[str, tuple[str, ...]]

logger = structlog.get_logger()


class Shelf:
    """Policies by id and instruments."""

    def __init__(self, artifacts: str) -> None:
        self._artifacts = artifacts
        self._store: PolicyStore | None = None
        self._policies: dict[Key, Policy] = {}
        self._refused: dict[Key, tuple[float, str]] = {}

    async def load(self, wanted: set[Key]) -> None:
        """Have these ready, and forget all others."""
        self._policies = {key: policy for key, policy in self._policies.items() if key in wanted}
        now = time.monotonic()
        for key in wanted - self._policies.keys():
            refused, _ = self._refused.get(key, (-REFUSED_SECONDS, ""))
            if now - refused >= REFUSED_SECONDS:
                await self._load(key)

    def get(self, key: Key) -> Policy | None:
        return self._policies.get(key)

    def why_not(self, key: Key) -> str:
        return self._refused.get(key, (0.0, "not loaded yet"))[1]

    async def _load(self, key: Key) -> None:
        try:
            self._policies[key] = await asyncio.to_thread(self._read, key)
            self._refused.pop(key, None)
        except (PolicyError, OSError) as error:
            logger.error("policy_refused", policy=key[0], error=str(error))
            self._refused[key] = (time.monotonic(), str(error))

    def _read(self, key: Key) -> Policy:
        if self._store is None:
            self._store = PolicyStore(self._artifacts)
        return self._store.load(*key)
