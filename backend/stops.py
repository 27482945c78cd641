"""Work of this process that may be stopped by name, from wherever the word comes."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Stop = Callable[[], object]


class Stops:
    """What to call so that work ends; several may go by one name."""

    def __init__(self) -> None:
        self._stops: defaultdict[str, list[Stop]] = defaultdict(list)

    @contextmanager
    def listening(self, name: str, stop: Stop) -> Iterator[None]:
        """Within it, `stop(name)` calls `stop`."""
        self._stops[name].append(stop)
        try:
            yield
        finally:
            self._stops[name].remove(stop)
            if not self._stops[name]:
                del self._stops[name]

    def stop(self, name: str) -> None:
        """Stop what goes by the name here; elsewhere it is no matter."""
        for stop in tuple(self._stops.get(name, ())):
            stop()
