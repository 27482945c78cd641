"""What may be chosen about a pod, beside what its agents are told."""

from dataclasses import dataclass, field

from ai_pod.contracts.agents import AgentName
from ai_pod.orchestrator.processes import MODULES, Argv
from ai_pod.orchestrator.switch import COLD_SECONDS


@dataclass(frozen=True)
class PodOptions:
    """`address` is what the heartbeat tells others to dial; `argvs` start the agents."""

    address: str
    chat_idle_seconds: float = 300.0
    chat_warm: bool = True
    retry_seconds: float = 5.0
    cold_seconds: float = COLD_SECONDS
    argvs: dict[AgentName, Argv] = field(default_factory=lambda: dict(MODULES))
