"""Personal data and keys in a text: what no log, trace or language model is to hold.

Numbers that carry a checksum (cards, bank accounts) are known by it; the rest by their form.
"""

import re
from collections.abc import Callable

_EMAIL = r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.)+[A-Za-z]{2,24}\b"
_KEY = (
    r"\b(?:sk|pk|rk|sd|sdk|ghp|gho|ghs|ghr|glpat|xox[abpors]|hf|npm|pypi)[-_][A-Za-z0-9_-]{16,}"
    r"|\bgithub_pat_\w{20,}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{30,}"
    r"|(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----"
    r"|(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*\d)[A-Za-z0-9_-]{40,}(?![\w-])"
)
# "Basic" and "bearer" are words as well: without their header's name, what follows has to look like
# a credential.
_NAMED = (
    r"(?P<name>(?i:\bauthorization\b\\?[\"']?\s*[:=]\s*\\?[\"']?(?:bearer|basic)\s+|"
    r"\b(?:bearer|basic)\s+(?=\S{16})(?=\S*\d|\S*(?-i:[a-z][A-Z]))|"
    r"\b(?:password|passwd|passwort|secret|token|api[_-]?key|"
    r"access[_-]?key)\b\\?[\"']?\s*[:=]\s*\\?[\"']?))[^\s\"'\\,;&}\])]{6,}"
)
_IN_URL = r"(?<=://)[^/\s:@]{1,64}:[^/\s@]{1,128}(?=@)"
_IBAN = r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"
_CARD = (
    r"(?<![\w.,-])(?:[2-6]\d{12,18}|[2-6]\d{3}[ -]\d{4}[ -]\d{4}[ -]\d{1,7}|"
    r"3\d{3}[ -]\d{6}[ -]\d{5})(?![\w-]|[.,]\d)"
)
_PHONE = (
    r"(?<![\w.+])\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,4}){1,4}(?!\w)"
    r"|(?<![\w.-])\(\d{2,4}\)[ .-]?\d{3,4}[ .-]\d{3,4}(?!\w)"
    r"|(?<![\w.-])\d{3}[.-]\d{3}[.-]\d{4}(?![\w.-])"
    r"|(?<![\w.,-])0\d{2,4}[ /-]\d{3,4}[ -]?\d{3,5}(?![\w.-])"
)

_FORMS = {
    "named": _NAMED,
    "key": f"{_KEY}|{_IN_URL}",
    "email": _EMAIL,
    "account": _IBAN,
    "card": _CARD,
    "phone": _PHONE,
}
_ANY = re.compile("|".join(f"(?P<{kind}>{form})" for kind, form in _FORMS.items()), re.DOTALL)
_HINT = re.compile(
    r"@|\d[\d .()/-]{5,}\d|[A-Z]{2}\d{2}|eyJ|-----BEGIN|[-_]\w{16}|\w{40}|"
    r"(?i:bearer|basic|passw|secret|token|key)|AKIA|ASIA|AIza"
)
"""Most texts hold none of these, and are not looked at further."""


def redacted(text: str) -> str:
    """`text` with `[email]`, `[phone]`, `[card]`, `[account]` or `[key]` in place of such data."""
    return _ANY.sub(_replaced, text) if _HINT.search(text) else text


def _replaced(match: re.Match[str]) -> str:
    kind, found = str(match.lastgroup), match.group()
    if kind == "named":
        return f"{match['name']}[key]"
    check = _CHECKS.get(kind)
    if check is not None and not check(found):
        return found
    return f"[{kind}]"


def _luhn(text: str) -> bool:
    """The checksum of payment cards (ISO/IEC 7812-1)."""
    digits = [int(one) for one in text if one.isdigit()]
    doubled = (one * 2 - 9 if one > 4 else one * 2 for one in digits[-2::-2])
    return len(set(digits)) > 1 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _iban(text: str) -> bool:
    """The checksum of bank accounts (ISO 13616): modulo 97."""
    whole = text.replace(" ", "")
    moved = whole[4:] + whole[:4]
    return 15 <= len(whole) <= 34 and int("".join(str(int(one, 36)) for one in moved)) % 97 == 1


def _long(text: str) -> bool:
    """As long as telephone numbers are (ITU-T E.164)."""
    return 8 <= sum(one.isdigit() for one in text) <= 15


_CHECKS: dict[str, Callable[[str], bool]] = {"card": _luhn, "account": _iban, "phone": _long}
