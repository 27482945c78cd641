"""Attempts to give the chatbot orders by text: rules in several languages.

They only decide who words an answer. No text can cause a write: what is read, and for whom, is
decided by code, and a model has no tools. A text that trips a rule is not given to a model.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from enum import StrEnum

from ai_pod.agents.chatbot.letters import seen, skeleton


class Attempt(StrEnum):
    """What a text tries."""

    OVERRULE = "overrule"
    REVEAL = "reveal"
    IMPERSONATE = "impersonate"
    MARKUP = "markup"
    FOREIGN = "foreign"


_NEAR = r"[^.!?\n]{0,60}?"

_OVERRULE = (
    # English, German, Spanish, French, Italian and Portuguese, Chinese; without accents
    rf"\b(ignore|disregard|forget|bypass|override|overrule|drop|skip|discard|neglect|"
    rf"cancel)\b{_NEAR}"
    r"\b(instruction|direction|rule|prompt|guideline|restriction|constraint|polic(y|ies) above|"
    r"safeguard|guardrail|filter|your training|everything (above|before|you)|all (of )?the above|"
    r"what (you were|i) told|previous (message|text|conversation))",
    r"\b(new|real|updated|actual|following) (system )?(instruction|prompt|rule)s?\s*(:|are\b|"
    r"follow)",
    r"\b(do not|don t|don't|stop|never) (follow|obey|apply|respect|listen to)\b[^.!?\n]{0,40}"
    r"\b(instruction|rule|prompt|guideline|restriction|polic)",
    r"\b(from now on|henceforth|starting now)\b[^.!?\n]{0,30}\byou\b",
    rf"\b(ignorier|vergiss|vergesse|missachte|uberschreib|umgeh|verwirf|lass)\w*\b{_NEAR}"
    r"\b(anweisung|regel|vorgabe|instruktion|prompt|einschrankung|richtlinie|alles (bisher|"
    r"davor|obige))",
    r"\b(ab (jetzt|sofort)|von nun an)\b[^.!?\n]{0,30}\b(du|sie)\b",
    rf"\b(ignor|olvid|descart|omit|salt|anul)\w*\b{_NEAR}"
    r"\b(instruccion|regla|indicacion|orden(es)? (anterior|previa)|prompt|restriccion|directri|"
    r"todo lo anterior)",
    r"\b(a partir de ahora|de ahora en adelante)\b[^.!?\n]{0,30}\b(eres|seras|actua|responde)",
    rf"\b(ignor|oubli|neglig|contourn|outrepass|fai(s|tes) abstraction)\w*\b{_NEAR}"
    r"\b(instruction|regle|consigne|directive|prompt|restriction|tout ce qui precede)",
    r"\b(a partir de maintenant|desormais|dorenavant)\b[^.!?\n]{0,30}\b(tu|vous)\b",
    rf"\b(ignor|dimentic|esquec|desconsider|trascur)\w*\b{_NEAR}"
    r"\b(istruzion|regol|instruc(oes|ao)|regra|prompt|restric|restrizion)",
    r"(忽略|无视|忘记|忘掉|不要理会|不要遵守|不再遵守|绕过|跳过|覆盖).{0,20}"
    r"(指令|指示|规则|提示|说明|要求|限制|设定|内容|上面|之前|以上)",
    r"从现在(开始|起).{0,10}(你|您)",
)
_REVEAL = (
    r"\b(show|print|reveal|repeat|output|display|tell|give|leak|dump|write|translate|summari[sz]e|"
    r"encode|recite|quote|copy|paste|share|what (is|are|was|were)|expose)\b[^.!?\n]{0,50}"
    r"\b(system (prompt|message|instruction)|(your|the|initial|hidden|secret|original|full|exact) "
    r"(\w+ )?(prompt|instructions|guidelines|marker|canary)|prompt verbatim|everything above|"
    r"text above|words above|(your|the) (api|secret|access) (key|token)|developer message)",
    r"\b(zeig|nenn|gib|druck|wiederhol|verrat|ubersetz|schreib|wie laute[nt]|was (ist|sind))\w*\b"
    r"[^.!?\n]{0,50}\b(systemprompt|system-prompt|systemnachricht|systemanweisung\w*|"
    r"deine\w* (\w+ )?(anweisung|prompt|instruktion|regeln)\w*|alles oberhalb|obige\w* text)",
    r"\b(muestra|muestrame|revela|repite|imprime|dime|escribe|traduce|cual es|cuales son)\w*\b"
    r"[^.!?\n]{0,50}\b(prompt|mensaje del? sistema|tus (\w+ )?(instrucciones|reglas)|"
    r"instrucciones (iniciales|del sistema|ocultas|secretas)|todo lo de arriba)",
    r"\b(montre|affiche|revele|repete|imprime|dis|donne|ecris|traduis|quel(les)? (est|sont))\w*\b"
    r"[^.!?\n]{0,50}\b(prompt|message (du )?systeme|(tes|vos) (\w+ )?(instructions|consignes|"
    r"regles)|"
    r"instructions (initiales|systeme|cachees|secretes)|tout ce qui precede)",
    r"(显示|告诉|透露|重复|输出|打印|展示|泄露|翻译|给我|说出|写出|是什么).{0,20}"
    r"(系统提示|系统指令|提示词|系统消息|你的(指令|提示|规则)|上面的(内容|文字)|初始(指令|提示))",
    r"(系统提示|系统指令|提示词|你的(指令|提示)).{0,10}(是什么|显示|告诉|输出|重复)",
)
_IMPERSONATE = (
    r"\b(you are (now|no longer)|act as (if|though|a |an |my |the )|pretend (to be|you|that)|"
    r"play the role|role ?play|behave (like|as)|imagine (you|that you)|simulate (being|a))\b",
    r"\b(developer|dev|debug|god|admin|root|sudo|jailbreak|unrestricted|dan|maintenance|"
    r"opposite) mode\b",
    r"\b(do anything now|jailbr(eak|oken)|no (restrictions|rules|limits|filters|guidelines)|"
    r"without (any )?(restrictions|rules|limits|filters|censorship)|unfiltered|uncensored)\b",
    r"\bi am (your|the) (developer|administrator|admin|creator|owner|operator|system|boss of)\b",
    r"\b(du bist (jetzt|nun|ab)|tu so als|spiel(e)? die rolle|stell dir vor,? du|"
    r"verhalte dich (wie|als)|"
    r"entwicklermodus|ohne (regeln|einschrankungen|filter)|ich bin (dein|der) (entwickler|"
    r"administrator))",
    r"\b(ahora eres|actua como|finge (ser|que)|haz de cuenta|modo (desarrollador|dios|admin)|"
    r"sin (reglas|restricciones|filtros|limites)|soy (tu|el) (desarrollador|administrador|"
    r"creador))",
    r"\b(tu es (maintenant|desormais)|vous etes (maintenant|desormais)|fais (semblant|comme si)|"
    r"agis (comme|en tant)|joue le role|mode (developpeur|dieu|admin)|"
    r"sans (regles|restrictions|filtres|limites)|je suis (ton|votre|le) (developpeur|"
    r"administrateur|createur))",
    r"(你现在是|假装(你)?是|扮演|角色扮演|开发者模式|越狱|没有(任何)?(限制|规则)|不受(任何)?限制|"
    r"我是(你的)?(开发者|管理员|创造者))",
)
_MARKUP = (
    r"<\|?/?\s*(im_start|im_end|system|endoftext|start_header_id|eot_id|assistant|facts|passages|"
    r"instructions?|tool_call|function_call)\b",
    r"\[/?(inst|sys|system)\]|<</?sys>>",
    r"^\s*(#+\s*)?(system|assistant|developer)( message| prompt)?\s*:",
    r"\"?(tool_calls?|function_call)\"?\s*:",
    r"\b(begin|end) (of )?(system|admin|instructions?)\b",
)
_FOREIGN = (
    r"\b(another|other|different|somebody else s|someone else s|all|every|any) "
    r"(user|client|customer|tenant|organi[sz]ation|account holder)s?\b[^.!?\n]{0,40}"
    r"\b(position|balance|cash|order|desk|data|trade|account|password|key)",
    r"\b(positions?|balances?|cash|orders?|desks?|trades?|accounts?|passwords?|keys?) of "
    r"(another|other|different|somebody else|someone else|all|every|any) "
    r"(user|client|customer|tenant|organi[sz]ation)",
    r"\bdesk[-_ ](id )?[a-z0-9]*\d[a-z0-9]*\b|\borgani[sz]ation[-_](id )?\w*\d\w*\b",
    r"\b(run|execute|call|invoke|use) (the )?(tool|function|command|sql|shell|python|code)\b",
)

_RULES = {
    Attempt.OVERRULE: _OVERRULE,
    Attempt.REVEAL: _REVEAL,
    Attempt.IMPERSONATE: _IMPERSONATE,
    Attempt.MARKUP: _MARKUP,
    Attempt.FOREIGN: _FOREIGN,
}
_COMPILED = {
    attempt: re.compile("|".join(f"(?:{rule})" for rule in rules), re.MULTILINE)
    for attempt, rules in _RULES.items()
}

_LEET = str.maketrans("01345@$7", "oieasast")
_MIXED = re.compile(r"\b(?=\w*[a-z])(?=\w*[0134578@$])[a-z0-9@$]{4,}\b")
_SPACED = re.compile(r"(?<!\w)(?:\w[ .*_-]){3,}\w(?!\w)")
_ENCODED = re.compile(r"[A-Za-z0-9+/]{20,}={0,2}")


def attempted(text: str) -> Attempt | None:
    """The first rule that `text` trips, in any of the readings that a model may find in it."""
    for reading in _readings(text):
        for attempt, pattern in _COMPILED.items():
            if pattern.search(reading):
                return attempt
    return None


def _readings(text: str) -> Iterator[str]:
    plain = skeleton(text)
    yield plain
    if _MIXED.search(plain):
        yield _MIXED.sub(lambda match: match.group().translate(_LEET), plain)
    if _SPACED.search(plain):
        yield _SPACED.sub(lambda match: re.sub(r"[ .*_-]", "", match.group()), plain)
    for encoded in _ENCODED.findall(seen(text)):
        if hidden := _decoded(encoded):
            yield skeleton(hidden)


def _decoded(encoded: str) -> str:
    """What base64 holds; empty if it is no text."""
    whole = encoded.rstrip("=")
    try:
        hidden = base64.b64decode(whole + "=" * (-len(whole) % 4), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return hidden if hidden.isprintable() else ""
