"""The pod measures its processes, and tells what each desk has cost."""

import asyncio
import os

import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from ai_pod.contracts import keys
from ai_pod.contracts.agents import AgentName
from ai_pod.contracts.plan import Phase
from ai_pod.contracts.usage import DeskUse, UsageReported
from ai_pod.orchestrator import metering
from ai_pod.orchestrator.consumption import consumption_of, cpu_seconds
from ai_pod.orchestrator.orchestrator import Orchestrator
from tests.ai_pod.orchestrator.test_conversations import answer
from tests.support.build_pod import (
    MINUTE,
    OPEN,
    Stage,
    always,
    bars,
    holds,
    running,
    seat,
    until,
)

AGENTS = {"trading", "chatbot", "orchestrator", "learning"}


async def reports(stage: Stage) -> list[UsageReported]:
    entries = await stage.redis.xrange(keys.usage())
    return [msgspec.json.decode(fields[b"j"], type=UsageReported) for _, fields in entries]


def shown(pod: Orchestrator, name: str) -> dict[str, float]:
    """A metric's values by its one label."""
    text = pod._telemetry.text(pod.view().agents, 0).decode()
    return {
        next(iter(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name
    }


async def test_desks_bear_what_the_pod_has_used(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metering, "METER_SECONDS", 3600.0)
    async with running(stage.orchestrator()) as pod:
        await stage.announce(always(Phase.TRADING))
        await stage.sit(seat("desk-1"), seat("desk-2", seat=1, organisation="org-2"))
        await until(lambda: len(pod.seats.desks) == 2)
        await holds(pod, Phase.TRADING)
        await answer(pod, "hello")
        await pod.meter.measure()
        await pod.meter.report()
        memory = shown(pod, "ai_pod_memory_bytes")
        cpu, charged = shown(pod, "ai_pod_cpu_seconds_total"), shown(pod, "desk_cost_seconds_total")
    report = (await reports(stage))[0]
    assert {use.agent for use in report.uses} == AGENTS
    assert {use.organisation for use in report.uses} == {"org-1", "org-2"}
    by_desk = {(use.desk, use.agent): use for use in report.uses}
    one, two = by_desk["desk-1", "trading"], by_desk["desk-2", "trading"]
    assert one.cpu_seconds == two.cpu_seconds > 0.05
    assert one.memory_gib_seconds == two.memory_gib_seconds > 0.0
    asked, silent = by_desk["desk-1", "chatbot"], by_desk["desk-2", "chatbot"]
    assert asked.cpu_seconds > 2 * silent.cpu_seconds
    assert memory["trading"] > 2e7
    assert memory["learning"] == 0.0
    assert memory["orchestrator"] > 2e7
    assert charged["cpu"] == pytest.approx(sum(cpu.values()))
    assert charged["cpu"] == pytest.approx(sum(use.cpu_seconds for use in report.uses))


async def test_an_ended_process_is_charged_to_its_end_and_reports_only_grow(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metering, "METER_SECONDS", 3600.0)
    monkeypatch.setattr(metering, "END_SECONDS", 60.0)
    async with running(stage.orchestrator()) as pod:
        await stage.announce(always(Phase.TRADING))
        await stage.sit(seat())
        await holds(pod, Phase.TRADING)
        await until(lambda: pod.seats.desks)
        await pod.meter.measure()
        await pod.meter.report()
        (trading,) = pod.agents[AgentName.TRADING].pids
        measured, minute = cpu_seconds(trading), 0
        async with asyncio.timeout(60):
            while (used := cpu_seconds(trading)) < measured + 0.05:
                minute += 1
                await stage.close(bars(OPEN + minute * MINUTE))
    first, *later = await reports(stage)
    assert later, "the end is told, too"
    before, after = of_trading(first), of_trading(later[-1])
    assert after.cpu_seconds - before.cpu_seconds >= used - measured - 1e-6
    assert (first.life, first.pod) == (later[-1].life, later[-1].pod)


def of_trading(report: UsageReported) -> DeskUse:
    return next(use for use in report.uses if use.agent == AgentName.TRADING)


async def test_a_pod_without_desks_is_idle(stage: Stage) -> None:
    async with running(stage.orchestrator()) as pod:

        async def idle() -> bool:
            await pod.meter.measure()
            return shown(pod, "ai_pod_idle_cost_seconds_total").get("cpu", 0.0) > 0.0

        await until(idle)
        await pod.meter.report()
        assert shown(pod, "desk_cost_seconds_total") == {}
    assert await reports(stage) == []


async def test_what_could_not_be_told_is_told_later(stage: Stage) -> None:
    async with running(stage.orchestrator()) as pod:
        await stage.sit(seat())
        await until(lambda: pod.seats.desks)
        await pod.meter.measure()
        await stage.redis.set(keys.usage(), "no stream")
        await pod.meter.report()
        await stage.redis.delete(keys.usage())
        await pod.meter.report()
        told = await reports(stage)
    assert [use.desk for use in told[0].uses] == ["desk-1"] * len(AGENTS)


def test_a_process_that_is_gone_uses_nothing() -> None:
    own, gone = consumption_of(os.getpid()), consumption_of(2**22 + 1)
    assert own.cpu_seconds > 0.1
    assert own.pss_bytes > 2e7
    assert (gone.cpu_seconds, gone.pss_bytes) == (0.0, 0)
