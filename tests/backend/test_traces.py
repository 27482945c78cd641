"""What belongs together stands in one trace: a decision with its orders, a question with its
answer; and a trace cannot be foisted on us.
"""

from sqlalchemy import select

from ai_pod.agents.trading.traced import TracedDecisions
from ai_pod.contracts.signals import trace_of
from backend.database import transaction
from backend.models import Order, Role
from backend.settings import Settings
from backend.trading.views import order_view
from market import tracing
from tests.support.build_backend import running_backend
from tests.support.build_trading import AAPL, IBM, T0, Desks, decision, trading_desks
from tests.support.fake_pod import running_pod
from tests.support.otlp_receiver import collector, traced_here

FOREIGN = f"00-{'a' * 32}-{'b' * 16}-01"


async def test_orders_stand_in_the_trace_of_their_decision(settings: Settings) -> None:
    with collector() as there:
        async with trading_desks(settings) as desks:
            trace = trace_of(desks.desk, T0)
            with traced_here(there):
                await _publish_and_execute(desks)
                assert await _traces(desks) == {trace}
            assert await _traces(desks) == {None}
        published, executed = there.named("decision"), there.named("execute")
        orders = there.named("order")
    assert {span.trace for span in (*published, *executed, *orders)} == {trace}
    assert [span.parent for span in executed] == [published[0].id] * 2
    assert [span.told["outcome"] for span in executed] == ["executed", "duplicate"]
    assert executed[0].told["desk"] == desks.desk
    assert [(one.parent, one.told["instrument"]) for one in orders] == [
        (executed[0].id, AAPL),
        (executed[0].id, IBM),
    ]
    assert {one.told["state"] for one in orders} == {"accepted"}


async def test_a_question_its_turn_and_the_pods_call_are_one_trace(settings: Settings) -> None:
    with collector() as there:
        with traced_here(there):
            async with running_backend(settings) as backend:
                await backend.user("ann", Role.TRADER)
                headers = await backend.sign_in("ann") | {"traceparent": FOREIGN}
                secret, redis = settings.secret, backend.state.redis
                async with running_pod(redis, "pod-1", secret) as pod:
                    thread = (await backend.client.post("/api/v1/threads", headers=headers)).json()[
                        "id"
                    ]
                    url = f"/api/v1/threads/{thread}/messages"
                    asked = await backend.client.post(url, headers=headers, json={"text": "Hi?"})
                    assert "done" in asked.text
                answers = (await backend.client.get(url, headers=headers)).json()["items"]
        turn = there.wait_for("chat turn")
        request = next(one for one in there.spans if one.id == turn.parent)
    assert request.name.startswith("POST ")
    assert request.name.endswith("/threads/{thread_id}/messages")
    assert request.parent == ""
    assert FOREIGN[3:35] not in {span.trace for span in there.spans}
    (carried,) = pod.carried
    assert carried["traceparent"][3:52] == turn.place
    assert carried["x-request-id"] == asked.headers["x-request-id"]
    assert answers[1]["data"]["trace_id"] == turn.trace
    assert tracing.traceparent() == ""


async def test_probes_are_not_traced(settings: Settings) -> None:
    with collector() as there:
        with traced_here(there):
            async with running_backend(settings) as backend:
                for path in ("/healthz", "/readyz", "/metrics"):
                    assert (await backend.client.get(path)).status_code == 200
        assert not [span for span in there.spans if span.name.startswith("GET")]


async def _publish_and_execute(desks: Desks) -> None:
    """Delivered twice."""
    with TracedDecisions([decision(desks.desk, {AAPL: 0.5, IBM: 0.25})]) as traced:
        (carried,) = traced.decisions
    await desks.decide(carried)
    await desks.decide(carried)
    await desks.execute()


async def _traces(desks: Desks) -> set[str | None]:
    async with transaction(desks.state.sessions) as session:
        orders = await session.scalars(select(Order))
        return {order_view(order).trace_id for order in orders}
