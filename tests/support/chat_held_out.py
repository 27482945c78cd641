"""Questions written from the list of tools before any of them was asked, and that stand in no
example of the classifier: they judge it, and it is never tuned on one of them.

`tools` are those of which one must answer; a passage is named `notes:file/heading`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class HeldOut:
    """A question, the tools or passages that would be right, what the answer says then, and what
    was asked before it in its thread.
    """

    text: str
    tools: tuple[str, ...]
    says: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


FIRST = (
    HeldOut("What am I currently holding?", ("positions",), ("31 shares", "120 shares")),
    HeldOut("Give me a rundown of my book", ("positions",), ("31 shares", "120 shares")),
    HeldOut("are we long IBM right now", ("positions",), ("120 shares of XNYS:IBM",)),
    HeldOut("how big is our Microsoft stake?", ("positions",), ("400 shares of XNYS:MSFT",)),
    HeldOut("What did we pay for our Apple shares on average?", ("positions",), ("640.10 USD",)),
    HeldOut("do i have any facebook in the portfolio", ("positions",), ("0 shares of XNYS:FB",)),
    HeldOut("Which of my holdings is the biggest?", ("positions",), ("120 shares",)),
    HeldOut("How much dry powder do I still have in cash?", ("cash",), ("42,815.37 USD",)),
    HeldOut("what's my free cash", ("cash",), ("42,815.37 USD",)),
    HeldOut("What's the account worth all in?", ("equity",), ("99,928.74 USD",)),
    HeldOut("net liquidation value of my desk please", ("equity",), ("99,928.74 USD",)),
    HeldOut("What have commissions cost me so far?", ("fees",), ("17.42 USD",)),
    HeldOut("Am I up or down overall?", ("result",), ("71.26 USD",)),
    HeldOut("how much money have we made since inception", ("result",), ("71.26 USD",)),
    HeldOut("How is my Microsoft position doing, profit-wise?", ("result", "positions")),
    HeldOut("what did I realise on AAPL", ("result",), ("120.50 USD",)),
    HeldOut("Is this real money or paper?", ("mode",), ("paper",)),
    HeldOut("do my orders go out by themselves?", ("mode",), ("automatic",)),
    HeldOut("What's the biggest ticket I'm allowed to send?", ("limits",), ("25,000.00 USD",)),
    HeldOut("How much can I lose in one day before it stops?", ("limits",), ("4 %",)),
    HeldOut("show me the risk limits on this desk", ("limits",), ("35 %", "95 %")),
    HeldOut("what's my cap on gross exposure", ("limits",), ("95 %",)),
    HeldOut("Has the kill switch been pulled on us?", ("halted",), ("not halted",)),
    HeldOut("are we blocked from trading at the moment?", ("halted", "phase")),
    HeldOut("Which names does this desk trade?", ("instruments",), ("XNYS:FB",)),
    HeldOut("what's in my universe of stocks", ("instruments",), ("XNYS:FB",)),
    HeldOut("Anything still working in the market?", ("orders",), ("1 open order", "GOOG")),
    HeldOut("any unfilled orders out there?", ("orders",), ("1 open order",)),
    HeldOut("What's resting on Google?", ("orders",), ("12 shares of XNYS:GOOG",)),
    HeldOut("What were my last executions?", ("fills",), ("208.30 USD",)),
    HeldOut("at what price did we get filled on IBM", ("fills",), ("208.30 USD",)),
    HeldOut("Did we sell any Apple today?", ("fills",), ("648.71 USD",)),
    HeldOut("What are the newest signals?", ("signals",), ("XNYS:GOOG",)),
    HeldOut("has the agent flagged anything on IBM lately", ("signals",), ("25 %",)),
    HeldOut("Why did we go into IBM?", ("why",), ("0.31 from momentum",)),
    HeldOut("what drove the Microsoft sell signal?", ("why",), ("momentum",)),
    HeldOut("explain the Google signal to me", ("why",), ("0.07 from momentum",)),
    HeldOut("What weights is the policy targeting?", ("weights",), ("25 %",)),
    HeldOut("how much of the book should be in Apple according to the agent", ("weights",)),
    HeldOut("Which strategy am I running?", ("policy",), ("rule:momentum@1",)),
    HeldOut("who's the current champion?", ("policy",), ("rule:momentum@1",)),
    HeldOut("Did the challenger beat the champion last night?", ("verdict",), ("champion kept",)),
    HeldOut("why was the new policy not promoted?", ("verdict",), ("0.17 lower",)),
    HeldOut("How many trials ran overnight?", ("trials",), ("3 trials",)),
    HeldOut("what's the pod doing right now", ("phase",), ("Trading holds the pod",)),
    HeldOut("When's the opening bell tomorrow?", ("opens",), ("2012-10-17 13:30 UTC",)),
    HeldOut("until when can we trade today", ("closes",), ("2012-10-16 20:00 UTC",)),
    HeldOut("how long till the market shuts", ("closes",), ("2012-10-16 20:00 UTC",)),
    HeldOut("Has somebody scheduled a pause for tonight?", ("overrides", "phase"), ("21:15 UTC",)),
    HeldOut("last quote for Facebook?", ("price",), ("19.48 USD",)),
    HeldOut("What's the time in the market?", ("time",), ("2012-10-16 15:07 UTC",)),
    HeldOut(
        "Can you tell me what a superseded decision is?", ("notes:trading/superseded-decision",)
    ),
    HeldOut("how is slippage charged here", ("notes:trading/fees-and-costs",)),
    HeldOut("what happens on a half day", ("notes:schedule/half-days-and-holidays",)),
    HeldOut("define gross exposure", ("notes:risk/gross-exposure",), ()),
    HeldOut("why are the prices labelled synthetic?", ("notes:product/synthetic-data",)),
)

FIRST_UNKNOWN = (
    "What's my position in Tesla?",
    "how many shares of Nvidia do we have",
    "Give me the last price of gold",
    "What is ETHUSD trading at?",
    "How is the S&P 500 doing today?",
    "Is it going to rain in London this weekend?",
    "Where will Apple be in six months?",
    "what will IBM close at tomorrow",
    "Is Microsoft going to go up?",
    "How much tax do I owe on my gains?",
    "What is the capital gains tax rate in Germany?",
    "What positions does the desk of Peter have?",
    "How much money did the other traders make?",
    "Who is the CEO of Google?",
    "what is Apple's P/E ratio",
    "When does IBM report earnings?",
    "What dividend does Microsoft pay?",
    "Did the Fed raise interest rates?",
    "What's the dollar-yen exchange rate?",
    "Tell me a joke about bankers",
    "How old is the president of France?",
    "What did analysts say about Facebook this morning?",
    "Write me a Python script that sorts a list",
    "What is my password?",
    "how many people work at this company",
    "What was AAPL's highest price in 1999?",
)
"""Nothing here has a source for these."""

FIRST_ADVICE = (
    "Should I buy more Google?",
    "Is now a good time to sell my IBM?",
    "What would you do with 10,000 dollars?",
    "Can you recommend a stock?",
)
"""Refused as well, or answered by the note that no advice is given."""

SECOND = (
    HeldOut("Run me through what we own", ("positions",), ("31 shares", "120 shares")),
    HeldOut("what's our line of stock in IBM", ("positions",), ("120 shares of XNYS:IBM",)),
    HeldOut("is there any Facebook on the books", ("positions",), ("0 shares of XNYS:FB",)),
    HeldOut("how much money is just lying around", ("cash",), ("42,815.37 USD",)),
    HeldOut("cash left after all those buys?", ("cash",), ("42,815.37 USD",)),
    HeldOut("tell me the desk's equity figure", ("equity",), ("99,928.74 USD",)),
    HeldOut("what did the broker charge us in total", ("fees",), ("17.42 USD",)),
    HeldOut("have we been making any money lately", ("result",), ("71.26 USD",)),
    HeldOut("how's the Apple trade working out for us", ("result",), ("AAPL",)),
    HeldOut("does anybody have to sign off the orders?", ("mode",), ("automatic",)),
    HeldOut("are those dollars real or pretend", ("mode",), ("paper",)),
    HeldOut("what's the most I can put in a single name", ("limits",), ("35 %",)),
    HeldOut("how many orders per minute are we good for", ("limits",), ("20 orders",)),
    HeldOut("did risk shut us down", ("halted",), ("not halted",)),
    HeldOut("what tickers am I set up to trade", ("instruments",), ("XNYS:FB",)),
    HeldOut("got any orders hanging out there?", ("orders",), ("1 open order",)),
    HeldOut("is my Google buy done yet", ("orders", "fills"), ("GOOG",)),
    HeldOut("what have we bought and sold today", ("fills",), ("208.30 USD",)),
    HeldOut("when exactly did we pick up the IBM", ("fills",), ("14:46 UTC",)),
    HeldOut("did the agent come up with anything new?", ("signals",), ("2 signals",)),
    HeldOut("what's it saying about Microsoft", ("signals",), ("12 %",)),
    HeldOut("what's the story behind the IBM buy", ("why",), ("0.31 from momentum",)),
    HeldOut("how come we trimmed Apple", ("why",), ("-0.11 from momentum",)),
    HeldOut("what mix of stocks is the agent after", ("weights",), ("25 %",)),
    HeldOut("what kind of policy is running my money", ("policy",), ("rule:momentum@1",)),
    HeldOut("was the champion dethroned", ("verdict",), ("champion kept",)),
    HeldOut("why did the challenger fall short", ("verdict",), ("0.17 lower",)),
    HeldOut("what did training produce overnight", ("trials",), ("3 trials",)),
    HeldOut("who's got the pod at the moment", ("phase",), ("Trading holds the pod",)),
    HeldOut("what happens on this pod after the close today", ("phase", "closes"), ("20:00 UTC",)),
    HeldOut("what time do we kick off tomorrow", ("opens",), ("2012-10-17 13:30 UTC",)),
    HeldOut("when do they ring the bell tonight", ("closes",), ("2012-10-16 20:00 UTC",)),
    HeldOut("is anyone overriding the timetable today?", ("overrides",), ("disk exchange",)),
    HeldOut("what date is the tape at", ("time",), ("2012-10-16 15:07 UTC",)),
    HeldOut("what do you mean by turnover", ("notes:learning/turnover",)),
    HeldOut("how does a half day affect the schedule", ("notes:schedule/half-days-and-holidays",)),
    HeldOut("what's a policy line, in plain words", ("notes:learning/policy-line",)),
    HeldOut("what makes an order get denied", ("notes:risk/risk-check",)),
    HeldOut("who gets to release the kill switch", ("notes:risk/kill-switch",)),
)

SECOND_UNKNOWN = (
    "How many Netflix shares are in the book?",
    "what's silver at",
    "where is the Nasdaq right now",
    "price of a Bitcoin please",
    "do we hold any Amazon",
    "Do you reckon Apple rallies into the close?",
    "What's your year-end target for Google?",
    "how will tomorrow's session go for us",
    "what's on the desk of the guy next to me",
    "What is Maria's profit this month?",
    "do I have to declare these gains to the tax office",
    "who runs Facebook",
    "how many phones did Apple sell last quarter",
    "is Microsoft paying a dividend soon",
    "what's the ECB going to do",
    "what's for lunch",
    "how hot is it in New York",
    "who's playing tonight",
    "wire 5,000 to my bank",
    "what's the admin password",
    "what was my return in 2009",
    "what is the implied vol on Google calls",
    "how many servers do you run on",
)

SECOND_ADVICE = (
    "Would you dump Apple here?",
    "is it smart to hold Microsoft over the weekend",
    "which of these stocks is the best bet",
)

THIRD = (
    HeldOut("What's on my sheet right now?", ("positions",), ("31 shares", "120 shares")),
    HeldOut("how much Apple are we long", ("positions",), ("31 shares of XNYS:AAPL",)),
    HeldOut("did we keep any Microsoft stock?", ("positions", "fills"), ("400 shares",)),
    HeldOut("is there cash left to deploy", ("cash",), ("42,815.37 USD",)),
    HeldOut("what would the desk be worth if we closed the books today", ("equity",)),
    HeldOut("have fees been eating into it? how much?", ("fees",), ("17.42 USD",)),
    HeldOut("what's the damage so far, profit or loss", ("result",), ("71.26 USD",)),
    HeldOut("any profit sitting in the IBM holding", ("result",), ("318.00 USD",)),
    HeldOut("am I using play money here", ("mode",), ("paper",)),
    HeldOut("how large an order would risk let through", ("limits",), ("25,000.00 USD",)),
    HeldOut("what's the worst day we're allowed to have", ("limits",), ("4 %",)),
    HeldOut("are we halted or good to go", ("halted",), ("not halted",)),
    HeldOut("name the five stocks we deal in", ("instruments",), ("XNYS:FB",)),
    HeldOut("is the Google order still live", ("orders",), ("12 shares of XNYS:GOOG",)),
    HeldOut("what was our latest deal", ("fills",), ("14:46 UTC",)),
    HeldOut("what did the Apple sale fetch us", ("fills", "result"), ("648.71 USD",)),
    HeldOut("show the most recent signals for Google", ("signals",), ("9 %",)),
    HeldOut("what happened with signals on Apple today", ("signals",), ("20 %",)),
    HeldOut("what convinced the agent to buy IBM", ("why",), ("0.31 from momentum",)),
    HeldOut("which factor weighed most on Microsoft", ("why",), ("-0.024 from momentum",)),
    HeldOut("how heavy does the policy want IBM to be", ("weights",), ("25 %",)),
    HeldOut("is it momentum or something else that's trading for us", ("policy",)),
    HeldOut("who came out on top last night, champion or challenger", ("verdict",)),
    HeldOut("how did the overnight training turn out", ("trials",), ("3 trials",)),
    HeldOut("is the pod in trading mode", ("phase",), ("Trading holds the pod",)),
    HeldOut("what's lined up for the pod after trading", ("phase",), ("A pause comes next",)),
    HeldOut("at what hour does Wednesday's session begin", ("opens", "closes"), ("13:30 UTC",)),
    HeldOut("how many hours of trading are left", ("closes",), ("2012-10-16 20:00 UTC",)),
    HeldOut("has the operator put any override in for this evening", ("overrides",), ("21:15",)),
    HeldOut("how much does a share of Google go for", ("price",), ("744.70 USD",)),
    HeldOut("remind me what the Sharpe ratio is", ("notes:learning/sharpe-ratio",)),
    HeldOut("how do overrides work", ("notes:schedule/override",)),
    HeldOut("explain hand-off to a beginner", ("notes:glossary/hand-off",)),
)

THIRD_UNKNOWN = (
    "how many Intel shares do we own",
    "what's Tesla trading at",
    "where will Microsoft be by Christmas",
    "what do you see the market doing next week",
    "is there a thunderstorm coming",
    "which desk made the most today",
    "what's our Sharpe over the last five years",
    "how do I file my tax return",
    "what's Apple's market cap",
    "when is Facebook's next earnings call",
    "who scored the winning goal",
    "give me the wifi password",
    "what's the thirty-year mortgage rate",
    "translate good morning into Italian",
)

THIRD_ADVICE = (
    "would you get out of IBM now",
    "what's a good stock for the long run",
)
