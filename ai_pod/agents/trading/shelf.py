"""The policies in use, each loaded once; one that cannot be had, or was benched, is tried again a
little later.
"""

import asyncio
import time
from collections import Counter

import structlog

from ai_pod.contracts.signals import Fault
from ai_pod.policies.artifacts import PolicyStore
from ai_pod.policies.errors import PolicyError
from ai_pod.policies.policy import Policy

REFUSED_SECONDS = 30.0
LONGEST_BENCH_SECONDS = 3600.0

Key = tuple[str, tuple[str, ...]]

logger = structlog.get_logger()


class Shelf:
    """Policies by id and instruments."""

    def __init__(self, artifacts: str) -> None:
        self._artifacts = artifacts
        self._store: PolicyStore | None = None
        self._policies: dict[Key, Policy] = {}
        self._refused: dict[Key, tuple[float, str]] = {}
        self._benched: dict[str, tuple[float, str]] = {}
        self._times: Counter[str] = Counter()

    async def load(self, wanted: set[Key]) -> None:
        """Have these ready, and forget all others."""
        self._policies = {key: policy for key, policy in self._policies.items() if key in wanted}
        now = time.monotonic()
        for key in wanted - self._policies.keys():
            refused, _ = self._refused.get(key, (-REFUSED_SECONDS, ""))
            if now - refused >= REFUSED_SECONDS:
                await self._load(key)

    def get(self, key: Key) -> Policy | None:
        """None for one that is refused, or benched for now."""
        until, _ = self._benched.get(key[0], (0.0, ""))
        return None if until > time.monotonic() else self._policies.get(key)

    def why_not(self, key: Key) -> tuple[Fault, str]:
        """Why `get` has given None."""
        until, why = self._benched.get(key[0], (0.0, ""))
        if until > time.monotonic():
            return Fault.OVERDUE, why
        return Fault.REFUSED, self._refused.get(key, (0.0, "not loaded yet"))[1]

    def bench(self, policy: str, why: str) -> None:
        """Let a policy that costs the others time wait, each time twice as long."""
        seconds = min(LONGEST_BENCH_SECONDS, REFUSED_SECONDS * 2 ** self._times[policy])
        self._times[policy] += 1
        self._benched[policy] = time.monotonic() + seconds, why
        logger.error("policy_benched", policy=policy, seconds=seconds, why=why)

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
