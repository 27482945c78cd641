"""The way of prices in: a feed's ticks become bars, and one gateway publishes both."""
