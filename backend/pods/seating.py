"""The loop that brings seats to what is wanted, once among all back ends: every step compares and
acts, so a step that fails loses nothing.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from math import inf
from typing import TypeVar

import msgspec
import structlog

from ai_pod.contracts import keys
from ai_pod.contracts.plan import Plan
from backend import telemetry
from backend.database import transaction
from backend.leader import run_once
from backend.look import Look, look
from backend.pods import demand, liveness, presence, repository, service
from backend.pods.demand import Rules
from backend.pods.fleets.local import LocalFleet
from backend.pods.fleets.opening import open_fleet
from backend.pods.fleets.port import Fleet, FleetAway
from backend.pods.liveness import Watch
from backend.pods.reconciliation import Reconciliation
from backend.pods.repository import Held
from backend.state import State

WORK_SECONDS = 3.0
"""Moves, releases, new seats and what the fleet is told in one step end by then; what is left comes
in the next one, so that no step meets the end of its lease in the middle of a transaction.
"""

CONNECTED_NOTED_SECONDS = 30.0
"""How exactly it is known when somebody was last connected to a desk."""

T = TypeVar("T")

logger = structlog.get_logger()


async def run(state: State) -> None:
    """Seat, move and release desks, empty pods, and keep seat records right, for ever."""
    watch = Watch()
    async with open_fleet(state.settings) as fleet:
        reconciliation = Reconciliation(state, fleet)

        async def step(state: State) -> None:
            try:
                seen = await seat_everybody(state, watch, fleet, seconds=WORK_SECONDS)
                if reconciliation.due:
                    async with transaction(state.sessions) as session:
                        leases = await repository.held(session)
                    await reconciliation.compare(seen, leases)
            except BaseException:  # a step that its lease cuts short is cancelled
                reconciliation.soon()
                raise

        await run_once(
            state,
            "seating",
            step,
            period_seconds=state.settings.seating_period_seconds,
            otherwise=telemetry.forget_demand,
        )


async def seat_everybody(
    state: State, watch: Watch, fleet: Fleet | None = None, *, seconds: float = inf
) -> Look:
    """One comparison of what is with what should be; the pods as they were seen. Seats change, and
    the fleet is told, for `seconds` at most. Raises redis' errors before it changes anything when
    Redis is away: then nothing is known of the pods.
    """
    seen = await look(state.redis)
    async with transaction(state.sessions) as session:
        seats = await repository.held(session)
        drained = await repository.drained(session)
    now = time.monotonic()
    until = now + seconds
    beats = {name: pod.beat_at for name, pod in seen.pods.items()}
    watch.look(now, beats, {seat.pod for seat in seats})
    silences = watch.silences(now)
    seen = Look(seen.pods, liveness.suspects(silences))
    async with transaction(state.sessions) as session:
        ready = [pod for pool in seen.pools() for pod in seen.ready(pool, drained)]
        await repository.note_open(session, ready)
    dead = set(liveness.dead_pods(silences))
    leaving = {pod.pod for pool in seen.pools() for pod in seen.leaving(pool, drained)}
    for seat in _in_time([seat for seat in seats if seat.pod in dead], until):
        logger.warning("pod_dead", pod=seat.pod, desk=seat.desk_id)
        await service.move(state, seat, seen, "pod dead", must_leave=True)
    for seat in _in_time([seat for seat in seats if seat.pod in leaving - dead], until):
        await service.move(state, seat, seen, "pod draining")
    await _release_idle(state, seen, [seat for seat in seats if seat.pod not in dead], until)
    await _seat_the_waiting(state, seen, until)
    empty = await _scale(state, seen)
    await _tell_fleet(state, empty, fleet or LocalFleet(), until)
    return seen


def _in_time(items: Iterable[T], until: float) -> Iterator[T]:
    """The items while there is time; one at least, so that every step comes further."""
    for number, item in enumerate(items):
        if number and time.monotonic() >= until:
            return
        yield item


async def _release_idle(state: State, seen: Look, seats: Sequence[Held], until: float) -> None:
    """A desk that does not trade automatically gives its seat up when nobody is connected, nor was
    for as long as is allowed.
    """
    connected = await presence.present(state.redis, [seat.desk_id for seat in seats])
    now = datetime.now(UTC)
    noted_before = now - timedelta(seconds=CONNECTED_NOTED_SECONDS)
    unnoted = [
        seat.desk_id
        for seat in seats
        if seat.desk_id in connected
        and (seat.connected_at is None or seat.connected_at < noted_before)
    ]
    if unnoted:
        async with transaction(state.sessions) as session:
            await repository.note_connected(session, unnoted)
    long_ago = now - timedelta(seconds=state.settings.release_seconds)
    idle = [
        seat
        for seat in seats
        if not (seat.automatic or seat.desk_id in connected)
        and (seat.connected_at is None or seat.connected_at <= long_ago)
    ]
    for seat in _in_time(idle, until):
        await service.release(state, seat, seen, "nobody connected")


async def _seat_the_waiting(state: State, seen: Look, until: float) -> None:
    async with transaction(state.sessions) as session:
        await repository.mark_wanting(session)
        waiting = await repository.waiting(session)
        connected = await presence.present(state.redis, [desk.id for desk in waiting])
        gone = [desk.id for desk in waiting if not desk.automatic and desk.id not in connected]
        await repository.stop_waiting(session, gone)
    full: set[str] = set()
    left = set(gone)
    for desk in _in_time([desk for desk in waiting if desk.id not in left], until):
        if desk.pool in full:
            continue
        placement = await service.seat(state, desk.id, seen, in_turn=True)
        if not placement.seated:
            full.add(desk.pool)


async def _scale(state: State, seen: Look) -> list[str]:
    """Judge every pool; the pods that are empty by now, and go."""
    async with transaction(state.sessions) as session:
        pools = await repository.pools(session) | seen.pools()
        await repository.forget_pods(session, list(seen.pods))
    rules = Rules.of(state.settings)
    around = state.clock.market_span(state.settings.prewarm_seconds)
    empty: list[str] = []
    for pool in sorted(pools):
        plan = await _plan(state, pool)
        async with transaction(state.sessions) as session:
            await demand.prepare(session, pool, plan, state.clock.now(), around)
            judged = await demand.judge(session, pool, seen, rules)
            kept = await demand.keep_wanted(session, judged, seen)
            emptied = await demand.mark_surplus(session, judged, seen)
        for pod in emptied:
            logger.info("pod_draining", pod=pod, reason=judged.reason)
        for pod in kept:
            logger.info("pod_kept", pod=pod, reason=judged.reason)
        empty += [pod for pod in judged.empty if pod not in kept]
        telemetry.waiting_desks.labels(pool=pool).set(judged.demand.waiting)
        telemetry.seated_desks.labels(pool=pool).set(judged.demand.seated)
        telemetry.wanted_pods.labels(pool=pool).set(judged.pods)
    return empty


async def _tell_fleet(state: State, pods: Sequence[str], fleet: Fleet, until: float) -> None:
    """These are to be ended before others; only then the number falls. Each is noted at once, so
    that a fleet that is slow is told some more in every step.
    """
    for pod in _in_time(pods, until):
        try:
            await fleet.end_first(pod)
        except FleetAway as error:
            logger.warning("fleet_not_told", pod=pod, error=str(error))
            return
        async with transaction(state.sessions) as session:
            await repository.note_ends_first(session, [pod])


async def _plan(state: State, pool: str) -> Plan | None:
    stored = await state.redis.get(keys.plan(pool))
    try:
        return msgspec.json.decode(stored, type=Plan) if stored else None
    except msgspec.DecodeError as error:
        logger.warning("plan_unreadable", pool=pool, error=str(error))
        return None
