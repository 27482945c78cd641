"""The pod's copy of its seat record. A call to attach is only a nudge to read it again."""

import msgspec
import structlog
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.seats import PodSeats

logger = structlog.get_logger()


class SeatCopy:
    """Holds the newest seat record that was seen; a lower revision is ignored."""

    def __init__(self, pod: str, redis: Redis) -> None:
        self._pod = pod
        self._redis = redis
        self.seats = PodSeats(pod=pod, revision=0, seats=())

    async def fetch(self) -> bool:
        """Read Redis; True if the seats are new. Raises redis' errors."""
        data = await self._redis.get(keys.seats(self._pod))
        if data is None:
            return False
        try:
            found = msgspec.json.decode(data, type=PodSeats)
        except msgspec.DecodeError as error:
            logger.warning("seats_unreadable", pod=self._pod, error=str(error))
            return False
        if found.revision < self.seats.revision or found == self.seats:
            return False
        self.seats = found
        logger.info("seats_taken", revision=found.revision, desks=self.desks)
        return True

    @property
    def desks(self) -> tuple[str, ...]:
        return tuple(seat.desk for seat in self.seats.seats)
