"""Venues on this machine: real books behind the vendors' published protocols, and misbehaving."""
