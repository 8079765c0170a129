"""The figure of a sentence: a token with the words that may name it, before it becomes a statement."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.extraction.periods import Period
from pipelines.extraction.tokens import Token

# Characters before and behind a figure that may speak of it.
WINDOW = 600


@dataclass(slots=True)
class Figure:
    """A figure of a sentence with the words that may name it; spans are in the block's text."""

    token: Token
    attach: str
    role: str
    before: str
    after: str
    left: str = ""
    right: str = ""
    context: str = ""
    comparator: str = "="
    approximate: bool = False
    paren: int | None = None
    listed_name: str | None = None
    own_period: Period | None = None
    unit_like: Figure | None = None
    sentence: tuple[int, int] = (0, 0)
    segment: tuple[int, int] = (0, 0)
    transparent: bool = False
    inner: str = ""
    per_person: bool = False
    joined_end: int = 0
    following: Figure | None = None
    # The sentence that "tỷ lệ này" or "cụ thể" speaks of.
    refers_to: str = ""

    @property
    def is_share(self) -> bool:
        """Whether it is a percentage, or a fraction, which is told in percent."""
        return self.token.unit in {"percent", "fraction"}

    @property
    def end(self) -> int:
        """Where the figure ends, with the percentage that restates a fraction."""
        return self.joined_end or self.token.end
