"""The seventh set of held-out questions, the last one: no example has been added since.

When they were first asked, 52 of 53 were answered rightly and 21 of 23 without an answer refused;
the two others led to a better rule for names that nobody knows.
"""

from tests.support.chat_held_out import HeldOut

SEVENTH = (
    HeldOut(
        "Could you pull up everything we're long at the moment", ("positions",), ("31 shares",)
    ),
    HeldOut("ibm holding size?", ("positions",), ("120 shares of XNYS:IBM",)),
    HeldOut(
        "how's our microsoft line looking, share count i mean", ("positions",), ("400 shares",)
    ),
    HeldOut("do i hold more than 100 ibm", ("positions",), ("120 shares of XNYS:IBM",)),
    HeldOut("anything in facebook at all?", ("positions",), ("0 shares of XNYS:FB",)),
    HeldOut("whats the value of my aple shares", ("positions",), ("31 shares of XNYS:AAPL",)),
    HeldOut("tell me the cash level after this morning's trades", ("cash",), ("42,815.37 USD",)),
    HeldOut("do we have the cash to buy some more?", ("cash",), ("42,815.37 USD",)),
    HeldOut("free cahs", ("cash",), ("42,815.37 USD",)),
    HeldOut("what's the whole desk worth", ("equity",), ("99,928.74 USD",)),
    HeldOut("equity figure as of now", ("equity",), ("99,928.74 USD",)),
    HeldOut("how much did the broker get from us", ("fees",), ("17.42 USD",)),
    HeldOut("Are we making any money on IBM?", ("result",), ("318.00 USD",)),
    HeldOut("what's the unrealized pnl in msft", ("result", "positions"), ("-124.00 USD",)),
    HeldOut("how much have we lost since inception", ("result",), ("71.26 USD",)),
    HeldOut("have we booked any gains in apple", ("result",), ("120.50 USD",)),
    HeldOut("is this the paper desk", ("mode",), ("paper",)),
    HeldOut("do orders go to market without my approval", ("mode",), ("automatic",)),
    HeldOut("how much of the portfolio can one stock take up", ("limits",), ("35 %",)),
    HeldOut("is our kill switch engaged right now", ("halted",), ("not halted",)),
    HeldOut("what can we trade on this desk", ("instruments",), ("XNYS:FB",)),
    HeldOut("orders outstanding?", ("orders",), ("12 shares of XNYS:GOOG",)),
    HeldOut("did the google order get done", ("orders", "fills"), ("XNYS:GOOG",)),
    HeldOut("do we have anything working in microsoft", ("orders",), ("0 open orders",)),
    HeldOut("what time did we get filled on ibm", ("fills",), ("14:46 UTC",)),
    HeldOut("list today's executions", ("fills",), ("648.71 USD", "208.30 USD")),
    HeldOut("What were yesterday's purchases?", ("fills",), ("45 shares", "400 shares")),
    HeldOut("where did we sell the apple", ("fills",), ("648.71 USD",)),
    HeldOut("what are the current buy signals", ("signals",), ("XNYS:GOOG",)),
    HeldOut("has microsoft had a signal today", ("signals",), ("12 %",)),
    HeldOut("what's the agent's opinion of ibm", ("signals", "why"), ("25 %",)),
    HeldOut("Please explain why Apple's weight was cut", ("why",), ("-0.11 from momentum",)),
    HeldOut("what's driving the google buy", ("why",), ("0.07 from momentum",)),
    HeldOut("reason for buying ibm??", ("why",), ("0.31 from momentum",)),
    HeldOut("what does the policy want us to hold in apple, percentwise", ("weights",), ("20 %",)),
    HeldOut("show target allocation per stock", ("weights",), ("XNYS:IBM 25 %",)),
    HeldOut("whats the name of the champion policy", ("policy",), ("rule:momentum@1",)),
    HeldOut("did we promote a challenger overnight", ("verdict",), ("champion kept",)),
    HeldOut("explain last night's verdict", ("verdict",), ("0.17 lower",)),
    HeldOut("how did the trials go", ("trials",), ("3 trials",)),
    HeldOut("which agent has the pod at this hour", ("phase",), ("Trading holds the pod",)),
    HeldOut("whats next on the schedule after trading", ("phase",), ("A pause comes next",)),
    HeldOut("market opens when tomorow", ("opens",), ("2012-10-17 13:30",)),
    HeldOut("when's the next time the market is open", ("opens",), ("2012-10-17 13:30",)),
    HeldOut("is friday's close at the usual time or when is wednesday's", ("closes", "opens"), ()),
    HeldOut("what time do we finish trading", ("closes",), ("2012-10-16 20:00",)),
    HeldOut("any overrides scheduled for this evening?", ("overrides",), ("olga",)),
    HeldOut("and in ibm?", ("positions",), ("120 shares",), ("how many apple shares do we have",)),
    HeldOut("why did we sell it?", ("why",), ("-0.11 from",), ("did we sell apple today",)),
    HeldOut("what's the pnl on it", ("result",), ("-124.00",), ("whats our msft position",)),
    HeldOut("and the sells", ("fills",), ("14 shares",), ("show me todays buys",)),
    HeldOut("what about tomorrow", ("closes",), ("10-17 20:00",), ("what time do we close today",)),
    HeldOut("and my cash?", ("cash",), ("42,815.37",), ("what's my equity", "and the fees?")),
)

SEVENTH_UNKNOWN = (
    "how many verizon shares do we have",
    "what's johnson and johnson trading at",
    "pnl on our ford position",
    "why did the agent buy Qualcomm",
    "will microsoft be higher next week",
    "whats the expected move in apple",
    "how is trader2 doing today",
    "what is in anna's book",
    "whats the news on google today",
    "how many calls are we short",
    "what's the margin on the ibm position",
    "what was our profit in september",
    "what's our best month so far",
    "turn the desk off",
    "what time does frankfurt open",
    "eurusd?",
    "how much is a pint of beer",
    "who was the first man on the moon",
    "whats my employee id",
    "can you code me a bot",
)

SEVENTH_ADVICE = ("should we be selling apple here", "what's the best stock in our list to own")
