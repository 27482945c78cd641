"""Policies turn recent bars into target weights; learning and trading meet here.

Nothing in this package imports torch; a learned policy is arrays.
"""
