"""The simulation's clock: second by second through people, pods, scaling and openings, deciding by
the functions that the back end decides by.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush

import numpy as np

from ai_pod.contracts.agents import HEARTBEAT_LIFE_SECONDS, HEARTBEAT_SECONDS, SEATS
from backend.pods import liveness, prewarm, scaling, surplus
from backend.pods.liveness import Watch
from backend.pods.scaling import Demand, Wanted
from scheduler.pools import parse_pools
from shiftdesk.simulation.calendar import Calendar, instant
from shiftdesk.simulation.cluster import Cluster, Machine
from shiftdesk.simulation.people import DAY, Habits, Stay, stays
from shiftdesk.simulation.seats import Seats

LOOK_AT_PLAN_SECONDS = 60


@dataclass(frozen=True)
class World:
    """What is simulated. `hold_down`, and `around` an opening, as in the back end's settings."""

    users: int
    days: int
    seed: int
    pool: str = "XNYS"
    hold_down: float = 60.0
    around: float = 1800.0
    habits: Habits = field(default_factory=Habits)
    machine: Machine = field(default_factory=Machine)


@dataclass
class Tally:
    """What happened. `waits`: seconds without a seat, of everyone who wanted one, also of those who
    gave up or still wait at the end; zero for most. `interrupted`: desks whose pod crashed, and was
    noticed ten seconds later.
    """

    waits: list[float] = field(default_factory=list)
    moves: int = 0
    pod_seconds: float = 0.0
    seated_seconds: float = 0.0
    most_pods: int = 0
    most_seated: int = 0
    crashes: int = 0
    interrupted: int = 0
    ended: int = 0
    ended_with_desks: int = 0
    switches_planned: int = 0


