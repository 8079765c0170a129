"""Errors of the reading stage, each one clear sentence for a person."""

from __future__ import annotations


class InputError(Exception):
    """The raw folder as a whole cannot be used: the night must not start."""


class ReadingError(Exception):
    """One document cannot be read; it becomes a reject and the others go on.

    `reason_code` is one of schemas.rejects.REASON_CODES, `sentence` says file, reason and remedy.
    """

    def __init__(self, reason_code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason_code = reason_code
        self.sentence = sentence
