"""The loop that brings seats to what is wanted, once among all back ends: every step compares and
acts, so a step that fails loses nothing.
"""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog

from ai_pod.contracts.agents import PodState
from backend import telemetry
from backend.database import transaction
from backend.leader import run_once
from backend.models import Seat
from backend.pods import demand, liveness, presence, records, repository, service
from backend.pods.liveness import Watch
from backend.pods.look import Look, look
from backend.state import State

logger = structlog.get_logger()


async def run(state: State) -> None:
    """Seat, move and release desks, empty pods, and keep seat records right, for ever."""
    watch = Watch()

    async def step(state: State) -> None:
        await seat_everybody(state, watch)

    await run_once(state, "seating", step, period_seconds=state.settings.seating_period_seconds)


async def seat_everybody(state: State, watch: Watch) -> None:
    """One comparison of what is with what should be. Raises redis' errors before it changes
    anything when Redis is away: then nothing is known of the pods.
    """
    seen = await look(state.redis)
    async with transaction(state.sessions) as session:
        seats = list(await repository.seats(session))
        drained = await repository.drained(session)
    now = time.monotonic()
    beats = {name: pod.beat_at for name, pod in seen.pods.items()}
    watch.look(now, beats, {seat.pod for seat in seats})
    silences = watch.silences(now)
    seen = Look(seen.pods, liveness.suspects(silences))
    dead = set(liveness.dead_pods(silences))
    await _move_from_the_dead(state, seen, [seat for seat in seats if seat.pod in dead])
    await _move_from_the_leaving(state, seen, seats, drained)
    await _release_idle(state, seen, [seat for seat in seats if seat.pod not in dead])
    await _seat_the_waiting(state, seen)
    await _scale(state, seen)
    await _repair_records(state, seen)


async def _move_from_the_dead(state: State, seen: Look, seats: Sequence[Seat]) -> None:
    for seat in seats:
        logger.warning("pod_dead", pod=seat.pod, desk=seat.desk_id)
        await service.move(state, seat, seen, "pod dead", must_leave=True)


async def _move_from_the_leaving(
    state: State, seen: Look, seats: Sequence[Seat], drained: dict[str, float]
) -> None:
    for pool in seen.pools():
        leaving = {pod.pod: pod for pod in seen.leaving(pool, drained)}
        for pod in leaving.values():
            if pod.state is not PodState.DRAINING:
                state.tasks.start(service.ask_to_drain(state, pod), name=f"drain-{pod.pod}")
        for seat in seats:
            if seat.pod in leaving:
                await service.move(state, seat, seen, "pod draining")


async def _release_idle(state: State, seen: Look, seats: Sequence[Seat]) -> None:
    """A desk that does not trade automatically gives its seat up when nobody is connected, nor was
    for as long as is allowed.
    """
    async with transaction(state.sessions) as session:
        automatic = {
            desk.id for _, desk in await repository.seats_with_desks(session) if desk.automatic
        }
        connected = await presence.present(state.redis, [seat.desk_id for seat in seats])
        await repository.note_connected(session, sorted(connected))
    long_ago = datetime.now(UTC) - timedelta(seconds=state.settings.release_seconds)
    for seat in seats:
        lately = seat.connected_at is not None and seat.connected_at > long_ago
        if not lately and seat.desk_id not in automatic | connected:
            await service.release(state, seat, seen, "nobody connected")


async def _seat_the_waiting(state: State, seen: Look) -> None:
    async with transaction(state.sessions) as session:
        await repository.mark_wanting(session)
        waiting = await repository.waiting(session)
        connected = await presence.present(state.redis, [desk.id for desk in waiting])
        gone = [desk.id for desk in waiting if not desk.automatic and desk.id not in connected]
        await repository.stop_waiting(session, gone)
    full: set[str] = set()
    for desk in waiting:
        if desk.id in gone or desk.pool in full:
            continue
        placement = await service.seat(state, desk.id, seen)
        if not placement.seated:
            full.add(desk.pool)


async def _scale(state: State, seen: Look) -> None:
    hold_down = timedelta(seconds=state.settings.hold_down_seconds)
    async with transaction(state.sessions) as session:
        pools = await repository.pools(session) | seen.pools()
        await repository.forget_pods(session, list(seen.pods))
    for pool in sorted(pools):
        async with transaction(state.sessions) as session:
            judged = await demand.judge(session, pool, seen, hold_down)
            emptied = await demand.mark_surplus(session, judged, seen)
        for pod in emptied:
            logger.info("pod_draining", pod=pod, reason=judged.reason)
        telemetry.waiting_desks.labels(pool=pool).set(judged.demand.waiting)
        telemetry.seated_desks.labels(pool=pool).set(judged.demand.seated)
        telemetry.wanted_pods.labels(pool=pool).set(judged.pods)


async def _repair_records(state: State, seen: Look) -> None:
    async with transaction(state.sessions) as session:
        pools = {seat.pod: seat.pool for seat in await repository.seats(session)}
        pools |= {name: pod.pool for name, pod in seen.pods.items()}
        stale = await records.stale_records(session, state.redis, sorted(pools))
    for pod in stale:
        await records.publish(state.sessions, state.redis, [pod], pools[pod])
