"""The gate: out-of-sample evidence by combinatorial purged cross-validation, and what it proves.

Pure: no store of its own, no cluster, no torch. Who trains and where is the caller's affair.
"""
