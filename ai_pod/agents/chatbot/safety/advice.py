"""The policy on advice: signals are explained, and nobody is told what to do.

A policy is a version with its rules and its words; an answer tells the version that it was held to.
"""

import re

from ai_pod.agents.chatbot.letters import skeleton
from market.words import Word

_TRADE = (
    r"(buy|sell|hold|short|invest|exit|liquidate|dump|cut|add (to|more)|reduce|increase|close|"
    r"take profits?|buying|selling|holding|shorting|investing)"
)
_ENGLISH = (
    rf"\b(you|one|investors|traders)\b[^.!?]{{0,25}}\b(should|ought to|must|need to|had better|"
    rf"(may|might) want to|(could|may|might) consider|"
    rf"would do well to)\b[^.!?]{{0,50}}\b{_TRADE}\b",
    r"\b(i|we)( would| d|'d| can| do)?( strongly| personally)? (recommend|advise|suggest|urge)\b",
    rf"\b(consider|recommended to|advisable to|wise to|worth|better to|smart to)( \w+)? {_TRADE}\b",
    rf"\b(i|we)(\s?['’]?d| would)( \w+)? {_TRADE}\b",
    r"^(please |so |now |then |just )?(buy|sell|short|dump|hold)\b(?! (orders?|signals?|sides?|"
    r"and hold)\b)",
    rf"\b(good|great|right|perfect|best|ideal|bad|wrong) (time|moment|opportunity|idea|entry)\b"
    rf"[^.!?]{{0,20}}\b{_TRADE}\b",
    r"\b(will|is going to|are going to|is set to|is bound to|is (very )?likely to|is about to)"
    r"( \w+)? (rise|fall|go up|go down|drop|soar|rally|crash|gain|climb|recover|outperform|"
    r"underperform|double|triple|surge|plunge|jump)\b",
    r"\bguarantee(s|d)?\b|\b(can ?not|can't|cannot) lose\b|\brisk[- ]free\b|\beasy money\b|"
    r"\bsure thing\b",
    r"\b(undervalued|overvalued|a bargain|strong buy|must[- ]buy|no[- ]brainer)\b",
)
_GERMAN = (
    r"\b(sie|du|man|ihr)\b[^.!?]{0,30}\b(kaufen|verkaufen|halten|investieren)\b[^.!?]{0,10}\bsoll",
    r"\b(soll|muss|musst|mussen)\w*\b[^.!?]{0,50}\b(kaufen|verkaufen|halten|investieren|"
    r"aussteigen)\b",
    r"\b(ich|wir) (empfehl|rate|raten|wurde)\w*\b|\bempfehlenswert\b|\bratsam\b",
    r"\b(kaufen|verkaufen|halten) sie\b|^(kauf|kaufe|verkauf|verkaufe|halte)\b",
    r"\b(wird|werden)\b[^.!?]{0,40}\b(steigen|fallen|einbrechen|gewinnen|sinken)\b|\bgarantiert\b",
)
_SPANISH = (
    r"\b(deberia|debes|debe|deberias|tiene que|tienes que|conviene)\w*\b[^.!?]{0,40}"
    r"\b(comprar|vender|mantener|invertir)",
    r"\b(recomiendo|recomendamos|aconsejo|aconsejamos|sugiero|sugerimos)\b",
    r"^(compre|compra|venda|vende|mantenga|manten)\b|\b(compre|venda) (ya|ahora)\b",
    r"\b(subira|bajara|caera|va a (subir|bajar|caer))\b|\bgarantizad",
)
_FRENCH = (
    r"\b(devriez|devrais|devez|dois|faut|faudrait)\b[^.!?]{0,40}\b(acheter|vendre|conserver|"
    r"investir)",
    r"\b(je|nous) (vous |te )?(recommand|conseill|suggere)\w*\b",
    r"^(achetez|achete|vendez|vends|conservez)\b",
    r"\b(va|vont) (monter|baisser|chuter|grimper)\b|\bgaranti(e|s)?\b",
)
_CHINESE = (
    r"(应该|应当|建议|推荐|可以考虑|最好|不妨)[^。！？]{0,12}(买|卖|持有|加仓|减仓|投资)",
    r"(将会|会|必将|肯定)(上涨|下跌|大涨|暴跌|涨|跌)|保证(收益|盈利|赚)",
)
_DECLINED = re.compile(
    r"\b(no|not|never|cannot|can't|can not|don't|without|kein|keine|nicht|ningun|nunca|ne|aucun)\b"
    r"[^.!?]{0,30}\b(advi[cs]e|recommend|suggest|guarantee|rat|empfehl|consejo|recomiend|"
    r"conseil|recommand)"
    r"|不(会|能)?(提供|给出)?.{0,4}建议"
)


class AdvicePolicy(Word, frozen=True, kw_only=True):
    """One version. `rules` are patterns over a sentence in lower case without accents; `instead`
    stands in place of a sentence that they find; `disclaimer` closes a thread's first answer where
    the instructions have none.
    """

    version: int
    rules: tuple[str, ...]
    instead: str
    disclaimer: str

    def advises(self, sentence: str) -> bool:
        """Whether the sentence tells somebody what to do, or what a price will do."""
        plain = skeleton(sentence).strip(" -*>\"'“”")
        if _DECLINED.search(plain):
            return False
        return any(re.search(rule, plain) for rule in self.rules)


POLICY = AdvicePolicy(
    version=1,
    rules=(*_ENGLISH, *_GERMAN, *_SPANISH, *_FRENCH, *_CHINESE),
    instead="I explain signals, and give no advice to buy, sell or hold.",
    disclaimer="This explains what the policy does; it is no advice.",
)
"""The version in force."""
