"""Seats with their leases, living and draining pods, and how many pods are wanted."""
