"""German sentences whose order of words English does not have: verbs that stand at the end, or in
two parts. Lower case, without umlauts; instruments are masked as `i0i`. English words that a frame
has put in end in `_`, so that nobody takes them for German.
"""

import re

_PARTICIPLES = {
    "gekauft": ("buy", "bought"),
    "verkauft": ("sell", "sold"),
    "bezahlt": ("pay", "paid"),
    "gezahlt": ("pay", "paid"),
    "verloren": ("lose", "lost"),
    "gewonnen": ("gain", "gained"),
    "verdient": ("earn", "earned"),
    "gehandelt": ("trade", "traded"),
    "geschlossen": ("close", "closed"),
    "geoeffnet": ("open", "opened"),
    "eroeffnet": ("open", "opened"),
    "entschieden": ("decide", "decided"),
    "trainiert": ("train", "trained"),
    "gelernt": ("learn", "learned"),
    "ausgefuehrt": ("fill", "filled"),
    "abgelehnt": ("reject", "rejected"),
    "entwickelt": ("do", "done"),
    "bewegt": ("move", "moved"),
    "veraendert": ("change", "changed"),
    "gemacht": ("make", "made"),
    "getan": ("do", "done"),
    "bekommen": ("get", "got"),
    "gelaufen": ("go", "gone"),
    "ausgegangen": ("go", "gone"),
    "ausgefallen": ("turn_ out", "turned_ out"),
    "gestiegen": ("rise", "risen"),
    "gefallen": ("fall", "fallen"),
    "ausgeloest": ("cause", "caused"),
}
_ENDED = "|".join(_PARTICIPLES)
_WENT = "gelaufen|ausgegangen|ausgefallen|gestiegen|gefallen"
_WHO = r"(?:ich|wir|du|sie|er|es|man|i\d+i|(?:der|das|die|mein|unser) [a-z]+)"
_ON_SCREEN = r"(?:das|dies(?:e[srn]?)?)(?: (?:urteil|entscheidung|signal))?(?: hier)?"
_PLEASE = (
    r"^(?:(?:bitte|ich moechte|ich will|ich wuerde gern|ich wuerde gerne|wir wollen|wir moechten|"
    r"kannst du|koenntest du|koennen sie|koennten sie|gerne|jetzt|und|dann|mir|fuer mich)[ ,]+)*"
)
_NO_ASKING = (
    r"(?!wann|wie|was|warum|wieso|wer|wo|ob|soll|sollte|darf|muss|kann ich|koennen wir|ist|hat)"
)
_DONE = {
    "kaufen": "buy",
    "verkaufen": "sell",
    "stornieren": "cancel",
    "senken": "lower",
    "verringern": "lower",
    "erhoehen": "increase",
    "begrenzen": "limit",
    "setzen": "set",
    "aendern": "change",
    "pausieren": "pause",
    "anhalten": "halt",
    "schliessen": "close",
}
_ORDERED = {
    "kaufen sie": "buy",
    "verkaufen sie": "sell",
    "kauf": "buy",
    "kaufe": "buy",
    "verkauf": "sell",
    "verkaufe": "sell",
    "storniere": "cancel",
    "widerrufe": "cancel",
    "senke": "lower",
    "senk": "lower",
    "verringere": "lower",
    "reduziere": "lower",
    "erhoehe": "increase",
    "erhoeh": "increase",
    "begrenze": "limit",
    "setze": "set",
    "setz": "set",
    "stelle": "set",
    "aendere": "change",
    "pausiere": "pause",
    "stoppe": "stop",
    "stopp": "stop",
    "beende": "stop",
    "starte": "start",
    "schliesse": "close",
    "schliess": "close",
    "liquidiere": "liquidate",
}

