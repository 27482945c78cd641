"""A template of the little chatbot. `little:template:prepare` may say fail, threads or hang."""

import sys
import threading

import redis

from ai_pod.agents.agent import Agent
from ai_pod.agents.messages import AgentContext
from ai_pod.agents.template import Make, serve_template
from ai_pod.contracts.agents import AgentName
from tests.support.little_agent import LittleAgent


def prepared(context: AgentContext) -> Make:
    with redis.Redis.from_url(context.redis_url) as client:
        told = client.get("little:template:prepare")
        client.incr("little:template:prepared")
    if told == b"fail":
        raise RuntimeError("told to fail")
    if told == b"hang":
        threading.Event().wait()
    if told == b"threads":
        threading.Thread(target=threading.Event().wait, daemon=True).start()

    def make() -> Agent:
        return LittleAgent(AgentName.CHATBOT)

    return make


if __name__ == "__main__":
    sys.exit(serve_template(prepared))
