"""The normal form in which labels, wordings and place names are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# "hoà" and "hòa" are one word with the tone mark in its new and its old place.
_NEW_STYLE = re.compile(r"(?:o[àáảãạ]|o[èéẻẽẹ]|(?<!q)u[ỳýỷỹỵ])(?!\w)")
_FOOTNOTE = re.compile(r"\[\d+\]")
_TOKEN = re.compile(r"[^\W_]+")


def _old_style(match: re.Match[str]) -> str:
    pair = match.group()
    marked = unicodedata.normalize("NFD", pair[1])
    return unicodedata.normalize("NFC", pair[0] + marked[1:] + marked[0])


def normal_form(text: str) -> str:
    """Lower case, one place for tone marks, words separated by single spaces.

    >>> normal_form("Tỷ lệ  hộ (gia đình)[1] có điện thoại/tổng số"), normal_form("Hoà Bình, Uỷ ban, quý")
    ('tỷ lệ hộ gia đình có điện thoại tổng số', 'hòa bình ủy ban quý')
    """
    lowered = unicodedata.normalize("NFC", text).lower()
    lowered = _NEW_STYLE.sub(_old_style, _FOOTNOTE.sub(" ", lowered))
    return " ".join(_TOKEN.findall(lowered))


def any_of(words: Iterable[str]) -> str:
    """A pattern of any of some words, each whole; of nothing where there are none.

    >>> re.findall(any_of(["sơn la", "huế"]), "sơn la, huế và sơn lang")
    ['sơn la', 'huế']
    """
    return rf"(?<!\w)(?:{'|'.join(map(re.escape, words)) or '(?!)'})(?!\w)"


def without_marks(text: str) -> str:
    """Letters only, without diacritics: the form of web addresses.

    >>> without_marks("Đà Nẵng")
    'danang'
    """
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in decomposed if char.isascii() and char.isalnum())
