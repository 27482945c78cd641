"""`python -m ai_pod.agents.learning.scheduler tls://0.0.0.0:8786`: the Dask scheduler of many pods.

They name its address in SHIFTDESK_DASK; certificates come from DASK_DISTRIBUTED__COMM__TLS__….
"""

import argparse
import asyncio
import signal
import tempfile

import structlog

from ai_pod.agents.learning.cluster import QuietScheduler, configured
from market.observing import observe


async def serve(address: str) -> None:
    """Until told to end. Its pods wait for the next one; their trials lose nothing."""
    protocol, _, rest = address.partition("://")
    host, _, port = rest.rpartition(":")
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = QuietScheduler(protocol=protocol, host=host, port=int(port), dashboard=False)
    async with server as scheduler:
        structlog.get_logger().info("dask_scheduler_listening", address=scheduler.address)
        await stop.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The Dask scheduler of the pods' trials.")
    parser.add_argument("address", help="where to listen, such as tls://0.0.0.0:8786")
    observe("ai_pod.learning")
    with tempfile.TemporaryDirectory() as folder, configured(folder):
        asyncio.run(serve(parser.parse_args().address))
