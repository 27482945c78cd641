"""The command line and the local cluster: the composition root."""

import market as _market  # noqa: F401  # before redis, see there
