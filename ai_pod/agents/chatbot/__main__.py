"""The chatbot's process: `python -m ai_pod.agents.chatbot`, started by the orchestrator."""

from ai_pod.agents.agent import run_agent


def main() -> int:
    # Imported here, so that a wrong start fails before the heavy imports.
    from ai_pod.agents.chatbot.agent import ChatbotAgent

    return run_agent(ChatbotAgent())


if __name__ == "__main__":
    raise SystemExit(main())
