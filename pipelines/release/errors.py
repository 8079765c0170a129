"""Errors of the release stage."""

from __future__ import annotations


class ReleaseError(Exception):
    """A release could not be built or did not pass its checks; the one before it stays in place."""
