"""Fractions and the percentages that restate them: "47/96 xã, đạt 48,96%" is one figure."""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.extraction.figure import WINDOW, Figure

_RESTATES = re.compile(
    r"\s*(?:[^\W\d_]+,?\s+){0,8}\(?\s*(?:chiếm tỷ lệ|đạt tỷ lệ|tương đương|tương ứng|chiếm|đạt|tỷ lệ|bằng|là)?\s*$",
    re.IGNORECASE,
)
_AGREEMENT_POINTS = 0.6


def join_fractions(made: list[Figure], text: str) -> None:
    """A fraction and the percentage that restates it are one figure: "47/96 xã, đạt 48,96%".

    A fraction that stands alone in brackets behind a figure is that figure's breakdown.
    """
    position = 0
    while position < len(made):
        figure = made[position]
        token = figure.token
        following = made[position + 1] if position + 1 < len(made) else None
        position += 1
        restated = _percent_of(figure, made[position + 1 : position + 3], text)
        if restated is not None:
            figure.token = replace(
                restated.token,
                start=token.start,
                end=token.end,
                text=token.text,
                numerator=token.numerator,
                denominator=token.denominator,
            )
            restated.role, restated.transparent = "breakdown", True
            continue
        if figure.transparent or token.value is None:
            continue
        if token.unit == "percent" and following is not None and _is_restated(figure, following, text):
            fraction = following.token
            figure.token = replace(token, numerator=fraction.numerator, denominator=fraction.denominator)
            closing = text.find(")", fraction.end)
            figure.inner = text[token.end : following.paren or token.end].strip()
            figure.joined_end = closing + 1 if closing >= 0 else fraction.end
            figure.after = figure.inner + text[figure.joined_end : figure.segment[1]][:WINDOW]
            made.remove(following)
            continue
        if token.unit != "fraction":
            continue
        if following is not None and following.token.unit == "percent" and following.role == "level":
            percent = following.token
            gap = text[token.end : percent.start]
            near = _RESTATES.fullmatch(gap) and (gap.count("(") or len(gap) < 60)
            agrees = abs(
                (percent.value or 0.0) - token.value
            ) <= _AGREEMENT_POINTS and "." not in gap.replace("..", "")
            if near or agrees:
                close = text[percent.end : percent.end + 1] == ")" and "(" in gap
                figure.joined_end = percent.end + (1 if close else 0)
                figure.inner = re.sub(
                    r"[(,]?\s*(?:đạt tỷ lệ|đạt|chiếm|tỷ lệ|tương ứng)?\s*$", "", gap.strip("( ")
                )
                figure.token = replace(
                    percent,
                    start=token.start,
                    text=text[token.start : percent.end],
                    numerator=token.numerator,
                    denominator=token.denominator,
                )
                figure.after = text[figure.joined_end : figure.segment[1]]
                figure.role = "level"
                made.remove(following)
                continue
        if (
            figure.paren is not None
            and text[figure.segment[0] : figure.paren].strip()
            and re.search(r"\d", text[figure.segment[0] : figure.paren])
        ):
            figure.role = "breakdown"


_SAME_POINTS = 0.06


def _percent_of(figure: Figure, later: list[Figure], text: str) -> Figure | None:
    """The percentage farther on that a fraction amounts to: "122/132 ấp thuộc 17 xã, chiếm 92,42%"."""
    if figure.token.unit != "fraction" or figure.token.value is None:
        return None
    for other in later:
        gap = text[figure.token.end : other.token.start]
        if other.token.unit == "percent" and _RESTATING.search(gap) and "." not in gap:
            same = abs((other.token.value or 0.0) - figure.token.value) <= _SAME_POINTS
            return other if same else None
    return None


_RESTATING = re.compile(
    r"(?<!\w)(?:chiếm|đạt|tương đương|tương ứng|bằng|tỷ lệ)(?:\s+tỷ lệ)?\s*$", re.IGNORECASE
)


def _is_restated(figure: Figure, following: Figure, text: str) -> bool:
    """Whether a fraction in brackets restates the percentage before it: "98% thôn (1.533/1.562 thôn)"."""
    fraction = following.token
    if fraction.unit != "fraction" or following.paren is None or following.paren < figure.token.end:
        return False
    close = abs((figure.token.value or 0.0) - (fraction.value or 0.0)) <= _AGREEMENT_POINTS
    return close and not re.search(r"[,;]", text[figure.token.end : following.paren])
