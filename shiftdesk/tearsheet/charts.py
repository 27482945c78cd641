"""The tear sheet's pictures, as SVG that is set into the page: no files, no scripts, no fonts."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, PercentFormatter
from numpy.typing import NDArray

from ai_pod.policies.features import Array
from ai_pod.policies.liquidity import DAY_NS
from ai_pod.policies.performance import returns_of
from shiftdesk.evaluation import Evaluation
from shiftdesk.records import drawdown

INK, MUTED, GRID = "#1b2430", "#66717f", "#e4e8ed"
OURS, THEIRS, LOSS, OUT, TOLD = "#1f5fbf", "#9aa5b1", "#c2413b", "#f0b429", "#9a7400"
POINTS = 3_000
"""Points of a line: a screen has no more."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

STYLE = {
    "svg.hashsalt": "shiftdesk",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["Inter", "Helvetica Neue", "Arial", "DejaVu Sans"],
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": GRID,
    "axes.labelcolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": GRID,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "legend.frameon": False,
}


@dataclass(frozen=True)
class Lines:
    """What the pictures are drawn from: instants (n,), equity of both (n,), picked for a screen;
    returns (m,) of every bar, and where out of sample begins.
    """

    at: Array
    ours: Array
    theirs: Array
    falls: Array
    their_falls: Array
    split: float | None


def lines_of(found: Evaluation) -> Lines:
    """No more than POINTS of them; the deepest drawdown is among them."""
    run, other = found.ours.run, found.benchmark.run
    falls = drawdown(run.equity)
    count = min(POINTS, len(run.ends))
    evenly = np.linspace(0, len(run.ends) - 1, count).astype(int)
    picked = np.unique(np.concatenate([evenly, [int(falls.argmax())]]))
    at = days(run.ends)
    split = float(at[found.parts[1].first]) if found.parts else None
    return Lines(
        at[picked],
        run.equity[picked],
        other.equity[picked],
        falls[picked],
        drawdown(other.equity)[picked],
        split,
    )


def days(ends: NDArray[np.int64]) -> Array:
    """Instants (ns) as matplotlib counts them: days since 1970."""
    counted: Array = ends / DAY_NS
    return counted


def charts(found: Evaluation) -> dict[str, str]:
    """Every picture of the page, by name."""
    lines = lines_of(found)
    names = (found.ours.run.policy, found.benchmark.run.policy)
    figures = found.ours.figures
    returns = returns_of(found.ours.run.equity)
    with mpl.rc_context(STYLE):
        return {
            "equity": _drawn("e", (9.6, 3.4), lambda axes: _equity(axes, lines, names)),
            "drawdown": _drawn("d", (9.6, 1.9), lambda axes: _falls(axes, lines)),
            "rolling": _drawn(
                "r", (4.7, 2.2), lambda axes: _rolling(axes, found, figures["periods_a_year"])
            ),
            "histogram": _drawn("h", (4.7, 2.2), lambda axes: _histogram(axes, returns)),
            "exposure": _drawn("x", (4.7, 2.2), lambda axes: _exposure(axes, found, lines.split)),
            "months": _drawn("m", (4.7, _height(found)), lambda axes: _months(axes, found)),
        }


def _drawn(name: str, size: tuple[float, float], draw: Callable[[Axes], None]) -> str:
    """The picture; its ids begin with `name`, since a page shares them all."""
    figure = Figure(figsize=size, layout="constrained")
    draw(figure.add_subplot())
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    text = buffer.getvalue()
    svg = text[text.index("<svg") :]
    svg = re.sub(r'(id="|href="#|url\(#)', rf"\g<1>{name}-", svg)
    return re.sub(r'width="[\d.]+pt" height="[\d.]+pt"', 'width="100%"', svg, count=1)


def _dates(axes: Axes) -> None:
    locator = AutoDateLocator(minticks=4, maxticks=9)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    axes.margins(x=0.01)


def _shade(axes: Axes, split: float | None, last: float) -> None:
    if split is not None:
        axes.axvspan(split, last, color=OUT, alpha=0.13, lw=0)
        axes.axvline(split, color=OUT, lw=1)


def _equity(axes: Axes, lines: Lines, names: tuple[str, str]) -> None:
    _shade(axes, lines.split, float(lines.at[-1]))
    axes.plot(lines.at, lines.theirs, color=THEIRS, lw=1.2, label=names[1])
    axes.plot(lines.at, lines.ours, color=OURS, lw=1.6, label=names[0])
    together = np.concatenate([lines.ours, lines.theirs])
    if together.min() > 0 and together.max() / together.min() > 4:
        axes.set_yscale("log")
        axes.yaxis.set_minor_formatter(FuncFormatter(_thousands))
    axes.yaxis.set_major_formatter(FuncFormatter(_thousands))
    if lines.split is not None:
        axes.text(
            lines.split, 0.97, " out of sample", transform=axes.get_xaxis_transform(), color=TOLD
        )
    axes.legend(loc="upper left", bbox_to_anchor=(0.0, 1.12), ncols=2, borderaxespad=0)
    _dates(axes)