class Simulation:
    """One world; `run` takes it from its beginning to its end."""

    def __init__(self, world: World) -> None:
        self._world = world
        people, machines = np.random.default_rng(world.seed).spawn(2)
        self._calendar = Calendar(parse_pools(world.pool)[0], world.days)
        sessions = self._calendar.sessions
        self._stays = stays(world.users, world.days, sessions, world.habits, people)
        self._next = 0
        self._ends: list[tuple[float, int]] = []
        self.seats = Seats()
        self._waiting: dict[int, float] = {}
        self._cluster = Cluster(world.machine, machines)
        self._marked: dict[str, None] = {}
        self._removable: set[str] = set()
        self._silent: dict[str, float] = {}
        self._watch: Watch | None = None
        self._hold_down = timedelta(seconds=world.hold_down)
        self._around = timedelta(seconds=world.around)
        self._wanted: Wanted | None = None
        self._opens: datetime | None = None
        self._openings: dict[str, int] = {}
        self._prewarm = 0
        self.tally = Tally()

    def run(self) -> Tally:
        self._begin()
        for second in range(int(self._world.days * DAY)):
            self._second(float(second))
        self.tally.waits += [self._world.days * DAY - since for since in self._waiting.values()]
        return self.tally

    def _begin(self) -> None:
        """Those who are always there have their seats already."""
        there = self._due(0.0)
        for _ in range(Demand(seated=len(there)).pods):
            self._cluster.start(0.0, at_once=True)
        self._take_ready(0.0)
        for stay in there:
            self.seats.take(stay.user)

    def _second(self, now: float) -> None:
        self._crash(now)
        self._take_ready(now)
        self._empty_marked()
        self._release(now)
        for stay in self._due(now):
            self._want(stay.user, now)
        self._seat_waiting(now)
        self._prepare(now)
        reported = self._scale(now)
        self._end(self._cluster.follow(now, reported, self._removable), now)
        tally, seated = self.tally, len(self.seats.of)
        begun = self._calendar.switches(now - 1.0, now)
        tally.switches_planned += begun * len(self._cluster.started)
        tally.pod_seconds += self._cluster.size
        tally.seated_seconds += seated
        tally.most_pods = max(tally.most_pods, self._cluster.size)
        tally.most_seated = max(tally.most_seated, seated)

    def _take_ready(self, now: float) -> None:
        for pod in self._cluster.became_ready(now):
            self.seats.add_pod(pod)
            self.seats.ready[pod] = SEATS

    def _due(self, now: float) -> list[Stay]:
        first = self._next
        while self._next < len(self._stays) and self._stays[self._next].starts <= now:
            stay = self._stays[self._next]
            heappush(self._ends, (stay.ends, stay.user))
            self._next += 1
        return self._stays[first : self._next]

    def _release(self, now: float) -> None:
        while self._ends and self._ends[0][0] <= now:
            _, user = heappop(self._ends)
            if user in self._waiting:
                self.tally.waits.append(now - self._waiting.pop(user))
            elif user in self.seats.of:
                self.seats.leave(user)

    def _want(self, user: int, now: float, *, displaced: bool = False) -> None:
        """A seat now, or a place in the queue. Who had a seat goes before those who wait."""
        if (displaced or not self._waiting) and self.seats.take(user):
            self.tally.waits.append(0.0)
        else:
            self._waiting[user] = now

    def _seat_waiting(self, now: float) -> None:
        for user in list(self._waiting):
            if not self.seats.take(user):
                return
            self.tally.waits.append(now - self._waiting.pop(user))

    def _empty_marked(self) -> None:
        for pod in self._marked:
            for user in list(self.seats.on[pod].values()):
                self.tally.moves += self.seats.move(user)

    def _crash(self, now: float) -> None:
        """Pods that fall silent are noticed by their missing heartbeats, as the back end does."""
        for pod in self._cluster.crashed(now):
            self._silent[pod] = now
            self.tally.crashes += 1
        if not self._silent:
            self._watch = None
            return
        self._watch = self._watch or Watch()
        beat = now // HEARTBEAT_SECONDS
        beats = {pod: beat for pod in self.seats.on if pod not in self._silent}
        lately = {p: -1.0 for p, at in self._silent.items() if now - at < HEARTBEAT_LIFE_SECONDS}
        self._watch.look(now, beats | lately, set(self._silent))
        silences = self._watch.silences(now)
        for pod in liveness.suspects(silences):
            self.seats.ready.pop(pod, None)
        dead = liveness.dead_pods(silences)
        self.tally.interrupted += sum(map(self.seats.taken, dead))
        self._drop(dead, now)

    def _end(self, pods: Iterable[str], now: float) -> None:
        """The autoscaler ended them; one that still had desks gives them up on the way."""
        for pod in pods:
            self.tally.ended += 1
            self.tally.ended_with_desks += self.seats.taken(pod) > 0
            self._drop([pod], now)

    def _drop(self, pods: Iterable[str], now: float) -> None:
        for pod in pods:
            users = self.seats.drop_pod(pod)
            self._silent.pop(pod, None)
            self._marked.pop(pod, None)
            self._removable.discard(pod)
            self.tally.moves += len(users)
            for user in users:
                self._want(user, now, displaced=True)

    def _prepare(self, now: float) -> None:
        """Seats for the next opening."""
        if now % LOOK_AT_PLAN_SECONDS == 0:
            plan = self._calendar.plan_at(now)
            self._opens = prewarm.opening_near(plan, instant(now), self._around, self._around)
        self._prewarm = 0
        if self._opens is None:
            return
        there = len(self.seats.of) + len(self._waiting)
        expected = prewarm.expected(self._openings, self._opens, self._world.users)
        self._prewarm = max(0, expected - there)
        if instant(now) >= self._opens:
            self._openings = prewarm.remembered(self._openings, self._opens, there)

    def _scale(self, now: float) -> int:
        """The number that the autoscaler would read."""
        seats, waiting = self.seats, len(self._waiting)
        demand = Demand(seated=len(seats.of), waiting=waiting, prewarm=self._prewarm)
        self._wanted = scaling.wanted_pods(demand, self._wanted, instant(now), self._hold_down)
        wanted = self._wanted.pods
        missing = wanted - len(seats.ready)
        leaving = [pod for pod in self._marked if pod not in self._removable]
        if missing > 0 and leaving:
            self._keep(surplus.worth_keeping({p: seats.taken(p) for p in leaving}, missing))
        elif missing < 0 and not waiting:
            self._mark(-missing)
        ready = len(seats.ready)
        left = [pod for pod in self._marked if pod not in self._removable]
        self._removable |= {pod for pod in left if not seats.taken(pod)}
        return scaling.pods_to_run(wanted, ready, len(left), len(self._removable))

    def _keep(self, pods: Iterable[str]) -> None:
        for pod in pods:
            del self._marked[pod]
            self.seats.ready[pod] = SEATS

    def _mark(self, count: int) -> None:
        # A pod that crashed a moment ago still looks ready.
        started = {pod: self._cluster.started.get(pod, 0.0) for pod in self.seats.ready}
        taken = {pod: self.seats.taken(pod) for pod in started}
        for pod in surplus.emptiest(started, taken, count):
            self._marked[pod] = None
            del self.seats.ready[pod]
