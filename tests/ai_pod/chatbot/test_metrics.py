"""What the chatbot's process measures is exposed by its pod."""

import msgspec
from prometheus_client.parser import text_string_to_metric_families
from redis.asyncio import Redis

from ai_pod.contracts.chat import ReplyRequest, RunEventKind
from ai_pod.orchestrator.options import PodOptions
from ai_pod.orchestrator.orchestrator import Orchestrator
from ai_pod.telemetry import Telemetry
from tests.support.build_chat import DESK, ORGANISATION, POOL, write_demo
from tests.support.build_pod import Stage, running, until
from tests.support.openai_server import Reply, openai_server


async def test_first_token_ungrounded_numbers_and_passes_reach_the_pod_s_metrics(
    stage: Stage,
) -> None:
    await write_demo(stage.redis)
    telemetry = Telemetry()
    with openai_server(Reply("You have 5 USD.")) as server:
        context = msgspec.structs.replace(stage.context(), llm=f"{server.url}#scripted")
        options = PodOptions(address="http://pod")
        async with Redis.from_url(stage.url) as redis:
            pod = Orchestrator(context, redis, options, stage.frames.append, telemetry)
            async with running(pod):
                assert "chat_first_token_seconds_count 0.0" in _told(telemetry)
                assert "chat_embedded_texts_total 0.0" in _told(telemetry)
                asked = [await _ask(pod, f"run-{number}") for number in range(2)]
                await until(lambda: "chat_ungrounded_numbers_total 4.0" in _told(telemetry))
                await until(lambda: "chat_embedding_passes_total 0.0" not in _told(telemetry))
    assert asked == [RunEventKind.DONE, RunEventKind.DONE]
    assert "chat_first_token_seconds_count 2.0" in _told(telemetry)
    told = text_string_to_metric_families(_told(telemetry))
    values = {sample.name: sample.value for family in told for sample in family.samples}
    assert values["chat_embedded_texts_total"] >= values["chat_embedding_passes_total"] > 0.0


def _told(telemetry: Telemetry) -> str:
    return telemetry.text((), 0).decode()


async def _ask(pod: Orchestrator, run: str) -> RunEventKind:
    request = ReplyRequest(
        run=run,
        thread="thread-1",
        desk=DESK,
        organisation=ORGANISATION,
        user="user-1",
        pool=POOL,
        text="How much cash do I have?",
    )
    return [event.kind async for event in pod.chat.reply(request)][-1]
