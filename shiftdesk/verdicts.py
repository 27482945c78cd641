"""A verdict of the gate, for people: who competed, which checks failed, how sure one may be."""

from collections.abc import Iterator, Sequence
from typing import Any

from shiftdesk.output import console, print_table

Json = dict[str, Any]

CONTROL = {0.0: "kept its champion, as it must", 1.0: "PROMOTED a candidate: the gate was fooled"}


def print_verdict(verdict: Json) -> None:
    """Tables; the sentence comes last, because it is what one reads."""
    night = f"{verdict['policy_line']}, night of {verdict['night']}"
    synthetic = ", synthetic prices" if verdict["synthetic"] else ""
    console.print(f"[bold]{verdict['verdict'].replace('_', ' ')}[/]  {night}{synthetic}")
    if verdict.get("stage"):
        console.print(f"its challenger: {stage_words(verdict['stage'])}")
    columns = ("", "Sharpe (annual)", "return", "drawdown", "turnover a bar")
    print_table(columns, [_competitor(one) for one in verdict["competitors"]])
    print_table(
        ("check", ""), [(_plain(k), "✓" if v else "✗") for k, v in verdict["checks"].items()]
    )
    compared = list(_compared(verdict))
    if compared:
        print_table(("against", "SPA p-value", "Sharpe difference, 95 %"), compared)
    print_table(("measure", ""), list(_measures(verdict)))
    console.print(verdict["sentence"])


def stage_words(stage: Json) -> str:
    """`shadow 2 of 5`, `awaiting approval`, …, with the reason."""
    state = _plain(stage["state"])
    if stage["state"] == "shadow":
        state += f" {stage['sessions']} of {stage['of_sessions']}"
    return f"{state} ({stage['why']})" if stage["why"] else state


def _competitor(one: Json) -> Sequence[str]:
    return (
        one["name"],
        f"{one['sharpe']:.2f}",
        f"{one['total_return']:.1%}",
        f"{one['max_drawdown']:.1%}",
        f"{one['turnover']:.2%}",
    )


def _compared(verdict: Json) -> Iterator[Sequence[str]]:
    """For each opponent the p-value of superior predictive ability, and the paired interval."""
    spa, intervals = verdict["spa"], verdict["intervals"]
    for name in dict.fromkeys([*spa, *intervals]):
        p_value = f"{spa[name]:.3f}" if name in spa else ""
        bounds = intervals.get(name)
        yield name, p_value, f"{bounds[0]:+.2f} to {bounds[1]:+.2f}" if bounds else ""


def _measures(verdict: Json) -> Iterator[Sequence[str]]:
    """What was tested, and what it takes to be sure; the rest by its name."""
    yield "window", f"{verdict['window_from'][:10]} to {verdict['window_to'][:10]}"
    yield "unseen bars", f"{verdict['bars']:,}"
    yield "paths", f"{verdict['paths']:,}"
    yield "seeds", f"{verdict['seeds']:,}"
    yield "trials of the line, ever", f"{verdict['trials']:,}"
    yield "costs", f"{verdict['cost_bps']:.1f} bps"
    low, high = verdict["interval_low"], verdict["interval_high"]
    yield "Sharpe difference to the champion", f"{verdict['sharpe_difference']:+.2f}"
    yield "its 95 % interval", f"{low:+.2f} to {high:+.2f}"
    for name, value in verdict["measures"].items():
        if name == "control_promoted":
            yield "control world without an edge", CONTROL.get(value, f"{value:.0%} promoted")
        elif name == "years_needed":
            yield "years of data such an edge needs", f"{value:.1f}"
        else:
            yield _plain(name), f"{value:.4g}"
    for name, value in verdict["protocol"].items():
        yield f"protocol: {_plain(name)}", f"{value:g}"


def _plain(name: str) -> str:
    return name.replace("_", " ")
