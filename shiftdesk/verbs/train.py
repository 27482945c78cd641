"""`shiftdesk train`: a night's learning now, on the local history store, judged by the gate."""

import asyncio
import importlib
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.status import Status

from ai_pod.agents.learning.crew import Alone
from ai_pod.agents.learning.evaluate import TooFewBars
from ai_pod.agents.learning.night import BUDGETS, Budget, Night, Outside
from ai_pod.agents.learning.trial import Place
from ai_pod.contracts.learning import (
    LearningEvent,
    LearningProgressed,
    PolicyLine,
    TrialFinished,
    VerdictReached,
)
from ai_pod.contracts.seats import RiskProfile
from market.series import Panel
from market.words import Interval
from shiftdesk import research
from shiftdesk.configuration import store
from shiftdesk.errors import INTERRUPTED, Conflict, UsageProblem
from shiftdesk.output import AsJson, console, print_json, print_table

LINE_FORM = "POOL/SYM+SYM/INTERVAL/PROFILE, such as XNYS/AAPL+IBM/15m/balanced"


class Protocol(StrEnum):
    """A full one trains 15 folds on 8 seeds; a small one takes a minute, and never promotes."""

    FULL = "full"
    SMALL = "small"


def register(app: typer.Typer) -> None:
    app.command("train")(train)


def train(
    line: Annotated[str, typer.Argument(help=LINE_FORM)],
    champion: Annotated[str, typer.Option(help="judged against")] = "rule:momentum@1",
    until: Annotated[str, typer.Option(help="nothing after this day is seen")] = "2099-01-01",
    protocol: Annotated[Protocol, typer.Option(help="how much evidence to gather")] = Protocol.FULL,
    seeds: Annotated[int | None, typer.Option(min=1, help="instead of the protocol's")] = None,
    history: Annotated[Path | None, typer.Option(help="history store")] = None,
    as_json: AsJson = False,
) -> None:
    """Train candidates of a line and judge them; Ctrl-C stops between rollouts, and it resumes."""
    wanted = policy_line(line, champion)
    research.policy(champion, wanted.instruments)
    span = (None, research.day(until))
    panel = research.prices(history, wanted.instruments, wanted.interval, span)
    verdict = _learn(wanted, panel, _budget(protocol, seeds))
    if as_json:
        return print_json({"verdict": verdict})
    console.print(f"[bold]{verdict.verdict}[/] {verdict.sentence}")
    rows = [(c.name, f"{c.sharpe:.2f}", f"{c.total_return:.1%}") for c in verdict.competitors]
    return print_table(("", "Sharpe (annual)", "return"), rows)


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


def _budget(protocol: Protocol, seeds: int | None) -> Budget:
    budget = BUDGETS[protocol]
    if seeds is None:
        return budget
    return replace(budget, protocol=replace(budget.protocol, seeds=seeds))


def _learn(line: PolicyLine, panel: Panel, budget: Budget) -> VerdictReached:
    with Console(stderr=True).status("training") as status:
        # torch takes seconds to import: only once it is sure that there is something to learn.
        learner = importlib.import_module("ai_pod.agents.learning.train")

        async def tell(event: LearningEvent) -> None:
            _tell(event, status)

        artifacts = store("artifacts")
        outside = Outside(
            crew=Alone(Place.at(artifacts, learner.train)),
            artifacts=artifacts,
            now=lambda: datetime.now(UTC),
            announce=tell,
        )
        night = Night(line, panel, budget, outside)
        try:
            # Ctrl-C cancels the night, which stops between two rollouts and leaves a checkpoint.
            verdict = asyncio.run(night.run())
        except KeyboardInterrupt:
            raise SystemExit(INTERRUPTED) from None
        except TooFewBars as error:
            raise UsageProblem(str(error), "a longer span, or a shorter interval") from error
    if verdict is None:
        raise Conflict(
            "this line was judged on this data already", "newer data, or another --until"
        )
    return verdict


def _tell(event: LearningEvent, status: Status) -> None:
    if isinstance(event, LearningProgressed):
        status.update(f"seed {event.seed}: step {event.step:,} of {event.of_steps:,}")
    elif isinstance(event, TrialFinished):
        status.console.print(f"seed {event.seed}: Sharpe {event.sharpe:.2f} out of sample")
