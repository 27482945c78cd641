"""The ground floor: words, clock, calendars, price history, feed and simulator. No torch, no web
framework but in its own app.
"""
