"""Questions for what the market day has brought, none of them an example, and questions that look
like them and want something else; German ones beside. When they were first asked, 21 of 27,
8 of 11 and 7 of 8 were answered rightly, or refused.
"""

from tests.support.chat_held_out import HeldOut

GAINED = ("512.31 USD", "0.52 %", "2012-10-15 20:00 UTC")
OF_IBM = ("0.00 USD was realised in XNYS:IBM", "318.00 USD")

TODAY = (
    HeldOut("how was my trading day", ("result",), GAINED),
    HeldOut("Am I up today?", ("result",), GAINED),
    HeldOut("how much money did I lose today?", ("result",), GAINED),
    HeldOut("what's our P&L for today", ("result",), GAINED),
    HeldOut("has it been a profitable day for the desk?", ("result",), GAINED),
    HeldOut("did we finish today with a gain or a loss so far?", ("result",), GAINED),
    HeldOut("today's return in percent please", ("result",), GAINED),
    HeldOut("How is the account performing today?", ("result",), GAINED),
    HeldOut("have I earned anything today", ("result",), GAINED),
    HeldOut("what's the damage today", ("result",), GAINED),
    HeldOut("How much profit was realised today?", ("result",), ("120.54 USD was realised",)),
    HeldOut("how much did my equity move today", ("result",), GAINED),
    HeldOut("and today?", ("result",), GAINED, after=("What is my profit and loss?",)),
    HeldOut("How much have we lost on IBM today?", ("result",), OF_IBM),
    HeldOut("What profit did we realise in Apple today?", ("result",), ("120.54 USD",)),
    HeldOut("Wie lief mein Desk heute?", ("result",), GAINED),
    HeldOut("Wie lief es heute?", ("result",), GAINED),
    HeldOut("Wie ist mein Desk heute gelaufen?", ("result",), GAINED),
    HeldOut("Wie viel habe ich heute verloren?", ("result",), GAINED),
    HeldOut("Wie viel haben wir heute verdient?", ("result",), GAINED),
    HeldOut("Bin ich heute im Plus?", ("result",), GAINED),
    HeldOut("Wie war mein Tag?", ("result",), GAINED),
    HeldOut("Wie hoch ist der heutige Gewinn?", ("result",), GAINED),
    HeldOut("Was ist mein Tagesergebnis?", ("result",), GAINED),
    HeldOut("Habe ich heute Geld verdient?", ("result",), GAINED),
    HeldOut("Wie viel habe ich heute mit IBM verloren?", ("result",), OF_IBM),
    HeldOut("und heute?", ("result",), GAINED, after=("Wie hoch ist mein Gewinn?",)),
)

OTHERWISE = (
    HeldOut("what was done by the desk today", ("fills",), ("2 fills", "648.71 USD")),
    HeldOut("what have we bought and sold today", ("fills",), ("208.30 USD",)),
    HeldOut("how many trades were there today", ("fills",), ("2 fills",)),
    HeldOut("how much may I lose today at most?", ("limits",), ("4 %",)),
    HeldOut("How much have I lost since the start?", ("result",), ("100,000.00 USD",)),
    HeldOut("How much have I lost?", ("result",), ("100,000.00 USD",)),
    HeldOut("Wie viel habe ich bisher verloren?", ("result",), ("100,000.00 USD",)),
    HeldOut("Was haben wir heute gemacht?", ("fills",), ("2 fills",)),
    HeldOut("Wie viel darf ich heute verlieren?", ("limits",), ("4 %",)),
    HeldOut("Wie lief IBM heute?", ("statistics",), ("0.69 %",)),
    HeldOut("wann macht die Börse heute zu", ("closes",), ("20:00 UTC",)),
)

UNKNOWN = (
    "how did the nasdaq do today",
    "How was my day at school?",
    "how did the other desk do today",
    "How did my desk do yesterday?",
    "How much did I lose this week?",
    "Wie lief mein Desk gestern?",
    "Wie lief die Börse heute?",
    "Wie war das Wetter heute?",
)
