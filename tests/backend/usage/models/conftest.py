"""The back end and the people of these tests."""

from tests.support.one_backend import backend, people, settings

__all__ = ["backend", "people", "settings"]
