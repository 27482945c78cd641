"""The tear sheet: one HTML file that needs nothing but itself."""

from pathlib import Path

import jinja2
import numpy as np

from ai_pod.policies.performance import drawdowns
from shiftdesk.evaluation import CONVENTIONS, Evaluation
from shiftdesk.figures import instant, label, shown
from shiftdesk.records import Document
from shiftdesk.tearsheet.charts import charts, window_of

TILES = ("annual_return", "sharpe", "max_drawdown", "volatility", "psr", "turnover_a_year")
PART_ROWS = ("annual_return", "volatility", "sharpe", "sortino", "max_drawdown", "p_value", "psr")
TRADES = 8

Row = dict[str, str]


def page(found: Evaluation, made: Document) -> bytes:
    """The page of a backtest and its document."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text = environment.get_template("tearsheet.html").render(
        made=made,
        charts=charts(found),
        tiles=[_tile(found, name) for name in TILES],
        figures=_figures(found),
        parts=_parts(found),
        drawdowns=_drawdowns(found),
        trades=_trades(found),
        doubts=found.doubts,
        first=instant(found.ours.run.ends[0])[:10],
        last=instant(found.ours.run.ends[-1])[:10],
        bars=f"{len(found.market):,}",
        window=window_of(len(found.market) - 1, found.ours.figures["periods_a_year"]),
        split=found.parts[1].begins(found.ours.run)[:10] if found.parts else "",
    )
    return text.encode()


def _tile(found: Evaluation, name: str) -> Row:
    return {
        "label": label(name),
        "value": shown(name, found.ours.figures[name]),
        "benchmark": shown(name, found.benchmark.figures[name]),
    }


def _figures(found: Evaluation) -> list[Row]:
    theirs = found.benchmark.figures
    return [
        {
            "label": label(name),
            "ours": shown(name, value),
            "theirs": shown(name, theirs[name]) if name in theirs else "",
            "how": CONVENTIONS[name],
        }
        for name, value in (found.ours.figures | found.beside).items()
    ]


def _parts(found: Evaluation) -> list[Row]:
    if not found.parts:
        return []
    before, after = found.parts
    return [
        {
            "label": label(name),
            "before": shown(name, before.figures[name]),
            "after": shown(name, after.figures[name]),
        }
        for name in PART_ROWS
    ]


def _drawdowns(found: Evaluation) -> list[Row]:
    ends = found.ours.run.ends
    rows = []
    for one in drawdowns(found.ours.run.equity):
        until = len(ends) - 1 if one.recovered is None else one.recovered
        rows.append(
            {
                "depth": f"{one.depth:.2%}",
                "peak": instant(ends[one.peak])[:10],
                "trough": instant(ends[one.trough])[:10],
                "recovered": "not yet" if one.recovered is None else instant(ends[until])[:10],
                "days": f"{(ends[until] - ends[one.peak]) / 86400e9:,.0f}",
            }
        )
    return rows


def _trades(found: Evaluation) -> list[Row]:
    trades, ends = found.ours.trades, found.ours.run.ends
    total = float(np.abs(trades.profit).sum())
    return [
        {
            "instrument": found.market.instruments[trades.column[i]],
            "side": "long" if trades.long[i] else "short",
            "opened": instant(ends[trades.opened[i]])[:10],
            "closed": "open" if trades.open[i] else instant(ends[trades.closed[i]])[:10],
            "profit": f"{trades.profit[i]:+,.2f}",
            "share": f"{abs(trades.profit[i]) / total:.1%}" if total else "–",
        }
        for i in trades.largest(TRADES)
    ]
