"""The command line's errors. Each carries its exit code and, where there is one, the fix.

CommandError            1  failed
├── Forbidden           1  to this role
├── UsageProblem        2  usage or configuration
├── NotFound            3
├── Conflict            4
├── Denied              5  by a risk rule
└── ChampionKept        6  the gate said no
"""


class CommandError(Exception):
    """Ends the command with `code`; printed as what, then how to fix it."""

    code = 1

    def __init__(self, what: str, fix: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix


class Forbidden(CommandError):
    """The login's role may not."""


class UsageProblem(CommandError):
    code = 2


class NotFound(CommandError):
    code = 3


class Conflict(CommandError):
    code = 4


class Denied(CommandError):
    code = 5


class ChampionKept(CommandError):
    code = 6


INTERRUPTED = 130
