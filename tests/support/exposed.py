"""What the services expose at `/metrics`, from their own registries: names, labels, buckets."""

from dataclasses import dataclass
from functools import cache

from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.metrics import Histogram, MetricWrapperBase
from prometheus_client.utils import floatToGoString

import ai_pod.telemetry
import backend.app
import market.telemetry
import scheduler.telemetry

_PARTS = {
    "counter": ("_total",),
    "gauge": ("",),
    "histogram": ("_bucket", "_count", "_sum"),
    "summary": ("_count", "_sum"),
}


@dataclass(frozen=True)
class Exposed:
    """One series name. `buckets` are the values of `le`, as they are written."""

    job: str
    labels: tuple[str, ...]
    buckets: tuple[str, ...] = ()


@cache
def exposed() -> dict[str, Exposed]:
    """By series name (`…_total`, `…_bucket`, …), without Python's own."""
    assert backend.app.create_app, "importing the app brings every module that has metrics"
    registries = {
        "backend": REGISTRY,
        "market": market.telemetry.Telemetry()._registry,
        "scheduler": scheduler.telemetry.Telemetry(1.0)._registry,
        "ai-pod": ai_pod.telemetry.Telemetry()._registry,
    }
    return {
        name: about
        for job, registry in registries.items()
        for name, about in _of(job, registry).items()
    }


def _of(job: str, registry: CollectorRegistry) -> dict[str, Exposed]:
    found: dict[str, Exposed] = {}
    for collector in list(registry._collector_to_names):
        if not isinstance(collector, MetricWrapperBase):
            continue
        buckets: tuple[str, ...] = ()
        if isinstance(collector, Histogram):
            buckets = tuple(floatToGoString(bound) for bound in collector._upper_bounds)
        about = Exposed(job, tuple(collector._labelnames), buckets)
        for part in _PARTS[collector._type]:
            found[collector._name + part] = about
    return found
