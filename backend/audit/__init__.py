"""Who changed what: rows chained by their hashes, written in the transaction of the change."""