def _thousands(value: float, _: int) -> str:
    return f"{value / 1000:,.0f}k" if abs(value) >= 10_000 else f"{value:,.0f}"


def _falls(axes: Axes, lines: Lines) -> None:
    _shade(axes, lines.split, float(lines.at[-1]))
    axes.plot(lines.at, -lines.their_falls, color=THEIRS, lw=0.9)
    axes.fill_between(lines.at, -lines.falls, 0, color=LOSS, alpha=0.3, lw=0)
    axes.plot(lines.at, -lines.falls, color=LOSS, lw=1)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    _dates(axes)


def window_of(returns: int, a_year: float) -> int:
    """A year of bars, or a quarter of a shorter run."""
    return max(20, min(int(a_year), returns // 4))


def _rolling(axes: Axes, found: Evaluation, a_year: float) -> None:
    """Sharpe ratio over the last `window_of` bars."""
    for judged, colour in ((found.benchmark, THEIRS), (found.ours, OURS)):
        returns = returns_of(judged.run.equity)
        window = window_of(len(returns), a_year)
        if len(returns) <= window:
            continue
        sums, squares = (np.cumsum(np.r_[0.0, v]) for v in (returns, returns**2))
        mean = (sums[window:] - sums[:-window]) / window
        spread = np.sqrt(np.maximum((squares[window:] - squares[:-window]) / window - mean**2, 0))
        ratio = np.where(spread > 1e-9, mean / np.maximum(spread, 1e-9), np.nan) * np.sqrt(a_year)
        at = days(judged.run.ends[window:])
        step = max(1, len(at) // 1_000)
        axes.plot(at[::step], ratio[::step], color=colour, lw=1.1)
    axes.axhline(0, color=MUTED, lw=0.7)
    _dates(axes)


def _histogram(axes: Axes, returns: Array) -> None:
    low, high = np.quantile(returns, [0.002, 0.998])
    if not high > low:
        low, high = -0.01, 0.01
    axes.hist(np.clip(returns, low, high), bins=61, color=OURS, alpha=0.85)
    axes.axvline(float(returns.mean()), color=INK, lw=1)
    axes.axvline(float(np.quantile(returns, 0.05)), color=LOSS, lw=1, ls="--")
    axes.set_yscale("symlog", linthresh=10)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=1))
    axes.set_ylabel("bars")


def _exposure(axes: Axes, found: Evaluation, split: float | None) -> None:
    run, close = found.ours.run, found.market.close[1:]
    shares = run.quantities.cumsum(axis=0) * close / np.maximum(run.equity[1:, None], 1e-9)
    at = days(run.ends[1:])
    step = max(1, len(at) // 1_000)
    _shade(axes, split, float(at[-1]))
    for values, colour in ((np.maximum(shares, 0), OURS), (np.minimum(shares, 0), LOSS)):
        axes.fill_between(at[::step], values.sum(axis=1)[::step], 0, color=colour, alpha=0.5, lw=0)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    _dates(axes)


def monthly(found: Evaluation) -> tuple[list[int], Array]:
    """(years, returns (years, 12)); NaN where a month has no bar."""
    run = found.ours.run
    months = run.ends.astype("datetime64[ns]").astype("datetime64[M]").astype(int)
    lasts = np.flatnonzero(np.r_[months[1:] != months[:-1], True])
    worth = np.maximum(np.r_[run.equity[0], run.equity[lasts]], 1e-9)
    years = list(range(int(months[0]) // 12 + 1970, int(months[-1]) // 12 + 1971))
    table = np.full((len(years), 12), np.nan)
    month = months[lasts]
    table[month // 12 + 1970 - years[0], month % 12] = worth[1:] / worth[:-1] - 1.0
    return years, table


def _height(found: Evaluation) -> float:
    return max(1.1, 0.24 * len(monthly(found)[0]) + 0.5)


def _months(axes: Axes, found: Evaluation) -> None:
    years, table = monthly(found)
    limit = max(0.01, float(np.nanquantile(np.abs(table), 0.95)))
    axes.imshow(table, cmap="RdBu", vmin=-limit, vmax=limit, aspect="auto", alpha=0.85)
    for row, column in np.argwhere(~np.isnan(table)):
        value = table[row, column]
        axes.text(column, row, f"{value:.1%}"[:-1], ha="center", va="center", fontsize=6.5,
                  color="white" if abs(value) > 0.7 * limit else INK)  # fmt: skip
    axes.set_xticks(range(12), MONTHS)
    axes.set_yticks(range(len(years)), [str(year) for year in years])
    axes.grid(False)
    axes.spines[:].set_visible(False)
