"""The way of prices into the platform: a feed's ticks become bars, and one gateway publishes both."""
