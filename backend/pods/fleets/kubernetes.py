"""Kubernetes as a fleet: pods of one label selector in our namespace, and the annotation by which a
ReplicaSet chooses whom of its ready pods to end; those that start or are not ready go before.

An autoscaler sets the number of replicas and nobody else; this only lets empty pods go before
others. https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/#pod-deletion-cost
"""

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, Self

import aiohttp
import msgspec
from kubernetes.aio import client, config

from backend.pods.fleets.port import FleetAway, FleetPod

DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"
ENDS_FIRST = "-1000"
CALL_SECONDS = 2.0
PAGE = 500
RUNNING = "status.phase=Running"
"""Neither those that wait for a node or an image nor those that were evicted."""

NAMESPACE_FILE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
METADATA_ONLY = {
    "Accept": "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
}
MERGE = "application/merge-patch+json"
GONE = 404


class _Metadata(msgspec.Struct):
    name: str
    annotations: dict[str, str] = {}
    deletionTimestamp: str | None = None  # Kubernetes' own name


class _Pod(msgspec.Struct):
    metadata: _Metadata


class _Listing(msgspec.Struct):
    next: str = msgspec.field(name="continue", default="")


class _Pods(msgspec.Struct):
    items: list[_Pod]
    metadata: _Listing = msgspec.field(default_factory=_Listing)


class KubernetesFleet:
    """Within a cluster by its service account, else by `KUBECONFIG`. Close it after use."""

    def __init__(self, api: client.ApiClient, namespace: str, selector: str) -> None:
        self._api = api
        self._pods = client.CoreV1Api(api)
        self._namespace = namespace
        self._selector = selector

    @classmethod
    async def open(cls, namespace: str, selector: str) -> Self:
        """Raises FleetAway when neither a service account nor a configuration is there."""
        configuration = client.Configuration()
        try:
            ours = _own_namespace()
            if ours:
                config.load_incluster_config(configuration)
            else:
                await config.load_kube_config(client_configuration=configuration)
        except (config.ConfigException, OSError) as error:
            raise FleetAway(f"no way into a Kubernetes cluster: {error}") from error
        return cls(client.ApiClient(configuration), namespace or ours or "default", selector)

    async def close(self) -> None:
        await self._api.close()

    async def pods(self) -> list[FleetPod]:
        found: list[FleetPod] = []
        following = ""
        while True:
            page = await self._page(following)
            found += [
                FleetPod(
                    one.metadata.name, one.metadata.annotations.get(DELETION_COST) == ENDS_FIRST
                )
                for one in page.items
                if one.metadata.deletionTimestamp is None
            ]
            following = page.metadata.next
            if not following:
                return found

    async def end_first(self, pod: str, *, first: bool = True) -> None:
        cost = ENDS_FIRST if first else None
        body: dict[str, Any] = {"metadata": {"annotations": {DELETION_COST: cost}}}
        patched = self._pods.patch_namespaced_pod_without_preload_content(
            pod, self._namespace, body, _content_type=MERGE, _request_timeout=CALL_SECONDS
        )
        await _answer(patched, allowed=GONE)

    async def _page(self, following: str) -> _Pods:
        listed = self._pods.list_namespaced_pod_without_preload_content(
            self._namespace,
            label_selector=self._selector,
            field_selector=RUNNING,
            limit=PAGE,
            _continue=following or None,
            _headers=METADATA_ONLY,
            _request_timeout=CALL_SECONDS,
        )
        try:
            return msgspec.json.decode(await _answer(listed), type=_Pods)
        except msgspec.DecodeError as error:
            raise FleetAway(f"the list of pods cannot be read: {error}") from error


def _own_namespace() -> str:
    """Empty outside of a cluster."""
    return NAMESPACE_FILE.read_text().strip() if NAMESPACE_FILE.exists() else ""


async def _answer(asked: Awaitable[aiohttp.ClientResponse], *, allowed: int | None = None) -> bytes:
    """The body of a good answer, or of one with the status that is allowed. Raises FleetAway."""
    try:
        async with asyncio.timeout(CALL_SECONDS):
            response = await asked
            body: bytes = await response.read()
    except (aiohttp.ClientError, client.ApiException, TimeoutError, OSError) as error:
        raise FleetAway(f"Kubernetes: {error!r}") from error
    if response.status >= 400 and response.status != allowed:
        text = body[:200].decode(errors="replace")
        raise FleetAway(f"Kubernetes answered {response.status}: {text}")
    return body
