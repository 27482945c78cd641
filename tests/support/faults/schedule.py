"""What goes wrong when: a schedule of faults, drawn from a seed and from nothing else."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Kind(StrEnum):
    """KILL is SIGKILL, and its supervisor starts it again; FREEZE is SIGSTOP, then SIGCONT; LOSE is
    a pod that is gone for good, as with its machine.
    """

    KILL = "kill"
    FREEZE = "freeze"
    LOSE = "lose"


class Victim(StrEnum):
    """Stores, services, or of one of the pods: all its processes, its orchestrator, an agent."""

    REDIS = "redis"
    POSTGRES = "postgres"
    MARKET = "market"
    BACKEND = "backend"
    SCHEDULER = "scheduler"
    POD = "pod"
    ORCHESTRATOR = "orchestrator"
    TRADING = "trading"
    LEARNING = "learning"
    CHATBOT = "chatbot"


@dataclass(frozen=True)
class Fault:
    """`at` is real seconds after the schedule's beginning, or with `at_switch` after the next
    switch of the plan (before it, if negative). `pick` in [0, 1) says which of the pods. Of a pod
    that wakes, the orchestrator does so that many seconds after its agents.
    """

    kind: Kind
    victim: Victim
    at: float
    seconds: float = 0.0
    at_switch: bool = False
    pick: float = 0.0
    orchestrator_later: float = 0.0

    def __str__(self) -> str:
        when = f"{self.at:+.1f} s from a switch" if self.at_switch else f"at {self.at:.1f} s"
        long = f" for {self.seconds:.1f} s" if self.seconds else ""
        return f"{self.kind} {self.victim}{long} {when}"


CHOICES: dict[tuple[Kind, Victim], int] = {
    (Kind.KILL, Victim.TRADING): 3,
    (Kind.KILL, Victim.LEARNING): 2,
    (Kind.KILL, Victim.ORCHESTRATOR): 4,
    (Kind.KILL, Victim.CHATBOT): 1,
    (Kind.KILL, Victim.BACKEND): 3,
    (Kind.KILL, Victim.REDIS): 2,
    (Kind.KILL, Victim.POSTGRES): 2,
    (Kind.KILL, Victim.MARKET): 1,
    (Kind.KILL, Victim.SCHEDULER): 1,
    (Kind.FREEZE, Victim.POD): 3,
    (Kind.FREEZE, Victim.ORCHESTRATOR): 3,
    (Kind.FREEZE, Victim.TRADING): 2,
    (Kind.FREEZE, Victim.LEARNING): 1,
    (Kind.FREEZE, Victim.BACKEND): 2,
    (Kind.FREEZE, Victim.REDIS): 3,
    (Kind.FREEZE, Victim.POSTGRES): 2,
    (Kind.FREEZE, Victim.MARKET): 1,
    (Kind.FREEZE, Victim.SCHEDULER): 1,
    (Kind.LOSE, Victim.POD): 2,
}
"""How often each is drawn, relatively."""

COUNTS = (1, 2, 2, 3, 3, 4)
LATEST_SECONDS = 3.0
FREEZE_SECONDS = (0.3, 4.0)
BEYOND_THE_LEASE_SECONDS = (12.0, 15.0)
BEYOND_THE_LEASE_SHARE = 0.15
"""Of the freezes of whole pods: so long that their desks have been given to others."""

AT_SWITCH_SHARE = 0.3
AT_SWITCH_SECONDS = (-0.2, 1.0)


def draw(seed: int) -> tuple[Fault, ...]:
    """The schedule of this seed. At most one pod is out for so long that its desks move."""
    random = Random(seed)
    faults: list[Fault] = []
    moved = False
    for _ in range(random.choice(COUNTS)):
        fault = _fault(random, moved=moved)
        moved |= fault.kind is Kind.LOSE or fault.seconds > FREEZE_SECONDS[1]
        faults.append(fault)
    return tuple(sorted(faults, key=lambda fault: (fault.at_switch, fault.at)))


def _fault(random: Random, *, moved: bool) -> Fault:
    choices = [choice for choice in CHOICES if not (moved and choice[0] is Kind.LOSE)]
    kind, victim = random.choices(choices, [CHOICES[choice] for choice in choices])[0]
    seconds, long = random.uniform(*FREEZE_SECONDS), random.random() < BEYOND_THE_LEASE_SHARE
    if victim is Victim.POD and long and not moved:
        seconds = random.uniform(*BEYOND_THE_LEASE_SECONDS)
    at_switch = random.random() < AT_SWITCH_SHARE
    return Fault(
        kind=kind,
        victim=victim,
        at=round(
            random.uniform(*AT_SWITCH_SECONDS)
            if at_switch
            else random.uniform(0.0, LATEST_SECONDS),
            2,
        ),
        seconds=round(seconds, 2) if kind is Kind.FREEZE else 0.0,
        at_switch=at_switch,
        pick=round(random.random(), 3),
    )
