"""What desks have cost, as it is shown."""

from datetime import date

from backend.schemas import Money, Page, Schema


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


class ModelUsageView(Schema):
    """What one user's questions have cost on one day at one language model. A request that was cut
    off counts at the most that it can have cost.
    """

    day: date
    user: str
    login: str
    model: str
    requests: int
    input_tokens: int
    output_tokens: int
    usd: Money


class ModelUsagePage(Page[ModelUsageView]):
    """Days in UTC and real time, both included."""

    since: date
    until: date
