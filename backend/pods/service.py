"""Seats for whoever asks: the desk's seat now, moves and releases, with the pods told at once."""

import time

import structlog
from redis.exceptions import RedisError

from ai_pod.contracts.agents import PodHeartbeat
from ai_pod.contracts.client import PodClient, PodUnavailable
from backend import telemetry
from backend.database import transaction
from backend.look import Look, look
from backend.pods import presence, records, repository
from backend.pods.leases import Leases, Placement, take_seat
from backend.pods.repository import Held
from backend.state import State

logger = structlog.get_logger()


async def connect(state: State, desk_id: str) -> Placement:
    """Somebody has connected to the desk: note it, and give it a seat if it has none.

    Without a free seat, and while others wait, the desk waits, and is seated in its turn. Call
    `presence.note` every 20 s for as long as the connection lasts.
    """
    await presence.connected(state.redis, desk_id)
    async with transaction(state.sessions) as session:
        its = await repository.seat_of(session, desk_id)
    if its is not None:
        return Placement(desk_id, its.pod, its.seat, its.lease_epoch)
    return await seat(state, desk_id, await state.living_pods.get())


async def seat(state: State, desk_id: str, pods: Look, *, in_turn: bool = False) -> Placement:
    """The desk's seat, taken now if it has none; its pod is told. See `leases.take_seat`."""
    pool, placement = await allocate(state, desk_id, pods, in_turn=in_turn)
    await tell_pods(state, pods, pool, placement)
    return placement


async def allocate(
    state: State, desk_id: str, pods: Look, *, in_turn: bool = False
) -> tuple[str, Placement]:
    """The desk's pool, and its seat as it is committed."""
    started = time.monotonic()
    pool, placement = await take_seat(
        state.engine, state.events, desk_id, pods, state.clock.now(), in_turn=in_turn
    )
    if placement.moved:
        telemetry.allocation_seconds.observe(time.monotonic() - started)
    return pool, placement


async def move(
    state: State, left: Held, pods: Look, why: str, *, must_leave: bool = False
) -> Placement:
    """Move the seat's desk to another pod; see `Leases.move`."""
    pool = left.pool
    async with transaction(state.sessions) as session:
        leases = await Leases(session, state.events, pool, pods, state.clock.now()).open()
        placement = await leases.move(left, why, must_leave=must_leave)
    await tell_pods(state, pods, pool, placement)
    return placement


async def release(state: State, left: Held, pods: Look, why: str) -> Placement:
    """Give the seat up; see `Leases.release`."""
    pool = left.pool
    async with transaction(state.sessions) as session:
        leases = await Leases(session, state.events, pool, pods, state.clock.now()).open()
        placement = await leases.release(left, why)
    await tell_pods(state, pods, pool, placement)
    return placement


async def rewrite_record(state: State, desk_id: str) -> None:
    """Write the seat record of the pod that the desk sits on, and nudge the pod to read it."""
    async with transaction(state.sessions) as session:
        seat = await repository.seat_of(session, desk_id)
    if seat is not None:
        placement = Placement(desk_id, seat.pod, moved=(seat.pod,))
        await tell_pods(state, await look(state.redis), seat.pool, placement)


async def tell_pods(state: State, pods: Look, pool: str, placement: Placement) -> None:
    """Write the seat records that changed and nudge the pods to read them.

    Failures are left to the reconciliation: the seats themselves are committed.
    """
    if not placement.moved:
        return
    try:
        await records.publish(state.sessions, state.redis, placement.moved, pool)
    except RedisError as error:
        logger.warning("seat_records_not_written", pods=placement.moved, error=repr(error))
        return
    for name in placement.moved:
        heartbeat = pods.pods.get(name)
        if heartbeat is not None:
            nudge(state, heartbeat, placement.desk, attach=name == placement.pod)


def nudge(state: State, pod: PodHeartbeat, desk: str, *, attach: bool) -> None:
    """Have the pod read its seat record now; one that does not answer reads it soon anyway."""
    state.tasks.start(_nudge(state, pod, desk, attach=attach), name=f"nudge-{pod.pod}")


async def _nudge(state: State, pod: PodHeartbeat, desk: str, *, attach: bool) -> None:
    client = pod_client(state, pod)
    try:
        await (client.attach(desk) if attach else client.detach(desk))
    except PodUnavailable as error:
        logger.info("pod_not_nudged", pod=pod.pod, desk=desk, error=str(error))


def pod_client(state: State, pod: PodHeartbeat) -> PodClient:
    return PodClient(state.http, pod.address, state.settings.key, issuer="backend")
