"""How a night's trials learned: rollouts as they were announced, as long as the stream has them."""

from collections.abc import Iterable, Iterator

import msgspec
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.learning import LearningEvent, LearningProgressed
from backend import streams
from backend.learning.schemas import CurvePoint, CurvesView, CurveView

NEWEST = 4_000
"""Entries of the stream that are looked at; the recorder keeps about half as many."""

_TOLD = "night/"
"""Names of how far the night is, which is no trial's matter."""


async def curves(redis: Redis, line: str, night: str | None) -> CurvesView:
    """Of one night of the line, by default the newest that is still told of."""
    entries = await streams.newest(redis, keys.learning(), count=NEWEST)
    progress = _progress(message for _, message in entries)
    heard = [event for event in progress if event.policy_line == line]
    nights = list(dict.fromkeys(event.night for event in reversed(heard)))
    chosen = night or (nights[0] if nights else None)
    its = [event for event in heard if event.night == chosen]
    return CurvesView(
        night=chosen,
        nights=nights,
        metrics=sorted({name for event in its for name in _metrics(event)}),
        as_of=its[-1].at if its else None,
        curves=_by_trial(its),
    )


def _progress(messages: Iterable[bytes]) -> Iterator[LearningProgressed]:
    for message in messages:
        try:
            event = msgspec.json.decode(message, type=LearningEvent)
        except msgspec.MsgspecError:
            continue
        if isinstance(event, LearningProgressed):
            yield event


def _by_trial(events: Iterable[LearningProgressed]) -> list[CurveView]:
    """Ascending in steps; of a step that was done again after a restart the later telling."""
    trials: dict[tuple[bool, int, int], CurveView] = {}
    points: dict[tuple[bool, int, int], dict[int, CurvePoint]] = {}
    for event in events:
        key = (event.control, event.seed, -1 if event.fold is None else event.fold)
        trials.setdefault(
            key,
            CurveView(
                seed=event.seed,
                fold=event.fold,
                control=event.control,
                of_steps=event.of_steps,
                points=[],
            ),
        )
        point = CurvePoint(step=event.step, metrics=_metrics(event))
        points.setdefault(key, {})[event.step] = point
    for key, trial in trials.items():
        trial.points = [points[key][step] for step in sorted(points[key])]
    return [trials[key] for key in sorted(trials)]


def _metrics(event: LearningProgressed) -> dict[str, float]:
    return {name: value for name, value in event.metrics.items() if not name.startswith(_TOLD)}
