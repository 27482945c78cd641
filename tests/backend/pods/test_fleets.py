"""Fleets: the local one, and Kubernetes against an API server of our own; against a real cluster
too where `KUBECONFIG` names one.
"""

import json
import os
import uuid
from collections.abc import AsyncIterator

import pytest

pytest.importorskip("kubernetes", reason="needs the Kubernetes client, an extra of the back end")

from kubernetes.aio import client, config

from ai_pod.contracts import keys
from ai_pod.contracts.agents import SEATS, PodState
from backend.database import transaction
from backend.look import look
from backend.pods import seating
from backend.pods.demand import Rules
from backend.pods.fleets.kubernetes import KubernetesFleet
from backend.pods.fleets.local import LocalFleet
from backend.pods.fleets.opening import open_fleet
from backend.pods.fleets.port import Fleet, FleetAway, FleetPod
from backend.pods.liveness import Watch
from backend.pods.reconciliation import Reconciliation
from backend.pods.views import scaling
from backend.settings import Settings
from backend.state import State
from tests.support.build_desks import by_pod, make_desks, opened, seats_of, set_desks
from tests.support.fake_pod import beat
from tests.support.kube_api import NAMESPACE, TOKEN, KubeApi, running_kube_api
from tests.support.people import until

SELECTOR = "app.kubernetes.io/name=ai-pod"


@pytest.fixture
async def api() -> AsyncIterator[KubeApi]:
    async with running_kube_api() as running:
        yield running


def client_of(url: str, token: str = TOKEN) -> client.ApiClient:
    configuration = client.Configuration(host=url)
    configuration.api_key = {"BearerToken": f"Bearer {token}"}
    return client.ApiClient(configuration)


@pytest.fixture
async def fleet(api: KubeApi) -> AsyncIterator[KubernetesFleet]:
    its = KubernetesFleet(client_of(api.url), NAMESPACE, SELECTOR)
    yield its
    await its.close()


