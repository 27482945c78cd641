"""`bench backtest`: bars per CPU-second of the path of `shiftdesk backtest`, beside backtesting.py.

Timed: indicator, targets and their check, simulator, equity, trades, every figure, the fills' hash;
not the reading of bars, nor the benchmark. backtesting.py runs the same rule on the same bars, its
figures included. The first runs, which compile, are not counted.
"""

import contextlib
import importlib
import io
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise

import numpy as np

from ai_pod.policies.apart import DEADLINE_SECONDS, Named
from ai_pod.policies.backtest import Terms
from market.series import Panel
from market.simulator.costs import CostModel
from shiftdesk.evaluation import Judged, judged, of_strategy
from shiftdesk.options import chosen

COSTS = CostModel(commission_bps=1.0, half_spread_bps=0.0, slippage_bps=0.0)
"""backtesting.py has no slippage: neither has ours here."""
TERMS = Terms(costs=COSTS, band=0.0, starting_cash=10_000_000.0)
MINUTE_S, DAY_S = 60, 86_400
MISSING = "backtesting.py is not installed; `make bench NAME=backtest` installs it"


@dataclass(frozen=True)
class Settings:
    bars: int = 1_000_000
    peer_bars: int = 100_000
    instruments: int = 500
    days: int = 2_520
    fast: int = 10
    slow: int = 50
    repeats: int = 3


def run(options: Mapping[str, str]) -> tuple[dict[str, object], dict[str, float]]:
    """Settings and figures; every time is the best of `repeats`, in seconds of CPU."""
    size = chosen(Settings, options)
    rule = Named("sma-cross", {"fast": float(size.fast), "slow": float(size.slow)})
    sizes = [size.bars // 4, size.bars // 2, size.bars]
    a_bar = [_seconds(_ours(_panel(bars, 1), rule), size.repeats) / bars for bars in sizes]
    portfolio = _ours(_panel(size.days, size.instruments, DAY_S), Named("momentum-12-1"))
    portfolio_fills = portfolio().figures["fills"]
    peer_panel = _panel(size.peer_bars, 1)
    same_bars = _seconds(_ours(peer_panel, rule), size.repeats) / size.peer_bars
    peer, told = _peer(peer_panel, size)
    peer_rate = float("nan") if peer is None else size.peer_bars / _seconds(peer, 1)
    settings: dict[str, object] = {
        **asdict(size),
        "timed": "indicator, targets, simulator, equity, trades, figures, hash of the fills",
        "peer": told,
        "portfolio_fills": int(portfolio_fills),
        "trades": len(_ours(peer_panel, rule)().trades),
    }
    return settings, {
        "bars_per_cpu_s": 1.0 / a_bar[-1],
        "vs_backtesting_py": 1.0 / same_bars / peer_rate,
        "portfolio_cpu_s": _seconds(portfolio, size.repeats),
        "cost_growth": a_bar[-1] / a_bar[0],
        "backtesting_py_bars_per_cpu_s": peer_rate,
        **{f"us_per_bar_{bars}": 1e6 * cost for bars, cost in zip(sizes, a_bar, strict=True)},
    }


def _ours(panel: Panel, named: Named) -> Callable[[], Judged]:
    def work() -> Judged:
        ran, _ = of_strategy(panel, 0, named, DEADLINE_SECONDS, TERMS)
        return judged(ran, panel)

    return work


def _peer(panel: Panel, size: Settings) -> tuple[Callable[[], object] | None, str]:
    """The same rule in backtesting.py, and what to say of it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            library = importlib.import_module("backtesting")
    except ImportError:
        return None, MISSING
    # pandas is here with the peer, and only then.
    import pandas as pd

    def average(values: object, window: int) -> object:
        return pd.Series(values).rolling(window).mean()

    # The peer ships no types.
    class Cross(library.Strategy):  # type: ignore[misc,name-defined]
        def init(self) -> None:
            self.fast = self.I(average, self.data.Close, size.fast)
            self.slow = self.I(average, self.data.Close, size.slow)

        def next(self) -> None:
            if self.fast[-1] > self.slow[-1]:
                if not self.position:
                    self.buy()
            elif self.position:
                self.position.close()

    columns = {name.capitalize(): getattr(panel, name)[:, 0] for name in ("open", "high", "low")}
    frame = pd.DataFrame(
        {**columns, "Close": panel.close[:, 0], "Volume": panel.volume[:, 0]},
        index=pd.to_datetime(panel.end),
    )
    trial = library.Backtest(
        frame, Cross, cash=TERMS.starting_cash, commission=1e-4, finalize_trades=True
    )

    def work() -> object:
        with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            return trial.run()

    trades = len(work()["_trades"])  # type: ignore[index]  # a pandas series
    return work, f"backtesting.py {library.__version__}, {trades} trades, its figures included"


def _seconds(work: Callable[[], object], repeats: int) -> float:
    """CPU-seconds of this process, the best of `repeats` after one that compiles."""
    work()
    began = [time.process_time()]
    for _ in range(repeats):
        work()
        began.append(time.process_time())
    return min(after - before for before, after in pairwise(began))


def _panel(bars: int, count: int, seconds: int = MINUTE_S) -> Panel:
    """Synthetic bars of so many seconds: a random walk with a range."""
    random = np.random.default_rng(0)
    close = 100.0 * np.exp(random.normal(0.0, 0.004, (bars, count)).cumsum(axis=0))
    opened = np.vstack([close[:1], close[:-1]]) * np.exp(random.normal(0.0, 3e-4, (bars, count)))
    return Panel(
        instruments=tuple(f"BENCH:{number}" for number in range(count)),
        end=np.arange(1, bars + 1, dtype=np.int64) * seconds * 10**9,
        open=opened,
        high=np.maximum(opened, close) * 1.001,
        low=np.minimum(opened, close) * 0.999,
        close=close,
        volume=np.ones((bars, count)),
        synthetic=True,
    )
