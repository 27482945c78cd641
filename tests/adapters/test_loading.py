"""A vendor's package, which takes seconds to load, is loaded only with its feed or broker."""

import subprocess
import sys

SERVICES = """
import sys
import backend.app, market.app
print(sorted({"alpaca", "ccxt"} & set(sys.modules)))
"""


def test_services_start_without_the_vendors_packages() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SERVICES], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
