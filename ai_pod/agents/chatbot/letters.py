"""Text as people see it: without what is invisible, and with look-alike letters as they look.

What a filter reads and what a person reads are then the same. (Unicode Technical Standard 39.)
"""

import re
import unicodedata

_INVISIBLE = frozenset({"Cf", "Cc", "Co", "Cs", "Cn"})
"""Zero-width, bidirectional and tag characters, controls, and what stands for nothing."""

_KEPT = frozenset("\n\t")

_LOOKS = {
    "а": "a", "в": "b", "е": "e", "ё": "e", "з": "3", "и": "u", "і": "i", "ї": "i", "ј": "j",
    "к": "k", "м": "m", "н": "h", "о": "o", "р": "p", "с": "c", "т": "t", "у": "y", "х": "x",
    "ѕ": "s", "һ": "h", "ԁ": "d", "ԛ": "q", "ԝ": "w", "ӏ": "l", "г": "r", "п": "n", "ь": "b",
    "А": "A", "В": "B", "Е": "E", "З": "3", "І": "I", "Ј": "J", "К": "K", "М": "M", "Н": "H",
    "О": "O", "Р": "P", "С": "C", "Т": "T", "У": "Y", "Х": "X", "Ѕ": "S", "Ԍ": "G", "Ү": "Y",
    "α": "a", "β": "b", "γ": "y", "ε": "e", "η": "n", "ι": "i", "κ": "k", "ν": "v", "ο": "o",
    "ρ": "p", "σ": "o", "τ": "t", "υ": "u", "χ": "x", "ω": "w",
    "Α": "A", "Β": "B", "Ε": "E", "Ζ": "Z", "Η": "H", "Ι": "I", "Κ": "K", "Μ": "M", "Ν": "N",
    "Ο": "O", "Ρ": "P", "Τ": "T", "Υ": "Y", "Χ": "X",
    "ı": "i", "ȷ": "j", "ɡ": "g", "ɑ": "a", "ɩ": "i", "ʋ": "u", "ᴏ": "o", "ꓲ": "I", "ꓳ": "O",
}  # fmt: skip
"""Letters of other scripts that look like Latin ones."""

_WORD = re.compile(r"[^\W\d_]+")
_BLANKS = re.compile(r"[^\S\n]+")


def seen(text: str) -> str:
    """NFKC without invisible characters and stray marks; in a word that mixes scripts, look-alikes
    are the Latin letters they look like. Characters that are numbers of another kind than digits
    (½, ², Ⅻ) stay, since NFKC would make other numbers of them.
    """
    kept = (one for one in text if one in _KEPT or unicodedata.category(one) not in _INVISIBLE)
    whole = unicodedata.normalize("NFC", "".join(map(_plain, kept)))
    whole = "".join(one for one in whole if not unicodedata.category(one).startswith("M"))
    return _WORD.sub(_unmixed, _BLANKS.sub(" ", whole))


def skeleton(text: str) -> str:
    """For comparing only: what `seen` gives, every look-alike as Latin, no accents, lower case."""
    latin = "".join(_LOOKS.get(one, one) for one in seen(text))
    apart = unicodedata.normalize("NFD", latin)
    return "".join(one for one in apart if not unicodedata.combining(one)).lower()


def _plain(one: str) -> str:
    if one.isascii():
        return one
    digit = unicodedata.decimal(one, None)
    if digit is not None:
        return str(digit)
    if unicodedata.numeric(one, None) is not None:
        return one
    return unicodedata.normalize("NFKC", one)


def _unmixed(match: re.Match[str]) -> str:
    word = match.group()
    if word.isascii() or not any(one.isascii() for one in word):
        return word
    return "".join(_LOOKS.get(one, one) for one in word)
