"""What desks have cost, as it is shown."""

from datetime import date

from backend.schemas import Page, Schema


class AgentUsage(Schema):
    """A desk's share of one agent; `orchestrator` is the pod's own process."""

    agent: str
    cpu_seconds: float
    memory_gib_seconds: float


class DeskUsageView(Schema):
    """Seconds of a core, and seconds of a GiB of memory; the totals are those of its agents."""

    desk: str
    name: str
    cpu_seconds: float
    memory_gib_seconds: float
    agents: list[AgentUsage]


class UsageView(Page[DeskUsageView]):
    """Days in UTC and real time, both included; a desk that has cost nothing is shown, too."""

    since: date
    until: date
