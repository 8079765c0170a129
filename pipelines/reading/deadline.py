"""How a reader tells the process that watches it that more time is needed: recognition of scans is slow."""

from __future__ import annotations

from collections.abc import Callable

_listeners: list[Callable[[str], None]] = []


def ask_for_more_time(reason: str) -> None:
    """Tell whoever watches the time; nobody does where a document is read without a worker."""
    for listener in _listeners:
        listener(reason)


def on_request(listener: Callable[[str], None]) -> None:
    """Call `listener` with the reason of every request from now on."""
    _listeners.append(listener)
