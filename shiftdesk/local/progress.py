"""Steps with their times: a live display on a terminal, plain lines elsewhere. Always on stderr."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console


class Progress:
    """Shows what the cluster is doing."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, highlight=False)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Show `name` while it goes on, then how long it took."""
        began = time.monotonic()
        try:
            if self.console.is_terminal:
                with self.console.status(name):
                    yield
            else:
                yield
        except BaseException:
            self.console.print(f"[red]✗[/] {name}")
            raise
        self.console.print(f"[green]✓[/] {name} [dim]{time.monotonic() - began:.1f} s[/]")

    def say(self, text: str) -> None:
        self.console.print(text, soft_wrap=True)
