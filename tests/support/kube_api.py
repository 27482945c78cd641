"""As much of the Kubernetes API as the back end uses, and a ReplicaSet behind it: pods of one
namespace, listed in pages, patched, and ended in the order in which a ReplicaSet ends its own.
"""

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Query, Request
from fastapi.responses import JSONResponse

from tests.support.fake_pod import serving

NAMESPACE = "shiftdesk"
TOKEN = "a-service-accounts-token"
COST = "controller.kubernetes.io/pod-deletion-cost"
LABELS = {"app.kubernetes.io/name": "ai-pod"}


@dataclass
class KubeApi:
    """`calls` is what was asked. New pods run and are ready; `set_status` says otherwise."""

    pods: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    url: str = ""

    def add(self, name: str, **labels: str) -> None:
        metadata = {"name": name, "namespace": NAMESPACE, "labels": LABELS | labels}
        self.pods[name] = {"kind": "Pod", "metadata": metadata, "spec": {"containers": []}}
        self.set_status(name)

    def set_status(self, name: str, phase: str = "Running", *, ready: bool = True) -> None:
        conditions = [{"type": "Ready", "status": str(ready)}]
        self.pods[name]["status"] = {"phase": phase, "conditions": conditions}

    def terminate(self, name: str) -> None:
        """It is told to end, and listed until it is gone."""
        self.pods[name]["metadata"]["deletionTimestamp"] = "2026-11-21T12:00:00Z"

    def cost(self, name: str) -> int:
        annotations = self.pods[name]["metadata"].get("annotations") or {}
        return int(annotations.get(COST, "0"))

    def scale(self, replicas: int, add: Callable[[], str]) -> list[str]:
        """What the ReplicaSet does with the number; the pods that it terminates: those that do not
        run yet, then those that are not ready, then the lowest deletion cost, of equals the
        youngest. It counts neither pods that end already nor those that were evicted.
        """
        active = [name for name in self.pods if self._is_active(name)]
        for _ in range(replicas - len(active)):
            self.add(add())
        youngest_first = active[::-1]
        ranked = sorted(youngest_first, key=self._rank)
        ended = ranked[: max(0, len(active) - replicas)]
        for name in ended:
            self.terminate(name)
        return ended

    def ends(self, name: str) -> bool:
        return "deletionTimestamp" in self.pods[name]["metadata"]

    def _is_active(self, name: str) -> bool:
        evicted = self.pods[name]["status"]["phase"] == "Failed"
        return not (evicted or self.ends(name))

    def _rank(self, name: str) -> tuple[bool, bool, int]:
        status = self.pods[name]["status"]
        ready = status["conditions"][0]["status"] == "True"
        return status["phase"] == "Running", ready, self.cost(name)

    def app(self) -> FastAPI:
        app = FastAPI()
        path = f"/api/v1/namespaces/{NAMESPACE}/pods"

        @app.middleware("http")
        async def check_token(request: Request, following: Any) -> Any:
            self.calls.append(f"{request.method} {request.url.path}")
            if request.headers.get("authorization", "").lower() != f"bearer {TOKEN}":
                return _status(401, "Unauthorized")
            return await following(request)

        @app.get(path)
        async def listing(
            labelSelector: str = "",  # Kubernetes' own names
            fieldSelector: str = "",
            limit: int = 0,
            following: str = Query("", alias="continue"),
        ) -> JSONResponse:
            return JSONResponse(self._page(labelSelector, fieldSelector, limit, following))

        @app.get(path + "/{name}")
        async def get(name: str) -> JSONResponse:
            return JSONResponse(self.pods[name]) if name in self.pods else _status(404, "NotFound")

        @app.patch(path + "/{name}")
        async def patch(name: str, request: Request) -> JSONResponse:
            return self._patch(name, request.headers["content-type"], await request.json())

        return app

    def _page(self, selector: str, fields: str, limit: int, following: str) -> dict[str, Any]:
        wanted = dict(part.split("=", 1) for part in selector.split(",") if part)
        phases = [part.removeprefix("status.phase=") for part in fields.split(",") if part]
        names = [
            name
            for name, pod in sorted(self.pods.items())
            if wanted.items() <= pod["metadata"]["labels"].items() and name > following
            if all(pod["status"]["phase"] == phase for phase in phases)
        ]
        page = names[: limit or None]
        more = page[-1] if len(page) < len(names) else ""
        items = [self.pods[name] for name in page]
        return {"kind": "PodList", "metadata": {"continue": more}, "items": items}

    def _patch(self, name: str, kind: str, body: dict[str, Any]) -> JSONResponse:
        if name not in self.pods:
            return _status(404, "NotFound")
        if kind != "application/merge-patch+json":
            return _status(415, "UnsupportedMediaType")
        metadata = self.pods[name]["metadata"]
        annotations = metadata.setdefault("annotations", {})
        annotations |= body["metadata"].get("annotations", {})
        metadata["annotations"] = {k: v for k, v in annotations.items() if v is not None}
        return JSONResponse(self.pods[name])


def _status(code: int, reason: str) -> JSONResponse:
    body = {"kind": "Status", "status": "Failure", "reason": reason, "code": code}
    return JSONResponse(body, status_code=code)


@contextlib.asynccontextmanager
async def running_kube_api() -> AsyncIterator[KubeApi]:
    """The server, on a free port."""
    api = KubeApi()
    async with serving(api.app()) as api.url:
        yield api
