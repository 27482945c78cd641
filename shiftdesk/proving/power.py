"""The power curve: how often an edge of which size is promoted, as a table and a picture."""

import csv
import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path


@dataclass(frozen=True)
class Point:
    """Of `worlds` with an edge that is worth `ideal_sharpe` a year, `promoted` were; `needed` is
    the median of the years that the gate said such an edge needs.
    """

    ideal_sharpe: float
    worlds: int
    promoted: int
    sharpe_seen: float
    years_needed: float

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the share promoted (Wilson 1927)."""
        n, share, z = self.worlds, self.promoted / self.worlds, 1.96
        middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2)
        # None and all of them are bounds themselves, but for rounding.
        return min(max(middle - half, 0.0), share), max(min(middle + half, 1.0), share)


def write(points: Sequence[Point], years: float, folder: Path) -> None:
    """`gate-power.csv` and `gate-power.png` in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "gate-power.csv").open("w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([field.name for field in fields(Point)])
        table.writerows([_short(value) for value in astuple(point)] for point in points)
    _draw(points, years, folder / "gate-power.png")


def _short(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _draw(points: Sequence[Point], years: float, path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4), layout="constrained")
    at = [point.ideal_sharpe for point in points]
    share = [point.promoted / point.worlds for point in points]
    below = [value - point.interval[0] for point, value in zip(points, share, strict=True)]
    above = [point.interval[1] - value for point, value in zip(points, share, strict=True)]
    axes.errorbar(at, share, yerr=[below, above], marker="o", capsize=3, color="#1864ab")
    axes.axhline(0.05, color="#868e96", linewidth=0.8, linestyle="--")
    axes.axhline(0.9, color="#868e96", linewidth=0.8, linestyle="--")
    axes.set(
        xlabel="annual Sharpe ratio of the ideal policy after costs (leftmost: no edge)",
        ylabel="share of worlds promoted",
        ylim=(-0.02, 1.02),
        title=f"The gate on {years:g} years of daily bars (bars: 95 %)",
    )
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
