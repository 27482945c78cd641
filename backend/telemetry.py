"""The back end's metrics, and the endpoint that tells them."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

from ai_pod.contracts.chat import RunEvent, RunEventKind

allocation_seconds = Histogram(
    "backend_allocation_seconds",
    "From asking for a seat to its commit",
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
)
waiting_desks = Gauge("backend_waiting_desks", "Desks that want a seat and have none", ["pool"])
seated_desks = Gauge("backend_seated_desks", "Desks with a seat", ["pool"])
wanted_pods = Gauge(
    "backend_wanted_pods", "Pods to run: for the demand, and those not yet empty", ["pool"]
)
pod_differences = Gauge(
    "backend_pod_differences", "Where pods, leases and heartbeats do not agree", ["kind"]
)
fenced_writes = Counter("backend_fenced_writes_total", "Writes of a lease epoch that has passed")
orders = Counter("backend_orders_total", "Orders by what became of them", ["outcome", "reason"])
live_delivery_seconds = Histogram(
    "backend_live_delivery_seconds",
    "From a frame's sending by its pod or committer to the browser's socket",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
)
chat_runs = Counter("backend_chat_runs_total", "Chat turns by how they ended", ["state"])
chat_runs_taken = Counter(
    "backend_chat_runs_taken_total", "Chat turns taken over from a back end that was gone"
)
chat_feedback = Counter("backend_chat_feedback_total", "Ratings of answers", ["rating"])
model_tokens = Counter(
    "backend_model_tokens_total",
    "Tokens of settled requests to language models",
    ["model", "kind"],
)
model_usd = Counter(
    "backend_model_usd_total", "US dollars of settled requests to language models", ["model"]
)
chat_answers = Counter(
    "backend_chat_answers_total",
    "Whole answers, by the version of the instructions and the label that chose it",
    ["label", "version", "grounded"],
)
sign_ins = Counter("backend_sign_ins_total", "Sign-in attempts", ["outcome"])
requests = Counter(
    "backend_http_requests_total", "Requests by their answer", ["method", "route", "status"]
)
request_seconds = Histogram(
    "backend_http_request_seconds",
    "From a request's arrival to the beginning of its answer",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
execution_delay_seconds = Histogram(
    "backend_execution_delay_seconds",
    "From a decision's publication to the commit of what follows from it",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 30),
)
loop_failures = Counter("backend_loop_failures_total", "Failures of background loops", ["loop"])


def forget_demand() -> None:
    """One back end at a time counts the seats: what another had counted is not said for ever."""
    for gauge in (waiting_desks, seated_desks, wanted_pods, pod_differences):
        gauge.clear()


def answered(end: RunEvent) -> None:
    """Count a turn's end if it is a whole answer. A tenant's label counts without its name."""
    if end.kind is not RunEventKind.DONE:
        return
    label, _, _ = str(end.data.get("label") or "").partition("-")
    version = str(end.data.get("instructions", ""))
    grounded = str(bool(end.data.get("grounded"))).lower()
    chat_answers.labels(label=label, version=version, grounded=grounded).inc()


router = APIRouter(tags=["health"], include_in_schema=False)


@router.get("/metrics")
async def metrics() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
