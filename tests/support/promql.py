"""What a PromQL expression asks for: metrics, and the labels and values it selects them by."""

import re
from dataclasses import dataclass

_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"')
_RANGE = re.compile(r"\[[^\]]*+\]")
_LABELS = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*+)\)")
_NAME = re.compile(r"(?<![\w:.$])([A-Za-z_:][\w:]*+)(?!\s*\()")
_SELECTOR = re.compile(r"([A-Za-z_:][\w:]*+)\{([^}]*+)\}")
_MATCHER = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*+)"')
_WORDS = frozenset({"and", "or", "unless", "offset", "bool", "inf", "nan", "atan2"})


@dataclass(frozen=True)
class Selected:
    """One label of a metric that an expression selects by."""

    metric: str
    label: str
    value: str


def metrics(expression: str) -> set[str]:
    """The names of all metrics in it."""
    bare = _RANGE.sub("", re.sub(r"\{[^}]*+\}", "", expression))
    bare = _LABELS.sub("", _STRING.sub('""', bare))
    return {name for name in _NAME.findall(bare) if name.lower() not in _WORDS}


def selected(expression: str) -> set[Selected]:
    """Every matcher of every selector in it."""
    return {
        Selected(metric, label, value)
        for metric, inside in _SELECTOR.findall(expression)
        for label, _, value in _MATCHER.findall(inside)
    }


def grouped(expression: str) -> set[str]:
    """Labels that it groups or joins by."""
    return {
        label.strip()
        for listed in _LABELS.findall(expression)
        for label in listed.split(",")
        if label.strip()
    }
