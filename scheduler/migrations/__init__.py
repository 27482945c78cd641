"""Alembic's environment of schema `scheduler`."""
