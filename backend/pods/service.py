"""Seats for whoever asks: the desk's seat now, moves and releases, with the pods told at once."""

import time

import structlog
from redis.exceptions import RedisError

from ai_pod.contracts.agents import PodHeartbeat
from ai_pod.contracts.client import PodClient, PodUnavailable
from backend import telemetry
from backend.database import transaction
from backend.models import Desk, Seat
from backend.pods import presence, records, repository
from backend.pods.leases import Leases, Placement
from backend.pods.look import Look, look
from backend.state import State

logger = structlog.get_logger()


async def connect(state: State, desk_id: str) -> Placement:
    """Somebody has connected to the desk: note it, and give it a seat if it has none.

    Without a free seat the desk waits, and is seated as soon as there is one. Call
    `presence.connected` every 20 s for as long as the connection lasts.
    """
    await presence.connected(state.redis, desk_id)
    return await seat(state, desk_id, await look(state.redis))


async def seat(state: State, desk_id: str, pods: Look) -> Placement:
    """The desk's seat, taken now if it has none."""
    started = time.monotonic()
    async with transaction(state.sessions) as session:
        pool = (await session.get_one(Desk, desk_id)).pool
        placement = await (
            await Leases(session, state.events, pool, pods, state.clock.now()).open()
        ).seat(desk_id)
    if placement.moved:
        telemetry.allocation_seconds.observe(time.monotonic() - started)
    await tell_pods(state, pods, pool, placement)
    return placement


async def move(
    state: State, left: Seat, pods: Look, why: str, *, must_leave: bool = False
) -> Placement:
    """Move the seat's desk to another pod; see `Leases.move`."""
    pool = left.pool
    async with transaction(state.sessions) as session:
        leases = await Leases(session, state.events, pool, pods, state.clock.now()).open()
        placement = await leases.move(left, why, must_leave=must_leave)
    await tell_pods(state, pods, pool, placement)
    return placement


async def release(state: State, left: Seat, pods: Look, why: str) -> Placement:
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
            attach = name == placement.pod
            work = _nudge(state, heartbeat, placement.desk, attach=attach)
            state.tasks.start(work, name=f"nudge-{name}")


async def _nudge(state: State, pod: PodHeartbeat, desk: str, *, attach: bool) -> None:
    client = pod_client(state, pod)
    try:
        await (client.attach(desk) if attach else client.detach(desk))
    except PodUnavailable as error:
        logger.info("pod_not_nudged", pod=pod.pod, desk=desk, error=str(error))


async def ask_to_drain(state: State, pod: PodHeartbeat, deadline_seconds: float = 60.0) -> None:
    """Tell the pod that it is being emptied; it is harmless to tell it again."""
    try:
        await pod_client(state, pod).drain(deadline_seconds)
    except PodUnavailable as error:
        logger.info("pod_not_told_to_drain", pod=pod.pod, error=str(error))


def pod_client(state: State, pod: PodHeartbeat) -> PodClient:
    return PodClient(state.http, pod.address, state.settings.key, issuer="backend")
