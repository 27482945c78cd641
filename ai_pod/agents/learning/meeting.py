"""Where the pods of one machine meet when no Dask scheduler is configured: the first one hosts it,
and says so in Redis for as long as it lives.
"""

import asyncio
import socket

from redis.asyncio import Redis

from ai_pod.contracts import keys

LIFE_SECONDS = 6.0

_RENEW = """
local address = redis.call('GET', KEYS[1])
if address and address ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""

_WITHDRAW = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
"""


class Meeting:
    """The address of the scheduler that a pool's pods on this machine share."""

    def __init__(self, redis: Redis, pool: str, life_seconds: float = LIFE_SECONDS) -> None:
        self._redis = redis
        self._life_ms = int(life_seconds * 1000)
        self.renew_seconds = life_seconds / 3
        self._key = keys.learning_cluster(pool, socket.gethostname())
        self._renew = redis.register_script(_RENEW)
        self._withdraw = redis.register_script(_WITHDRAW)

    async def address(self) -> str | None:
        """Where a scheduler is. Raises redis' errors, as all of these do."""
        address = await self.said()
        if address is None:
            return None
        if await _refuses(address):
            # On the same machine that means that its process is gone; its word need not run out.
            await self.withdraw(address)
            return None
        return address

    async def said(self) -> str | None:
        """What the host said last, whether or not it is there."""
        found = await self._redis.get(self._key)
        return found.decode() if isinstance(found, bytes) else found

    async def host(self, address: str) -> bool:
        """Say, or go on saying, that it is there; False when another one has said so."""
        return bool(await self._renew(keys=[self._key], args=[address, self._life_ms]))

    async def withdraw(self, address: str) -> None:
        await self._withdraw(keys=[self._key], args=[address])


async def _refuses(address: str) -> bool:
    """Whether nobody listens at a tcp://host:port of this machine."""
    host, _, port = address.removeprefix("tcp://").rpartition(":")
    try:
        _, writer = await asyncio.open_connection(host, int(port))
    except ConnectionRefusedError:
        return True
    writer.close()
    return False
