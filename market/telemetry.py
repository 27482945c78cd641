"""The market's metrics. Each service object has a registry of its own."""

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest


class Telemetry:
    """What `/metrics` tells."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.ticks = Counter("market_ticks", "Ticks taken in.", registry=self._registry)
        self.bars = Counter("market_bars", "Bars published.", ["interval"], registry=self._registry)
        self.rejected = Counter(
            "market_rejected", "Ticks rejected, by reason.", ["reason"], registry=self._registry
        )
        self.lag = Gauge(
            "market_lag_seconds",
            "How far the feed is behind the clock, in market seconds.",
            registry=self._registry,
        )
        self.redis_up = Gauge(
            "market_redis_up", "Whether Redis took the last batch.", registry=self._registry
        )

    def text(self) -> bytes:
        """The metrics in Prometheus' text form."""
        return generate_latest(self._registry)