async def test_pods_are_listed_page_by_page_and_others_are_not(
    api: KubeApi, fleet: KubernetesFleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.pods.fleets.kubernetes.PAGE", 2)
    for number in range(5):
        api.add(f"pod-{number}")
    api.add("backend-1", **{"app.kubernetes.io/name": "backend"})
    api.terminate("pod-4")
    for pod, phase in (("pod-5", "Pending"), ("pod-6", "Failed")):
        api.add(pod)
        api.set_status(pod, phase, ready=False)
    assert await fleet.pods() == [FleetPod(f"pod-{n}", ends_first=False) for n in range(4)]
    assert len(api.calls) == 3


@pytest.mark.parametrize("kind", ["local", "kubernetes"])
async def test_telling_is_harmless_when_repeated_or_late(
    api: KubeApi, fleet: KubernetesFleet, kind: str
) -> None:
    told: Fleet = fleet if kind == "kubernetes" else LocalFleet()
    api.add("pod-1")
    for _ in range(2):
        await told.end_first("pod-1")
    await told.end_first("pod-that-has-gone")
    listed = await told.pods()
    assert listed in (None, [FleetPod("pod-1", ends_first=True)])
    await told.end_first("pod-1", first=False)
    assert await told.pods() in (None, [FleetPod("pod-1", ends_first=False)])


async def test_a_refusal_and_an_absence_are_both_a_fleet_that_is_away(api: KubeApi) -> None:
    for url, token in ((api.url, "another"), ("http://127.0.0.1:9", TOKEN)):
        strange = KubernetesFleet(client_of(url, token), NAMESPACE, SELECTOR)
        with pytest.raises(FleetAway):
            await strange.pods()
        with pytest.raises(FleetAway):
            await strange.end_first("pod-1")
        await strange.close()


async def test_a_configuration_leads_into_the_cluster(
    api: KubeApi,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    named = {"name": "ours", "cluster": {"server": api.url}}
    user = {"name": "ours", "user": {"token": TOKEN}}
    context = {"cluster": "ours", "user": "ours", "namespace": NAMESPACE}
    lines = {
        "current-context": "ours",
        "clusters": [named],
        "users": [user],
        "contexts": [{"name": "ours", "context": context}],
    }
    path = tmp_path_factory.mktemp("kube") / "config"
    path.write_text(json.dumps(lines))
    monkeypatch.setattr("kubernetes.aio.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION", str(path))
    api.add("pod-1")
    there = settings.model_copy(update={"fleet": "kubernetes", "fleet_namespace": NAMESPACE})
    async with open_fleet(there) as fleet:
        await fleet.end_first("pod-1")
        assert await fleet.pods() == [FleetPod("pod-1", ends_first=True)]


async def test_outside_of_a_cluster_and_without_a_configuration_it_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    nowhere = str(tmp_path_factory.mktemp("kube") / "config")
    monkeypatch.setenv("KUBECONFIG", nowhere)
    monkeypatch.setattr("kubernetes.aio.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION", nowhere)
    with pytest.raises(FleetAway, match="no way into"):
        await KubernetesFleet.open("", SELECTOR)


class Deployment:
    """An autoscaler that follows `/scaling`, and the pods' heartbeats; a pod that is terminated
    drains until its desks sit elsewhere, as its preStop hook has it.
    """

    def __init__(self, state: State, api: KubeApi) -> None:
        self._state = state
        self._api = api
        self._started = 0
        self.terminated_with_desks: list[str] = []

    async def follow(self) -> int:
        async with transaction(self._state.sessions) as session:
            rules = Rules.of(self._state.settings)
            view = await scaling(session, self._state.redis, "XNYS", rules)
        occupied = by_pod(await seats_of(self._state))
        for pod in self._api.scale(view.wanted_pods, self._name):
            self.terminated_with_desks += [pod] if pod in occupied else []
        for pod in list(self._api.pods):
            ends = self._api.ends(pod)
            if ends and pod not in occupied:
                del self._api.pods[pod]
                await self._state.redis.delete(keys.pod(pod))
                continue
            state = PodState.DRAINING if ends else PodState.READY
            start = float(pod.removeprefix("pod-"))
            await beat(self._state.redis, pod, state=state, started_at=start)
        return len(self._api.pods)

    def _name(self) -> str:
        self._started += 1
        return f"pod-{self._started}"


@pytest.fixture
async def state(settings: Settings) -> AsyncIterator[State]:
    kubernetes = settings.model_copy(
        update={"fleet": "kubernetes", "hold_down_seconds": 0.0, "release_seconds": 0.0}
    )
    async with opened(kubernetes) as (its,):
        yield its


async def ten_pods(state: State, fleet: Fleet, deployment: Deployment) -> list[str]:
    """98 desks on ten pods, half of whom go now; the desks."""
    desks = await make_desks(state, [f"user{n:03d}" for n in range(98)])
    for _ in range(3):
        await seating.seat_everybody(state, Watch(), fleet)
        await deployment.follow()
    seats = await seats_of(state)
    assert (len(seats), len(by_pod(seats))) == (98, 10)
    await set_desks(state, desks[::2], automatic=False)
    return desks


async def test_on_kubernetes_only_pods_that_are_empty_end(
    state: State, api: KubeApi, fleet: KubernetesFleet
) -> None:
    """Ten pods, half of whose desks go: the autoscaler knows a number only."""
    deployment, watch = Deployment(state, api), Watch()
    desks = await ten_pods(state, fleet, deployment)
    before = await seats_of(state)
    numbers = []
    for _ in range(6):
        await seating.seat_everybody(state, watch, fleet)
        numbers.append(await deployment.follow())
    assert numbers[-1] == 6
    assert deployment.terminated_with_desks == []
    after = await seats_of(state)
    assert after.keys() == set(desks[1::2])
    assert max(by_pod(after).values()) <= SEATS
    assert sum(after[d].lease_epoch != before[d].lease_epoch for d in after) <= 25


async def test_a_pod_that_is_not_ready_ends_before_empty_ones_and_is_emptied_on_its_way(
    state: State, api: KubeApi, fleet: KubernetesFleet
) -> None:
    deployment, watch = Deployment(state, api), Watch()
    desks = await ten_pods(state, fleet, deployment)
    await seating.seat_everybody(state, watch, fleet)
    async with transaction(state.sessions) as session:
        view = await scaling(session, state.redis, "XNYS", Rules.of(state.settings))
    sick = view.ready[0]
    api.set_status(sick, ready=False)
    for _ in range(10):
        await seating.seat_everybody(state, watch, fleet)
        await deployment.follow()
    assert sick not in api.pods
    assert {*deployment.terminated_with_desks} <= {sick}, "it may have been emptied before"
    assert len(api.pods) == 6
    after = await seats_of(state)
    assert after.keys() == set(desks[1::2])
    assert set(by_pod(after)) <= api.pods.keys()


async def test_a_cost_that_was_left_behind_is_taken_off_again(
    settings: Settings, api: KubeApi, fleet: KubernetesFleet
) -> None:
    """The back end died between the patch and its note."""
    async with opened(settings) as (state,):
        api.add("pod-1")
        await beat(state.redis, "pod-1")
        await fleet.end_first("pod-1")
        reconciliation = Reconciliation(state, fleet)
        for _ in range(2):
            await reconciliation.compare(await look(state.redis), [])
        assert api.cost("pod-1") == 0


@pytest.mark.skipif(not os.environ.get("KUBECONFIG"), reason="KUBECONFIG names no cluster")
async def test_a_real_cluster_takes_and_gives_back_the_cost() -> None:
    configuration = client.Configuration()
    await config.load_kube_config(client_configuration=configuration)
    name, mark = f"shiftdesk-{uuid.uuid4().hex[:8]}", uuid.uuid4().hex[:8]
    container = {"name": "pause", "image": "registry.k8s.io/pause:3.10"}
    body = {
        "metadata": {"name": name, "labels": {"shiftdesk-test": mark}},
        "spec": {"containers": [container]},
    }
    async with client.ApiClient(configuration) as raw:
        await client.CoreV1Api(raw).create_namespaced_pod("default", body)
        fleet = KubernetesFleet(raw, "default", f"shiftdesk-test={mark}")
        try:
            assert await until(fleet.pods, 60) == [FleetPod(name, ends_first=False)]
            await fleet.end_first(name)
            assert await fleet.pods() == [FleetPod(name, ends_first=True)]
            await fleet.end_first(name, first=False)
            assert await fleet.pods() == [FleetPod(name, ends_first=False)]
        finally:
            await client.CoreV1Api(raw).delete_namespaced_pod(name, "default")
