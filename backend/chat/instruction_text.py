"""What a text of instructions may not be: found before it becomes a version for ever."""

import re
from collections.abc import Iterator

MOST_CHARACTERS = 20_000
MOST_LINES = 1_000
"""Versions are compared line by line, in a time and a space that grow as their lines multiplied."""

_BRACES = re.compile(r"\{([^{}\n]*)\}")
_REFERENCE = re.compile(r"[fn]\d+")
_MARK = re.compile(r"</?(?:facts|passages)\b[^>]*>", re.IGNORECASE)
_DISCLAIMER = re.compile(r"Disclaimer: *(.*)")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def lines_of(text: str) -> list[str]:
    """Cut at line feeds alone, so that no other character that breaks a line goes unseen."""
    return text.replace("\r\n", "\n").removesuffix("\n").split("\n")


def faults(text: str) -> list[str]:
    """Why the text cannot be kept, each with what helps; empty when it can."""
    if not text.strip():
        return ["it is empty; say what the chatbot is to do"]
    if len(text) > MOST_CHARACTERS:
        return [f"it has {len(text)} characters, and {MOST_CHARACTERS} are the most; shorten it"]
    lines = lines_of(text)
    if len(lines) > MOST_LINES:
        return [f"it has {len(lines)} lines, and {MOST_LINES} are the most; join some"]
    return [*_by_line(lines), *_of_disclaimers(lines)]


def _by_line(lines: list[str]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        for name in _BRACES.findall(line):
            if not _REFERENCE.fullmatch(name):
                yield (
                    f"line {number}: {{{name}}} refers to nothing; facts are {{f1}}, {{f2}}, … and "
                    "passages {n1}, {n2}, …"
                )
        for mark in _MARK.findall(line):
            yield f"line {number}: {mark} marks data for the model; write it without the brackets"
        for unseen in sorted(set(_UNSEEN.findall(line))):
            yield f"line {number}: it holds the invisible character U+{ord(unseen):04X}; delete it"


def _of_disclaimers(lines: list[str]) -> Iterator[str]:
    found = [(at, its[1]) for at, line in enumerate(lines, 1) if (its := _DISCLAIMER.match(line))]
    for number, _ in found[1:]:
        yield f"line {number}: a second Disclaimer; only the first would be shown, so join them"
    for number, said in found:
        if any(character.isnumeric() for character in said):
            yield f"line {number}: the disclaimer states a number without a source; leave it out"
        if not said.strip():
            yield f"line {number}: the disclaimer says nothing; fill it in or delete the line"
