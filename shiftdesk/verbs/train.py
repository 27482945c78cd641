"""`shiftdesk train`: a night's learning now, on the local history store, judged by the gate."""

import asyncio
import importlib
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from ai_pod.agents.learning.budget import Budget, budget_of
from ai_pod.agents.learning.crew import Alone
from ai_pod.agents.learning.evaluate import TooFewBars
from ai_pod.agents.learning.night import Night, Outside
from ai_pod.agents.learning.training import DeviceMissing
from ai_pod.agents.learning.trial import Place
from ai_pod.contracts.learning import PolicyLine, VerdictReached
from ai_pod.contracts.seats import RiskProfile
from market.series import Panel
from market.words import Interval
from shiftdesk import research
from shiftdesk.configuration import HistoryStore, store
from shiftdesk.errors import INTERRUPTED, Conflict, UsageProblem
from shiftdesk.examples import examples
from shiftdesk.output import AsJson, console, print_json, print_table
from shiftdesk.watching import Watch, peak_memory_mb

LINE_FORM = "POOL/SYM+SYM/INTERVAL/PROFILE, such as XNYS/AAPL+IBM/15m/balanced"


class Protocol(StrEnum):
    """A full one trains 15 folds on 8 seeds; a small one takes a minute, and never promotes."""

    FULL = "full"
    SMALL = "small"


class Algorithm(StrEnum):
    """Of Stable-Baselines3."""

    PPO = "ppo"
    A2C = "a2c"


class Device(StrEnum):
    """Where the network learns; the environment stays on the CPU."""

    CPU = "cpu"
    CUDA = "cuda"
    AUTO = "auto"


def register(app: typer.Typer) -> None:
    app.command(
        "train",
        epilog=examples(
            "train XNYS/AAPL+IBM/1d/balanced --protocol small",
            "train XNYS/AAPL+IBM/1d/balanced --seeds 4 --device auto --json",
        ),
    )(train)


def train(
    line: Annotated[str, typer.Argument(help=LINE_FORM)],
    champion: Annotated[str, typer.Option(help="judged against")] = "rule:momentum@1",
    until: Annotated[str, typer.Option(help="nothing after this day is seen")] = "2099-01-01",
    protocol: Annotated[Protocol, typer.Option(help="how much evidence to gather")] = Protocol.FULL,
    seeds: Annotated[int | None, typer.Option(min=1, help="instead of the protocol's")] = None,
    algorithm: Annotated[Algorithm, typer.Option(help="what learns")] = Algorithm.PPO,
    device: Annotated[Device, typer.Option(help="where the network learns")] = Device.CPU,
    history: HistoryStore = None,
    as_json: AsJson = False,
) -> None:
    """Train candidates of a line and judge them. Ctrl-C stops within two seconds and leaves a
    checkpoint; the same command goes on from it.
    """
    wanted = policy_line(line, champion)
    research.policy(champion, wanted.instruments)
    span = (None, research.day(until))
    panel = research.prices(history, wanted.instruments, wanted.interval, span)
    budget = _budget(protocol, seeds, algorithm)
    with Watch() as watch:
        budget = _on(device, budget)
        verdict = _learn(wanted, panel, budget, watch)
    said = _said(budget, watch)
    if as_json:
        return print_json({"verdict": verdict, "training": said})
    console.print(f"[bold]{verdict.verdict}[/] {verdict.sentence}")
    rows = [(c.name, f"{c.sharpe:.2f}", f"{c.total_return:.1%}") for c in verdict.competitors]
    print_table(("", "Sharpe (annual)", "return"), rows)
    return console.print(
        f"{said['algorithm']} on {said['device']}: {said['cpu_seconds']:,.1f} CPU-seconds for "
        f"{len(watch.trials)} seeds, peak memory {said['peak_memory_mb']:,.0f} MiB"
    )


def policy_line(text: str, champion: str) -> PolicyLine:
    """Read a line's id. Raises UsageProblem."""
    try:
        pool, symbols, interval, profile = text.split("/")
        instruments = tuple(f"{pool}:{symbol}" for symbol in symbols.split("+"))
        return PolicyLine(
            id=text,
            organisation="local",
            pool=pool,
            instruments=instruments,
            interval=Interval(interval),
            risk_profile=RiskProfile(profile),
            champion=champion,
        )
    except ValueError as error:
        raise UsageProblem(f"{text!r} is no policy line: {error}", LINE_FORM) from error


def _budget(protocol: Protocol, seeds: int | None, algorithm: Algorithm) -> Budget:
    budget = budget_of(protocol.value, algorithm.value)
    if seeds is None:
        return budget
    return replace(budget, protocol=replace(budget.protocol, seeds=seeds))


def _on(device: Device, budget: Budget) -> Budget:
    """The budget on that device. Raises UsageProblem when it is not there."""
    # torch takes seconds to import: only once it is sure that there is something to learn.
    learners = importlib.import_module("ai_pod.agents.learning.learners")
    try:
        found = learners.device_of(device.value).type
    except DeviceMissing as error:
        raise UsageProblem(str(error), "--device cpu, or --device auto") from error
    return replace(budget, training=replace(budget.training, device=found))


def _learn(line: PolicyLine, panel: Panel, budget: Budget, watch: Watch) -> VerdictReached:
    learner = importlib.import_module("ai_pod.agents.learning.train")
    artifacts = store("artifacts")
    outside = Outside(
        crew=Alone(Place.at(artifacts, learner.train)),
        artifacts=artifacts,
        now=lambda: datetime.now(UTC),
        announce=watch.hear,
    )
    night = Night(line, panel, budget, outside)
    try:
        # Ctrl-C cancels the night, which stops between two rollouts and leaves a checkpoint.
        verdict = asyncio.run(night.run())
    except KeyboardInterrupt:
        watch.console.print("stopped; the same command goes on from here")
        raise SystemExit(INTERRUPTED) from None
    except TooFewBars as error:
        raise UsageProblem(str(error), "a longer span, or a shorter interval") from error
    if verdict is None:
        raise Conflict(
            f"this line was judged on this data already, with {budget.training.algorithm}",
            "newer data, or another --until",
        )
    return verdict


def _said(budget: Budget, watch: Watch) -> dict[str, object]:
    """How it was trained, and what that took."""
    return {
        "algorithm": budget.training.algorithm,
        "device": budget.training.device,
        "seeds": [trial.seed for trial in watch.trials],
        "sharpe": [trial.sharpe for trial in watch.trials],
        "cpu_seconds": sum(trial.cpu_seconds for trial in watch.trials),
        "peak_memory_mb": peak_memory_mb(),
    }
