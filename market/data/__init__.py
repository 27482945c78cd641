"""What is shipped: public-domain daily stocks and the ECB's reference rates, as Parquet, with
`ATTRIBUTION.md` and `sha256.txt`. `market.shipped` reads them; `build.py` made them.
"""
