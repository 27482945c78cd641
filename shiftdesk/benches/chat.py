"""`bench chat`: the chatbot's own process on a demo desk, with a scripted model and without one.

The overhead is real time from a question to the model's first request: understanding, tools,
retrieval and prompt. A cold start is a new process until it votes ready.
"""

import asyncio
import time
from types import ModuleType

import numpy as np
from redis.asyncio import Redis

from ai_pod.agents.messages import Cancel
from ai_pod.contracts.chat import RunEventKind
from ai_pod.contracts.instructions import PRODUCTION, InstructionsClient
from shiftdesk.checkout import tool

SOURCE_LESS = "I have no source for this."
CASH = "How much cash do I have?"


def run(options: dict[str, str]) -> tuple[dict[str, object], dict[str, float]]:
    """Options: rounds (20)."""
    rounds = int(options.get("rounds", "20"))
    stores = tool("stores")
    with stores.running_stores() as (_, redis):
        figures = asyncio.run(_measure(redis.store.url, rounds))
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
        return figures | await _with_model(process, url, rounds)


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
    overhead = []
    with scripted.openai_server(scripted.Reply("Wait. You have {f1}.")) as server:
        bot = await process.start(process.context_of(url, f"{server.url}#scripted"))
        await _answer(bot, "first", CASH)
        questions = [one.text for one in tool("chat_questions").QUESTIONS]
        for number in range(rounds):
            started = time.time()
            await _answer(bot, f"overhead-{number}", questions[number % len(questions)])
            overhead.append(1000 * (server.arrivals[-1] - started))
        stalled = scripted.Reply("Wait. You have {f1}. End.", scripted.Behaviour.STALLED)
        server.replies = [stalled]
        cancel = [await _cancel_ms(bot, f"cancel-{number}") for number in range(rounds)]
        server.released.set()
        await process.end(bot)
    return {"overhead_ms_p95": _p95(overhead), "cancel_ms_p95": _p95(cancel)}


async def _answer(bot: ModuleType, run_id: str, text: str) -> str:
    bot.ask(run_id, text)
    last = (await bot.ended(run_id))[run_id]
    body = str(last.data["text"])
    return body.partition("\n\n")[0]


async def _cancel_ms(bot: ModuleType, run_id: str) -> float:
    bot.ask(run_id, CASH)
    while (await bot.event()).event.kind is not RunEventKind.TOKEN:
        pass
    started = time.monotonic()
    bot.tell(Cancel(run=run_id))
    await bot.ended(run_id)
    return 1000 * (time.monotonic() - started)


async def _instruction_ms(bot: ModuleType, redis: Redis) -> float:
    """From the moved label to the last question that was still answered under the old version."""
    client = InstructionsClient(redis)
    current = (await client.labels())[PRODUCTION]
    added = await client.add("Be brief.", "bench")
    started = time.monotonic()
    await client.move(PRODUCTION, added.version, expected=current)
    waited, version = 0.0, current
    while version == current:
        waited = 1000 * (time.monotonic() - started)
        bot.ask("instruction", CASH)
        version = (await bot.ended("instruction"))["instruction"].data["instructions"]
    return waited


def _p95(values: list[float]) -> float:
    return float(np.percentile(values, 95))
