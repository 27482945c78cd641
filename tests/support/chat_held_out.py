"""Questions written from the list of tools before any of them was asked, and that stand in no
example of the classifier: they judge it, and it is never tuned on one of them.

`tools` are those of which one must answer; a passage is named `notes:file/heading`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class HeldOut:
    """A question, the tools or passages that would be right, and what the answer says then."""

    text: str
    tools: tuple[str, ...]
    says: tuple[str, ...] = ()


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
    HeldOut("what is IBM trading at", ("price",), ("210.95 USD",)),
    HeldOut("last quote for Facebook?", ("price",), ("19.48 USD",)),
    HeldOut("What's the time in the market?", ("time",), ("2012-10-16 15:07 UTC",)),
    HeldOut("what does drawdown mean", ("notes:learning/drawdown",)),
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
    HeldOut("where's Google trading", ("price",), ("744.70 USD",)),
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
    "please buy 100 IBM for me",
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
