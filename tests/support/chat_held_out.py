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
