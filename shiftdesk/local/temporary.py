"""A whole cluster in a temporary folder, for benches and system tests."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from rich.console import Console

from shiftdesk.local.cluster import Cluster, Options, Prepare
from shiftdesk.local.demo import nothing, prepare_demo
from shiftdesk.local.progress import Progress
from shiftdesk.local.state import StateFolder
from shiftdesk.local.stores import PostgresStore


@contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    """A folder that others may look into (the stores' account among them). Deleted afterwards with
    the clusters in it, also where Postgres had to keep its data elsewhere.
    """
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        for state in (folder, *filter(Path.is_dir, folder.iterdir())):
            shutil.rmtree(PostgresStore(state / "postgres", 0).data, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def running(
    folder: Path, options: Options, prepare: Prepare | None = None
) -> AsyncIterator[Cluster]:
    """Run a cluster from `folder` while the block goes on; a demo is prepared as `make run` does,
    unless told otherwise. Raises what its start raises.
    """
    quiet = Progress(Console(stderr=True, quiet=not os.environ.get("SHIFTDESK_PROGRESS")))
    state = StateFolder(folder)
    stop, up = asyncio.Event(), asyncio.Event()

    async def started(_cluster: Cluster) -> None:
        up.set()

    if prepare is None:
        prepare = prepare_demo if options.demo else nothing
    with state.held():
        cluster = Cluster(state, options, quiet)
        running_task = asyncio.create_task(cluster.run(stop, prepare, started), name="cluster")
        up_task = asyncio.create_task(up.wait(), name="cluster-up")
        await asyncio.wait({running_task, up_task}, return_when=asyncio.FIRST_COMPLETED)
        up_task.cancel()
        if running_task.done():
            running_task.result()
        try:
            yield cluster
        finally:
            stop.set()
            await running_task
