"""What a verdict's numbers are: their unit, and how each is taken. The judge names them."""

from typing import NamedTuple


class Metric(NamedTuple):
    """`unit` is for programs as well: the page writes shares and probabilities as per cent."""

    unit: str
    how: str


YEARLY, SHARE, PROBABILITY, YEARS, BARS, COUNT = (
    "a year",
    "share",
    "probability",
    "years",
    "bars",
    "count",
)

METRICS = {
    "sharpe_iqm": Metric(YEARLY, "Sharpe ratio: mean of the middle half of all seeds and paths"),
    "sharpe_iqm_dear": Metric(YEARLY, "the same at twice the costs"),
    "champion_sharpe": Metric(YEARLY, "the champion's Sharpe ratio"),
    "champion_sharpe_dear": Metric(YEARLY, "the same at twice the costs"),
    "max_drawdown": Metric(SHARE, "deepest fall from a peak, of the seed and path that fell most"),
    "opponents_drawdown": Metric(SHARE, "deepest fall of any opponent"),
    "turnover": Metric(SHARE, "equity traded in a bar, mean, where most is traded"),
    "concentration": Metric(SHARE, "largest position in equity, mean, where it is largest"),
    "deflated_sharpe": Metric(
        PROBABILITY, "that the lead over the champion is more than the luck of so many trials"
    ),
    "luck_sharpe": Metric(YEARLY, "lead that the best of so many trials shows without any skill"),
    "trials_alike": Metric("correlation", "between the seeds, mean"),
    "years_needed": Metric(YEARS, "that a lead like this one needs to be told from luck"),
    "years_seen": Metric(YEARS, "that were judged"),
    "pbo": Metric(PROBABILITY, "that the best in sample is below the median out of sample"),
    "spa_p_max": Metric(PROBABILITY, "largest p-value of the tests against all opponents"),
    "block_steps": Metric(BARS, "that are drawn together when intervals are taken"),
    "control_promoted": Metric(COUNT, "1 where a world without any edge passed as well"),
    "groups": Metric(COUNT, "parts that history falls into"),
    "test_groups": Metric(COUNT, "parts that each fold is tested on"),
    "seeds": Metric(COUNT, "trainings of each fold"),
    "purge": Metric(BARS, "left out on both sides of a test"),
    "embargo": Metric(BARS, "left out after a test besides"),
}

UNKNOWN = Metric("", "")
