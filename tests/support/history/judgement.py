"""What the checker found."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Judgement:
    """`faults` is empty when the history is right; `counts` holds faults by rule, and events."""

    faults: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def fault(self, rule: str, detail: str) -> None:
        self.counts[rule] += 1
        self.faults.append(f"{rule}: {detail}")
