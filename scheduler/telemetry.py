"""The scheduler's metrics. Each service object has a registry of its own."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from scheduler.contracts.schedule import PodPhase
from scheduler.publish import Publication


class Telemetry:
    """What `/metrics` tells."""

    def __init__(self, late_after_seconds: float) -> None:
        self._late_after_seconds = late_after_seconds
        self._registry = CollectorRegistry()
        self.pods_late = Gauge(
            "scheduler_pods_late",
            "Pods that have disagreed with the plan for too long.",
            ["pool"],
            registry=self._registry,
        )
        self._version = Gauge(
            "scheduler_plan_version", "The published plan.", ["pool"], registry=self._registry
        )
        self._publications = Counter(
            "scheduler_publications",
            "Attempts to publish a plan.",
            ["pool", "outcome"],
            registry=self._registry,
        )
        self._store_up = Gauge(
            "scheduler_store_up",
            "Whether the store answered the last time.",
            ["store"],
            registry=self._registry,
        )

    def on_published(self, publication: Publication) -> None:
        pool = publication.wanted.pool
        self._version.labels(pool).set(publication.published.version)
        self._publications.labels(pool, publication.outcome).inc()

    def on_store(self, store: str, *, up: bool) -> None:
        self._store_up.labels(store).set(up)

    def on_pods(self, pools: Iterable[str], pods: Iterable[PodPhase]) -> None:
        late = [pod.pool for pod in pods if pod.late_seconds > self._late_after_seconds]
        for pool in pools:
            self.pods_late.labels(pool).set(late.count(pool))

    def text(self) -> bytes:
        """The metrics in Prometheus' text form."""
        return generate_latest(self._registry)
