"""Numbers as written in Vietnam, with their scale and unit.

A dot before exactly three digits groups thousands (1.234 = 1234), any other dot is decimal
(80.36); a comma is decimal, except that in a plain count a comma before exactly three digits
groups thousands as well (340,656 thuê bao = 340656).
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

UNIT_SPELLINGS = "unit_spellings.csv"
SCALES = {
    "nghìn tỷ": 1e12, "nghìn tỉ": 1e12, "ngàn tỷ": 1e12, "ngàn tỉ": 1e12, "triệu tỷ": 1e15,
    "tỷ": 1e9, "tỉ": 1e9, "triệu": 1e6, "nghìn": 1e3, "ngàn": 1e3, "vạn": 1e4,
}  # fmt: skip

NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?|\d+(?:[.,]\d+)?"
SCALE = r"nghìn tỷ|nghìn tỉ|ngàn tỷ|ngàn tỉ|triệu|nghìn|ngàn|tỷ|tỉ|vạn"

_ONES = {
    "không": 0, "một": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6,
    "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9, "mốt": 1,
}  # fmt: skip


def parse_number(text: str, *, grouped_comma: bool = False) -> float:
    """Value of a number as printed.

    `grouped_comma` is for plain counts, where a comma before exactly three digits groups.

    >>> [parse_number(t) for t in ("1.234", "80.36", "11,74", "1.198.108", "1.234,5", "04")]
    [1234.0, 80.36, 11.74, 1198108.0, 1234.5, 4.0]
    >>> parse_number("340,656", grouped_comma=True), parse_number("18,053")
    (340656.0, 18.053)
    """
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", text):
        return float(text.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?", text):
        return float(text.replace(",", ""))
    if grouped_comma and re.fullmatch(r"[1-9]\d{0,2},\d{3}", text):
        return float(text.replace(",", ""))
    return float(text.replace(",", "."))


def spelled_number(words: str) -> int | None:
    """Value of a small number in words, None where the words are none.

    >>> spelled_number("hai mươi lăm"), spelled_number("mười"), spelled_number("bốn"), spelled_number("mạng")
    (25, 10, 4, None)
    """
    parts = words.lower().split()
    if not parts:
        return None
    if len(parts) == 1:
        return 10 if parts[0] == "mười" else _ONES.get(parts[0])
    if parts[0] == "mười" and len(parts) == 2:
        one = _ONES.get(parts[1])
        return None if one is None else 10 + one
    tens = _ONES.get(parts[0])
    if tens and parts[1] in {"mươi", "chục"} and len(parts) <= 3:
        one = _ONES.get(parts[2]) if len(parts) == 3 else 0
        return None if one is None else tens * 10 + one
    return None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the catalog with the factor that brings a printed value to it."""

    unit: str
    multiplier: float


class UnitSpellings:
    """The catalog's spellings of units: finds the unit that a number is followed by."""

    def __init__(self, spellings: dict[str, Unit]) -> None:
        self.spellings = {_folded(spelling): unit for spelling, unit in spellings.items()}
        longest_first = sorted(self.spellings, key=len, reverse=True)
        self.pattern = "|".join(
            re.escape(spelling).replace(r"\ ", r"\s*") + (r"(?![^\W\d_])" if spelling[-1].isalpha() else "")
            for spelling in longest_first
        )

    def unit_of(self, spelling: str) -> Unit:
        """The unit of a spelling that `pattern` has found."""
        folded = _folded(spelling)
        if folded not in self.spellings:
            compact = folded.replace(" ", "")
            folded = next(key for key in self.spellings if key.replace(" ", "") == compact)
        return self.spellings[folded]


def _folded(spelling: str) -> str:
    return re.sub(r"\s+", " ", spelling.strip().lower())


@lru_cache(maxsize=4)
def read_unit_spellings(seeds_dir: Path) -> UnitSpellings:
    """The spellings kept in data/seeds/unit_spellings.csv."""
    with (seeds_dir / UNIT_SPELLINGS).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return UnitSpellings({row["spelling"]: Unit(row["unit"], float(row["multiplier"])) for row in rows})
