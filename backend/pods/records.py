"""Seat records in Redis: what each pod is to serve, as Postgres has it.

Written after a commit, and compared again every ten seconds, so that a lost write heals.
"""

from collections.abc import Iterable, Sequence

import msgspec
from redis.asyncio import Redis
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts import keys
from ai_pod.contracts.seats import PodSeats, RiskProfile
from ai_pod.contracts.seats import Seat as SeatRecord
from backend.database import Sessions, transaction
from backend.models import Desk, PolicyLine, Seat
from backend.pods import repository
from market.words import Interval

# KEYS record; ARGV the record as JSON, its revision. A lower or equal revision writes nothing.
_WRITE = """
local stored = redis.call('GET', KEYS[1])
if stored and cjson.decode(stored)['revision'] >= tonumber(ARGV[2]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1])
return 1
"""

Rows = Sequence[Row[Seat, Desk, PolicyLine]]


async def publish(sessions: Sessions, redis: Redis, pods: Iterable[str], pool: str) -> None:
    """Write the seat records of these pods of a pool, whatever they say now."""
    for pod in dict.fromkeys(pods):
        async with transaction(sessions) as session:
            revision = await repository.next_revision(session, pod, pool)
            rows = await repository.records(session, [pod])
        record = PodSeats(pod=pod, revision=revision, seats=tuple(_seat(*row) for row in rows))
        await redis.eval(_WRITE, 1, keys.seats(pod), msgspec.json.encode(record), revision)


async def stale_records(session: AsyncSession, redis: Redis, pods: Sequence[str]) -> list[str]:
    """Those of the pods whose record in Redis says something else than Postgres."""
    if not pods:
        return []
    wanted: dict[str, list[SeatRecord]] = {pod: [] for pod in pods}
    for row in await repository.records(session, pods):
        wanted[row[0].pod].append(_seat(*row))
    stored = await redis.mget([keys.seats(pod) for pod in pods])
    return [
        pod for pod, data in zip(pods, stored, strict=True) if not _says(data, tuple(wanted[pod]))
    ]


def _says(data: bytes | str | None, seats: tuple[SeatRecord, ...]) -> bool:
    if data is None:
        return not seats
    try:
        return msgspec.json.decode(data, type=PodSeats).seats == seats
    except msgspec.DecodeError:
        return False


def _seat(seat: Seat, desk: Desk, line: PolicyLine) -> SeatRecord:
    return SeatRecord(
        desk=desk.id,
        organisation=desk.organisation_id,
        seat=seat.seat,
        lease_epoch=seat.lease_epoch,
        instruments=tuple(desk.instruments),
        interval=Interval(desk.interval),
        policy_line=line.id,
        policy_version=line.champion,
        risk_profile=RiskProfile(desk.risk_profile),
        resume_after=seat.resume_after,
    )
