"""The pod's phase record: who holds the pod, under which epoch. Fsynced locally, then mirrored to
Redis as soon as Redis is there.

A process that finds a higher epoch in Redis than its own has been replaced, and must end.
"""

import os
import time
from datetime import datetime
from pathlib import Path

import msgspec
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.agents import PhaseRecord
from ai_pod.contracts.plan import Phase
from ai_pod.errors import Superseded

_MIRROR = """
local found = redis.call('GET', KEYS[1])
if found and cjson.decode(found)['phase_epoch'] > tonumber(ARGV[1]) then return found end
redis.call('SET', KEYS[1], ARGV[2])
return false
"""


class PhaseRecords:
    """Commits the phase of one pod. `record` is what holds now."""

    def __init__(self, folder: Path, pool: str, pod: str, redis: Redis) -> None:
        self.pool = pool
        self._path = folder / f"{pod}.phase.json"
        self._pod = pod
        self._redis = redis
        self._mirror = redis.register_script(_MIRROR)
        self._mirrored = 0
        self.record = PhaseRecord(pod=pod, phase=Phase.PAUSED, phase_epoch=0, committed_at=0.0)

    async def recover(self) -> None:
        """Begin again, paused, above every epoch used before. Raises redis' errors."""
        local = self._read()
        data = await self._redis.get(keys.phase(self._pod))
        remote = msgspec.json.decode(data, type=PhaseRecord).phase_epoch if data else 0
        epoch = max(local, remote)
        self.record = msgspec.structs.replace(self.record, phase_epoch=epoch)
        self.commit(Phase.PAUSED, None)
        await self.mirror()

    def commit(self, phase: Phase, planned_at: datetime | None) -> PhaseRecord:
        """Write the next record to the disk. Raises OSError, and then nothing has changed."""
        record = PhaseRecord(
            pod=self._pod,
            phase=phase,
            phase_epoch=self.record.phase_epoch + 1,
            committed_at=time.time(),
            planned_at=planned_at,
        )
        self._write(msgspec.json.encode(record))
        self.record = record
        return record

    @property
    def mirrored(self) -> bool:
        return self._mirrored == self.record.phase_epoch

    async def mirror(self) -> None:
        """Bring Redis up to the record. Raises redis' errors, or Superseded."""
        record = self.record
        found = await self._mirror(
            keys=[keys.phase(self._pod)], args=[record.phase_epoch, msgspec.json.encode(record)]
        )
        epoch = record.phase_epoch
        if found:
            epoch = msgspec.json.decode(found, type=PhaseRecord).phase_epoch
        # Commands of two connections may overtake each other: a higher one may be our own by now.
        mine = self.record.phase_epoch
        if epoch > mine:
            raise Superseded(f"{self._pod}: epoch {epoch} is in Redis, mine is {mine}")
        self._mirrored = max(self._mirrored, epoch)

    def _read(self) -> int:
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return 0
        return msgspec.json.decode(data, type=PhaseRecord).phase_epoch

    def _write(self, data: bytes) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".part")
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