_FRAMES = tuple(
    (re.compile(form), said)
    for form, said in (
        (rf"{_PLEASE}(?:schalte?|schalten sie) (.+) (?:aus|ab)$", r"turn_ off_ \1"),
        (rf"{_PLEASE}(?:schalte?|schalten sie) (.+) (?:ein|an)$", r"turn_ on_ \1"),
        (rf"{_PLEASE}(.+) (?:ausschalten|abschalten)$", r"turn_ off_ \1"),
        (rf"{_PLEASE}(.+) (?:einschalten|anschalten)$", r"turn_ on_ \1"),
        (rf"{_PLEASE}halte? alles an$", "stop_ everything_"),
        (rf"{_PLEASE}halte? (.+) an$", r"halt_ \1"),
        (
            rf"{_PLEASE}halte? (?!ich\b|wir\b)(.+?)( (?:bis|fuer) .+)? "
            r"(?:im|in der|in) (lernen|handel|pause)$",
            r"keep_ \1 in_ \3\2",
        ),
        (rf"{_PLEASE}loese? (.+) auf$", r"close_ \1"),
        (rf"{_PLEASE}nimm (.+?)(?: wieder)? auf$", r"resume_ \1"),
        (rf"{_PLEASE}setze? (.+?) fort$", r"resume_ \1"),
        (
            rf"{_PLEASE}(?:(?:zieh|ziehe|drueck|druecke|betaetige|aktiviere) (?:den |die )?)?"
            r"(?:not aus|notaus|notschalter|kill switch)(?: (?:ziehen|druecken))?$",
            "pull_ the_ kill_ switch_",
        ),
        (r"^was (?:wurde|ist) (?:daraus|davon|aus (?:dem|diesem) signal)(?: geworden)?$",
         "what_ became_ of_ this_"),
        (r"^was ist (?:das|dies)$", "what_ is_ this_"),
        (r"\bwie lief(?:en)? (.+?)( heute| gestern| bisher)?$", r"how_ did_ \1 do_\2"),
        (rf"^was (?:habe|haben|hat) ({_WHO})( heute| gestern)? gemacht$", r"what_ did_ \1 do_\2"),
        (r"^(?:um )?wann mach(?:t|en) (.+) (?:zu|dicht)$", r"when_ does_ \1 close_"),
        (r"^(?:um )?wann mach(?:t|en) (.+) auf$", r"when_ does_ \1 open_"),
        (rf"\bdas(?= (?:{_ENDED})\b)|\bdas$", "dieses"),
        (rf"^was (?:bedeutet|heisst) ({_ON_SCREEN})$", r"what_ does_ \1 mean_"),
        (rf"^was sagt ({_ON_SCREEN})$", r"what_ does_ \1 say_"),
        (r"\bwird (.*?)gehandelt\b", r"is_ there_ trading_ \1"),
        (r"\bist (?:das|dies|es) (?=(?:gelaufen|ausgegangen)\b)", "ist dieses "),
        (r"\b(?:mit )?(?:einem )?stopp?(?: bei| von)?(?= \d)", "with_ a_ stop_ at_"),
        (r"\b(?:mit )?(?:einem )?limit(?: bei| von)?(?= \d)", "with_ limit_"),
        (r"\b(?:zu|bei)(?= \d)", "at_"),
        (r"\bauf(?= \d)", "to_"),
        (r"\bum(?= \d\d:\d\d)", "at_"),
        (r"(?<=\d) mal (?=\d)", " times_ "),
        (r"(?<=%) (?:meines|meiner)\b|(?<=prozent) (?:meines|meiner)\b", " of_ my_"),
        (r"\bvor (\w+) (tag|woche|monat|jahr|stunde|minute)(?:e?n)?\b", r"\1 \2 ago_"),
        (r"\bvor (?:einer|einem) (tag|woche|monat|jahr|stunde|minute)\b", r"1 \1 ago_"),
    )
)  # fmt: skip
_MAY = re.compile(
    r"\b(kann|koennen|darf|duerfen|soll|sollte|sollen|sollten) (ich|wir) (.*?) ?"
    r"(kaufen|verkaufen|verlieren|stornieren|handeln)\b"
)
_ACTIVE = re.compile(rf"\b(?:habe|hab|haben|hast|hat) ({_WHO}) ((?:\S+ )*?)({_ENDED})\b")
_MOVED = re.compile(rf"\b(?:ist|sind) ((?:\S+ )*?)({_WENT})\b")
_PASSIVE = re.compile(rf"\b(?:wurde|wurden) ((?:\S+ )*?)({_ENDED})\b")
_LAST = re.compile(rf"{_PLEASE}{_NO_ASKING}(\S.*?) ({'|'.join(_DONE)})\b(?! sie\b)(.*)$")
_FIRST = re.compile(rf"{_PLEASE}({'|'.join(_ORDERED)})\b")

WORDS = frozenset(
    word
    for words in (*_PARTICIPLES, *_DONE, *_ORDERED, "halte", "schalte", "loese", "wurde", "wurden")
    for word in words.split()
    if word not in ("sie", "kauf")
)
"""Known by the frames alone."""


def in_order(text: str) -> str:
    """`text` with its verbs where English has them; the other words stay German."""
    for form, said in _FRAMES:
        text = form.sub(said, text)
    if found := _FIRST.match(text):
        rest = text[found.end() :].strip().removesuffix(" wieder")
        return f"{_polite(text)}{_ORDERED[found[1]]}_ {rest}"
    if found := _LAST.match(text):
        return f"{_polite(text)}{_DONE[found[2]]}_ {found[1]}{found[3]}"
    text = _MAY.sub(r"\1 \2 \4 \3", text)
    text = _ACTIVE.sub(lambda one: f"did_ {one[1]} {_PARTICIPLES[one[3]][0]}_ {one[2]}", text)
    text = _MOVED.sub(lambda one: f"did_ {one[1]}{_PARTICIPLES[one[2]][0]}_", text)
    return _PASSIVE.sub(lambda one: f"was_ {one[1]}{_PARTICIPLES[one[2]][1]}_", text)


def _polite(text: str) -> str:
    """What keeps a request that is put as a question one."""
    return "can_ you_ " if re.search(r"^(?:bitte )?(?:kann|koenn)", text) else ""
