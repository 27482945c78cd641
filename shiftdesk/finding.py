"""What a check of `shiftdesk doctor` finds."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    OK = "OK"
    WARN = "WARN"
    FAIL = "FAIL"


@dataclass(frozen=True)
class Finding:
    """One check's outcome; `fix` says what to do."""

    name: str
    mark: Mark
    detail: str
    fix: str = ""

    def document(self) -> dict[str, str]:
        return {"name": self.name, "mark": self.mark, "detail": self.detail, "fix": self.fix}
