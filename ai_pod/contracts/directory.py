"""Who is there: the pods' heartbeats, read from Redis."""

import msgspec
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.agents import PodHeartbeat


async def living_pods(redis: Redis) -> list[PodHeartbeat]:
    """All pods with a heartbeat of the last 10 s, by name.

    Raises redis' errors when Redis is away.
    """
    names = [key async for key in redis.scan_iter(match=keys.pod_pattern(), count=500)]
    if not names:
        return []
    values = await redis.mget(names)
    pods = [msgspec.json.decode(value, type=PodHeartbeat) for value in values if value]
    return sorted(pods, key=lambda pod: pod.pod)
