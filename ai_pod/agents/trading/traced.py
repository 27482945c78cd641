"""A span for each decision that is published. It is carried in the stream's entry, so that whoever
executes the decision goes on with its trace.
"""

from collections.abc import Sequence
from typing import Self

from msgspec import structs

from ai_pod.agents.trading.publishing import Published
from ai_pod.contracts.signals import Decision, trace_of
from market import tracing


class TracedDecisions:
    """The publication of some decisions; without tracing they stay as they are."""

    def __init__(self, decisions: Sequence[Decision]) -> None:
        self.decisions = decisions
        self._spans: list[tracing.Span] = []
        if tracing.on():
            self._spans = [_span(decision) for decision in decisions]
            self.decisions = [
                structs.replace(decision, traceparent=span.traceparent)
                for decision, span in zip(decisions, self._spans, strict=True)
            ]

    def answered(self, answers: Sequence[Published]) -> None:
        for span, answer in zip(self._spans, answers, strict=False):
            span.note(outcome=answer.outcome, entry=answer.entry)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        for span in self._spans:
            span.end(failure=repr(error) if error else "")


def _span(decision: Decision) -> tracing.Span:
    return tracing.span(
        "decision",
        kind=tracing.Kind.PRODUCER,
        trace=trace_of(decision.desk, decision.bar_end),
        desk=decision.desk,
        pod=decision.pod,
        bar_end=decision.bar_end.isoformat(),
        policy=decision.policy_version,
        lease_epoch=decision.lease_epoch,
        phase_epoch=decision.phase_epoch,
        signals=len(decision.signals),
        fault=decision.fault or "",
    )
