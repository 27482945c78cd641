"""What may be chosen about a pod, beside what its agents are told."""

import os
import sys
from dataclasses import dataclass, field

from ai_pod.agents.messages import AgentContext
from ai_pod.contracts.agents import AgentName
from ai_pod.orchestrator.processes import MODULES, Argv, Executed, Source
from ai_pod.orchestrator.switch import COLD_SECONDS
from ai_pod.orchestrator.templates import Template

CHATBOT_TEMPLATE: Argv = (sys.executable, "-m", "ai_pod.agents.chatbot", "template")


@dataclass(frozen=True)
class PodOptions:
    """`address` is what the heartbeat tells others to dial; `argvs` start the agents, and
    `chat_template`, if there is one, the process that the chatbot is forked from.
    """

    address: str
    chat_idle_seconds: float = 300.0
    chat_template: Argv = ()
    retry_seconds: float = 5.0
    cold_seconds: float = COLD_SECONDS
    argvs: dict[AgentName, Argv] = field(default_factory=lambda: dict(MODULES))

    def source(self, name: AgentName, context: AgentContext) -> Source:
        """Where the agent's processes come from. Only Linux can watch a process that is no child
        of its own.
        """
        executed = Executed(self.argvs[name])
        if name is AgentName.CHATBOT and self.chat_template and hasattr(os, "pidfd_open"):
            return Template(self.chat_template, context, executed)
        return executed
