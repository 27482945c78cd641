"""Words that are numbers, in the languages that an answer may be written in.

English cardinals are read; all others are known as numbers and no more, so that nothing entails
them. Words that mean something else as well count by what stands around them.
"""

import re
from decimal import Decimal

_SMALL = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen
"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
CARDINALS = {word: value for value, word in enumerate(_SMALL.split())}
CARDINALS |= {word: 10 * tens for tens, word in enumerate(_TENS.split(), start=2)}
SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}

_ENGLISH = """
nil nought naught hundreds thousands millions billions trillions zillion lakh crore dozen dozens
double doubles doubled doubling triple triples tripled tripling treble trebled quadruple
quadrupled quintuple twice thrice half halve halves halved halving quarter quarters third thirds
fourth fourths fifth fifths sixth sixths seventh sevenths eighth eighths ninth ninths tenth tenths
eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth
twentieth twentieths thirtieth fortieth fiftieth hundredth hundredths thousandth thousandths
millionth decade decades century centuries fortnight noon midnight o'clock
"""
_GERMAN = """
eins zwei zwo drei vier fünf fuenf sechs sieben acht* neun zehn elf* zwölf zwoelf null* hundert
tausend hunderte tausende million millionen milliarde milliarden dutzend doppelt doppelte doppelten
verdoppelt verdoppelte verdoppeln dreifach verdreifacht vervierfacht verzehnfacht halb halbe halber
halbes halben halbiert hälfte haelfte drittel viertel fünftel zehntel einmal zweimal dreimal zweite
zweiter zweiten zweites dritte dritter dritten drittes vierte vierten fünfte zehnte mittag
mitternacht
"""
_SPANISH = """
cero uno dos* tres cuatro cinco seis siete ocho nueve diez once* doce trece catorce quince dieciséis
dieciseis diecisiete dieciocho diecinueve veinte treinta cuarenta cincuenta sesenta setenta ochenta
noventa cien ciento cientos doscientos doscientas trescientos trescientas cuatrocientos quinientos
quinientas seiscientos setecientos ochocientos novecientos mil* miles* millón millon millones docena
doble duplicado duplicó duplicar duplicaron triplicado triplicó mitad tercio cuarto quinto décimo
segundo* segunda* tercero tercera medio* media* mediodía medianoche
"""
_FRENCH = """
zéro deux trois quatre cinq six sept* huit neuf dix onze douze treize quatorze quinze seize* vingt
vingts trente quarante cinquante soixante septante nonante cent* cents* mille milliers millions
milliard milliards douzaine dizaine dizaines vingtaine centaine centaines doublé doublée doubler
triplé moitié tiers* quart demi demie deuxième troisième quatrième cinquième dixième premier*
première* second* seconde* minuit midi
"""
_OTHERS = """
due* tre* quattro cinque sei* sette otto* dieci undici dodici venti* trenta quaranta cinquanta cento
metà doppio raddoppiato dois duas três quatro sete* oito nove* dez* vinte trinta quarenta cinquenta
sessenta oitenta cem* dobro metade vijf zes zeven negen tien* twaalf twintig vijftig honderd duizend
miljoen helft verdubbeld
"""
"""Italian, Portuguese, Dutch."""

_MARKERS = {
    "de": "der die das und ist sind ihre ihr sie von auf mit ein eine aktien stück hat haben",
    "es": "el la los las de su sus usted tiene tienes en por que acciones órdenes hay son es",
    "fr": "le la les des du vous votre vos avez est sont dans pour actions ordres il une",
    "other": "il lo gli della azioni avete hai você tem ações suas het een jouw aandelen heeft",
}
_WORDS = dict(zip(_MARKERS, (_GERMAN, _SPANISH, _FRENCH, _OTHERS), strict=True))
_KNOWN = frozenset(
    one for words in (_ENGLISH, *_WORDS.values()) for one in words.split() if not one.endswith("*")
)
_DOUBTFUL = {
    language: frozenset(one.rstrip("*") for one in words.split() if one.endswith("*"))
    for language, words in _WORDS.items()
}
"""Words with a star mean something in English too: they count beside words of their language."""

_MARKED = {language: frozenset(words.split()) for language, words in _MARKERS.items()}

_GERMAN_PARTS = (
    "ein|eins|zwei|zwo|drei|vier|fünf|fuenf|sechs?|sieb(?:en)?|acht|neun|zehn|elf|zwölf|zwoelf|"
    "zwan|drei|ßig|ssig|zig|und|hundert|tausend|millionen?"
)
_COMPOUND = re.compile(
    rf"(?:{_GERMAN_PARTS}){{2,}}(?:s?te[nrs]?|mal|fach)?"
    r"|veinti\w+|dieci\w+|\w{2,}cient[oa]s|\w{2,}fold|(?:ver)?\w{2,}fach(?:t|e[nrs]?)?"
)
_OTHERWISE = """
manifold unfold scaffold blindfold enfold einfach mehrfach vielfach mannigfach vereinfacht
"""
_NO_NUMBER = frozenset(_OTHERWISE.split())
_CHINESE = re.compile(r"[两半倍双]")


def is_amount(word: str, sentence: frozenset[str]) -> bool:
    """Whether `word`, in lower case, is a number without a value to be read; `sentence` are the
    words beside it.
    """
    if word in _KNOWN or _CHINESE.search(word):
        return True
    if word not in _NO_NUMBER and _COMPOUND.fullmatch(word):
        return True
    return any(
        word in doubtful and sentence & _MARKED[language]
        for language, doubtful in _DOUBTFUL.items()
    )


def cardinal(words: list[str]) -> Decimal | None:
    """The value of an English cardinal, such as `three hundred and five`; None if it is none."""
    total, group, last = 0, 0, 10**15
    for at, word in enumerate(words):
        if word == "and":
            if at in (0, len(words) - 1) or words[at - 1] not in SCALES:
                return None
        elif word in CARDINALS:
            value = CARDINALS[word]
            if group % 100 and not (group % 10 == 0 and group % 100 >= 20 and 0 < value < 10):
                return None
            if value == 0 and len(words) > 1:
                return None
            group += value
        elif word == "hundred":
            if not 0 < group < 10:
                return None
            group *= 100
        else:
            scale = SCALES[word]
            if not group or scale >= last:
                return None
            total, group, last = total + group * scale, 0, scale
    return Decimal(total + group)
