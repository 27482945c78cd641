"""A terminal that goes away (its window is closed, its line breaks, its shell is killed) ends what
was started from it in order, as Ctrl-C does.
"""

import asyncio
import os
import signal

_STREAMS = (0, 1, 2)


def end_with_terminal(stop: asyncio.Event) -> None:
    """Set `stop` on SIGHUP; what is said from then on goes nowhere, since to write to a terminal
    that has gone is an error. Under `nohup`, which has the signal ignored, nothing changes.
    """
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        return
    # Of a terminal that has gone nobody can tell any more that it was one.
    shown = [stream for stream in _STREAMS if os.isatty(stream)]

    def hung_up() -> None:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in shown:
            os.dup2(nowhere, stream)
        os.close(nowhere)
        stop.set()

    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, hung_up)
