"""`bench chat`: the chatbot's own process on a demo desk, with a scripted model and without one.

The overhead is real time from a question to the model's first request: understanding, tools,
retrieval and prompt. A cold start is a new process until it votes ready; a wake is a fork of the
template that a pod keeps, until it is active. A cancellation is from the wish, said to a back end
that does not hold the run, until its end is heard (`cancel_pod_…`: until the pod is left;
`cancel_process_…`: within the chatbot).
"""

import asyncio
import time
from dataclasses import dataclass
from types import ModuleType

import numpy as np
from redis.asyncio import Redis

from ai_pod.agents.messages import Cancel
from ai_pod.contracts.chat import RunEventKind
from ai_pod.contracts.instructions import InstructionsClient
from shiftdesk.checkout import tool
from shiftdesk.loading.stopping import stops
from shiftdesk.options import chosen
from shiftdesk.spending import overspend_requests

SOURCE_LESS = "I have no source for this."
CASH = "How much cash do I have?"
UNANSWERED = "How much cash do we have?"
"""Never answered to the end, and so never from memory."""


@dataclass(frozen=True)
class Settings:
    rounds: int = 20


def run(options: dict[str, str]) -> tuple[dict[str, object], dict[str, float]]:
    rounds = chosen(Settings, options).rounds
    stores = tool("stores")
    with stores.running_stores() as (postgres, redis):
        database = stores.fresh_database(postgres.store)
        figures = asyncio.run(_stopped(database, redis.store.url, rounds))
        figures |= asyncio.run(_measure(redis.store.url, rounds))
    return {"rounds": rounds, "embeddings": "MiniLM int8, one thread"}, figures


async def _measure(url: str, rounds: int) -> dict[str, float]:
    process, build = tool("chatbot_process"), tool("build_chat")
    async with Redis.from_url(url) as redis:
        await build.write_demo(redis)
        started = time.monotonic()
        bot = await process.start(process.context_of(url))
        figures = {"cold_start_ms": 1000 * (time.monotonic() - started)}
        figures |= await _composed(bot)
        figures["instruction_ms_p95"] = _p95(
            [await _instruction_ms(bot, redis) for _ in range(rounds)]
        )
        await process.end(bot)
        figures["wake_ms_p95"] = _p95(await _wakes_ms(process, url, rounds))
        figures["overspend_requests"] = await overspend_requests(url)
        return figures | await _with_model(process, url, rounds)


async def _stopped(database_url: str, redis_url: str, rounds: int) -> dict[str, float]:
    told = await stops(database_url, redis_url, rounds)
    return {"cancel_ms_p95": _p95(told.heard), "cancel_pod_ms_p95": _p95(told.pod_left)}


async def _composed(bot: ModuleType) -> dict[str, float]:
    """Questions with known answers, some that were held out, and those that nothing answers."""
    asked = tool("chat_questions")
    known = [*asked.QUESTIONS, *asked.PARAPHRASES]
    times, right, refused = [], 0, 0
    for number, one in enumerate(known):
        started = time.monotonic()
        text = await _answer(bot, f"known-{number}", one.text)
        times.append(1000 * (time.monotonic() - started))
        right += all(said in text for said in one.says)
    held_out = 0
    fresh = tool("chat_held_out").THIRD
    for number, one in enumerate(fresh):
        text = await _answer(bot, f"held-out-{number}", one.text)
        held_out += text != SOURCE_LESS and all(said in text for said in one.says)
    for number, question in enumerate(asked.UNKNOWN):
        refused += await _answer(bot, f"unknown-{number}", question) == SOURCE_LESS
    return {
        "questions": float(len(known)),
        "answered": right / len(known),
        "held_out_answered": held_out / len(fresh),
        "unknown_refused": refused / len(asked.UNKNOWN),
        "answer_ms_p50": float(np.percentile(times, 50)),
        "answer_ms_p95": _p95(times),
    }


async def _with_model(process: ModuleType, url: str, rounds: int) -> dict[str, float]:
    scripted = tool("openai_server")
    overhead, again = [], []
    with scripted.openai_server(scripted.Reply("It is {f1}. That is all.")) as server:
        bot = await process.start(process.context_of(url, f"{server.url}#scripted"))
        await _answer(bot, "first", CASH)
        questions = [one.text for one in tool("chat_questions").QUESTIONS]
        for number in range(min(rounds, len(questions))):
            started = time.time()
            await _answer(bot, f"overhead-{number}", questions[number])
            overhead.append(1000 * (server.arrivals[-1] - started))
            again.append(await _again_ms(bot, server, f"again-{number}", questions[number]))
        stalled = scripted.Reply("Wait. You have {f1}. End.", scripted.Behaviour.STALLED)
        server.replies = [stalled]
        cancel = [await _cancel_ms(bot, f"cancel-{number}") for number in range(rounds)]
        server.released.set()
        await process.end(bot)
    return {
        "overhead_ms_p95": _p95(overhead),
        "cache_ms_p95": _p95(again),
        "cancel_process_ms_p95": _p95(cancel),
    }


async def _again_ms(bot: ModuleType, server: ModuleType, run_id: str, text: str) -> float:
    """The same question again, until its answer is whole. Raises RuntimeError if a model wrote."""
    asked, started = len(server.requests), time.monotonic()
    await _answer(bot, run_id, text)
    seconds = time.monotonic() - started
    if len(server.requests) > asked:
        raise RuntimeError(f"{text!r} was asked of the model again")
    return 1000 * seconds


async def _wakes_ms(process: ModuleType, url: str, rounds: int) -> list[float]:
    context = process.context_of(url)
    template = process.template(context)
    # The first fork waits for the template itself.
    await process.end(await process.start(context, template))
    took = []
    for _ in range(rounds):
        started = time.monotonic()
        bot = await process.start(context, template)
        took.append(1000 * (time.monotonic() - started))
        await process.end(bot)
    await template.end()
    return took


async def _answer(bot: ModuleType, run_id: str, text: str) -> str:
    bot.ask(run_id, text)
    last = (await bot.ended(run_id))[run_id]
    body = str(last.data["text"])
    return body.partition("\n\n")[0]


async def _cancel_ms(bot: ModuleType, run_id: str) -> float:
    bot.ask(run_id, UNANSWERED)
    while (await bot.event()).event.kind is not RunEventKind.TOKEN:
        pass
    started = time.monotonic()
    bot.tell(Cancel(run=run_id))
    await bot.ended(run_id)
    return 1000 * (time.monotonic() - started)


async def _instruction_ms(bot: ModuleType, redis: Redis) -> float:
    """From the moved label to the last question that was still answered under the old version."""
    revision = (await InstructionsClient(redis).serving()).revision + 1
    started = time.monotonic()
    await tool("build_chat").instruct(redis, "Be brief.", revision=revision, version=revision)
    waited, version = 0.0, 0
    while version != revision:
        waited = 1000 * (time.monotonic() - started)
        bot.ask("instruction", CASH)
        version = (await bot.ended("instruction"))["instruction"].data["instructions"]
    return waited


def _p95(values: list[float]) -> float:
    return float(np.percentile(values, 95))
