"""Words that give an intent away, as one pattern each, over text in lower case.

Data only: `intents.py` weighs them against likeness.
"""

from ai_pod.agents.chatbot.examples import Intent

PATTERNS: dict[Intent, str] = {
    Intent.POSITIONS: r"positions?|holdings?|hold|holding|own|portfolio|long|short|exposed",
    Intent.CASH: r"cash|buying power|liquid|uninvested",
    Intent.EQUITY: r"equity|net worth|(account|desk|portfolio) (worth|value)|worth|total value",
    Intent.FEES: r"fees?|commissions?|paid in costs|trading costs",
    Intent.RESULT: r"p ?& ?l|pnl|profits?|loss|losses|lost|gain(s|ed)?|made|making money|"
    r"earn(ed|ing)?|results?|unreali[sz]ed|reali[sz]ed|performance|up or down|returned?|doing",
    Intent.MODE: r"paper|live|real money|automatic(ally)?|autopilot|advisory|manual",
    Intent.LIMITS: r"limits?|limited|allowed|maximum|max|cap|largest|biggest|leverage|"
    r"how (big|large)|may i|may one|most i (can|may)",
    Intent.HALTED: r"halted|halt|kill ?switch|stopped|blocked",
    Intent.INSTRUMENTS: r"(which|what) (instruments|stocks|tickers|symbols)|instruments|universe",
    Intent.ORDERS: r"orders?|pending|working|outstanding",
    Intent.FILLS: r"fills?|filled|executions?|executed|trades?|traded|bought|sold|buys?|sells?|"
    r"transactions?",
    Intent.SIGNALS: r"signals?|decisions?|decided|recommend\w*",
    Intent.WHY: r"why|reasons?|because|contribut\w*|drove|driven|explain|explanation|"
    r"caused?|behind",
    Intent.WEIGHTS: r"weights?|allocations?|targets?",
    Intent.POLICY: r"polic(y|ies)|champion|strategy|model",
    Intent.VERDICT: r"verdict|gate|promoted?|rejected|challenger|kept|judge\w*",
    Intent.TRIALS: r"trials?|seeds?|trained|training|learned|learnt|last night|learning agent",
    Intent.PHASE: r"phase|pod|who holds|holds the|in charge|active agent|which agent|running|"
    r"trading or learning|learning now|trading now|is the market open|market (is )?open now|paused|"
    r"schedule|plan|shift|until when|next phase|after that|planned next|"
    r"comes (next|after)|afterwards",
    Intent.OPENS: r"opens?|opening|trading (start|begin|resume)s?|next session|market hours",
    Intent.CLOSES: r"closes?|closing|closed|trading (end|stop|finish)(es|s)?|market hours|"
    r"learning (start|begin)s?",
    Intent.OVERRIDES: r"overrides?|overridden|overrule\w*",
    Intent.PRICE: r"prices?|quotes?|quoted|trading at|trades at|last|costs?|cost|(one|a|per) share",
    Intent.TIME: r"time is it|what time|the time|clock|date today|today s date|"
    r"(what|which) day|date",
    Intent.HELP: r"help|can you (do|answer|tell)|able to|who are you|hello|hi|abilities",
    Intent.ADVICE: r"should (i|we)|shall (i|we)|would you|advice|advise|"
    r"good (investment|idea|time)|worth buying",
    Intent.NOTES: r"what (is|are) (an? |the )?\w+( \w+)?$|what s (an? |the )?\w+( \w+)?$|"
    r"meaning|mean|means|define|definition|explain|how (does|do|is|are)|who can|what happens|"
    r"difference between|tell me about|describe",
    Intent.OUTSIDE: r"(?!)",
}
