"""The chatbot's process: `python -m ai_pod.agents.chatbot`, started by the orchestrator; with
`template`, the process that forks it.
"""

import os
import sys

from ai_pod.agents.agent import Agent, run_agent
from ai_pod.agents.messages import AgentContext
from ai_pod.agents.template import Make, serve_template
from market import observing

ELSEWHERE = (
    "LANGSMITH_TRACING",
    "LANGSMITH_TRACING_V2",
    "LANGCHAIN_TRACING",
    "LANGCHAIN_TRACING_V2",
)
"""LangChain's own traces would take questions and facts to a service as they are."""


def main(arguments: list[str]) -> int:
    for switch in ELSEWHERE:
        os.environ[switch] = "false"
    if arguments == ["template"]:
        return serve_template(prepared)
    # Imported here, so that a wrong start fails before the heavy imports.
    from ai_pod.agents.chatbot.agent import ChatbotAgent

    return run_agent(ChatbotAgent())


def prepared(context: AgentContext) -> Make:
    """All that can be had without a connection."""
    from ai_pod.agents.chatbot.agent import ChatbotAgent
    from ai_pod.agents.chatbot.mind import Mind
    from ai_pod.agents.chatbot.model import import_ahead
    from ai_pod.agents.chatbot.routing.choices import Choices

    for model in Choices.of(context).settings:
        import_ahead(model)
    observing.import_ahead()
    mind = Mind.load()

    def make() -> Agent:
        return ChatbotAgent(mind)

    return make


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
