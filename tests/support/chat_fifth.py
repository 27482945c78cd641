"""The fifth set of held-out questions, as other people type them: a formal one, a beginner, one who
dictates, one in a hurry.

When they were first asked, 45 of 51 were answered rightly, one of them against an expectation that
was wrong and has been mended, and 22 of 24 without an answer refused.
"""

from tests.support.chat_held_out import HeldOut

FIFTH = (
    HeldOut("Kindly list my present holdings.", ("positions",), ("31 shares", "400 shares")),
    HeldOut("i think i bought some apple, how many do i have now", ("positions",), ("31 shares",)),
    HeldOut("msft how many and what price", ("positions", "fills"), ("400 shares", "29.80 USD")),
    HeldOut("Is International Business Machines in my account?", ("positions",), ("120 shares",)),
    HeldOut("whcih stock do i own the most of", ("positions",), ("120 shares of XNYS:IBM",)),
    HeldOut("did we ever get into google", ("positions", "fills"), ("XNYS:GOOG",)),
    HeldOut("How much of my capital is presently uninvested?", ("cash",), ("42,815.37 USD",)),
    HeldOut("could i afford another trade, cash wise", ("cash",), ("42,815.37 USD",)),
    HeldOut("Please state the current value of my account.", ("equity",), ("99,928.74 USD",)),
    HeldOut("i started with 100k what do i have now", ("equity", "result"), ("100,000.00 USD",)),
    HeldOut("How high are the fees I have been billed?", ("fees",), ("17.42 USD",)),
    HeldOut("am i loosing money", ("result",), ("71.26 USD",)),
    HeldOut("what would be my gain if i sold microsoft", ("result", "positions"), ("-124.00",)),
    HeldOut("Has the Apple position generated a profit?", ("result", "positions"), ("160.27",)),
    HeldOut("is this pretend trading or does it count", ("mode",), ("paper",)),
    HeldOut(
        "whats the maximum number of orders i can send per minute", ("limits",), ("20 orders",)
    ),
    HeldOut("How much may a single position weigh?", ("limits",), ("35 %",)),
    HeldOut("has my trading been disabled by somebody", ("halted",), ("not halted",)),
    HeldOut("what stuff am i allowed to trade on here", ("instruments", "limits"), ()),
    HeldOut("Are any of my orders still awaiting execution?", ("orders",), ("12 shares",)),
    HeldOut("google order whats happening", ("orders",), ("12 shares of XNYS:GOOG",)),
    HeldOut("when did my ibm order go through", ("fills", "orders"), ("14:46 UTC",)),
    HeldOut("Which transactions took place on my desk yesterday?", ("fills",), ("45 shares",)),
    HeldOut("give me the last 3 trades", ("fills",), ("208.30 USD",)),
    HeldOut("does the computer want to buy or sell google", ("signals", "why"), ("to 9 %",)),
    HeldOut("Which signals were issued most recently?", ("signals",), ("2 signals",)),
    HeldOut("y did it buy ibm??", ("why",), ("0.31 from momentum",)),
    HeldOut("i dont understand the microsoft signal", ("why",), ("-0.024 from momentum",)),
    HeldOut("What was the motivation for reducing Apple?", ("why",), ("-0.11 from momentum",)),
    HeldOut("what percentage should apple be", ("weights",), ("XNYS:AAPL 20 %",)),
    HeldOut("Please show the intended portfolio weights.", ("weights",), ("XNYS:IBM 25 %",)),
    HeldOut("what system is picking my stocks", ("policy",), ("rule:momentum@1",)),
    HeldOut("was there a winner last night", ("verdict",), ("champion kept",)),
    HeldOut("Has the challenger been rejected and for what reason?", ("verdict",), ("0.17 lower",)),
    HeldOut("how many times did it train last nite", ("trials",), ("3 trials",)),
    HeldOut("What is the pod currently occupied with?", ("phase",), ("Trading holds the pod",)),
    HeldOut("is it still open", ("phase", "opens", "closes"), ("2012-10-16 20:00",)),
    HeldOut("when can i start trading tomorow morning", ("opens",), ("2012-10-17 13:30",)),
    HeldOut("how many hours til they close", ("closes",), ("2012-10-16 20:00",)),
    HeldOut("At what time will trading cease on Thursday?", ("closes",), ("2012-10-18 20:00",)),
    HeldOut("is there going to be an interruption tonight", ("overrides", "phase"), ("21:15",)),
    HeldOut("Has the operator interfered with the plan?", ("overrides",), ("olga",)),
    HeldOut("how much for a microsoft share", ("price",), ("29.49 USD",)),
    HeldOut("ibm stock price pls", ("price",), ("210.95 USD",)),
    HeldOut("and google", ("price",), ("744.70 USD",), ("ibm stock price pls",)),
    HeldOut("how much of it do i own", ("positions",), ("120 shares",), ("whats ibm trading at",)),
    HeldOut("what about msft?", ("why",), ("-0.024 from",), ("why did we sell apple", "and ibm?")),
    HeldOut("and yesterday?", ("fills",), ("45 shares",), ("which shares did we buy today?",)),
    HeldOut("ok why", ("verdict",), ("0.17 lower",), ("was a new champion chosen?",)),
    HeldOut("and when does it open again?", ("opens",), ("10-17 13:30",), ("when do they close",)),
    HeldOut(
        "what about wednesday", ("closes",), ("10-17 20:00",), ("when does trading end today",)
    ),
)

FIFTH_UNKNOWN = (
    "how many shares of general motors do i have",
    "whats my avg price in starbucks",
    "did we sell any caterpillar today",
    "Which signals were issued for Siemens?",
    "does the computer think apple will go higher",
    "what will my account be worth at christmas",
    "how high will ibm be tonight",
    "What did Mr Miller buy this morning?",
    "how much money has the desk in london made",
    "what was microsofts profit last quarter",
    "has apple launched a new phone",
    "What is the strike price of my option?",
    "do i need to post collateral",
    "how do i connect my bank account",
    "who is the mayor of new york",
    "how do you make pancakes",
    "whats the price of a barrel of brent",
    "what was the close of ibm last friday",
    "how many euros is that",
    "explain how put options work",
)

FIFTH_ADVICE = ("do you think i should sell microsoft before the close", "whats a safe stock")
