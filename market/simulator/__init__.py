"""The one simulator: learning, backtests, the gate and the paper broker fill by these functions.

Pure numpy. The last axis is the instrument (k), everything before it is batch; cash and equity
have the batch shape alone. A decision at a bar's end fills at the next bar's open.
"""
