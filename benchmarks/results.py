"""What a measurement is, how it is kept and how it is shown. No measuring here.

The convention of this folder: a module of ``run.PARTS`` has one function ``measure() -> list[Result]``. It is called
in a process of its own, takes ratios within that one call, and leaves nothing behind.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

FOLDER = Path(__file__).resolve().parent
RESULTS = FOLDER / "results.json"
HISTORY = FOLDER / "history.csv"
PAGE = FOLDER.parent / "docs" / "performance.md"
HISTORY_COLUMNS = ("measured_on", "machine", "part", "name", "value", "unit", "ratio", "holds")
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"
KIB_PER_GIB = 1024 * 1024


@dataclass(frozen=True)
class Result:
    """One figure measured, with what it was compared to and what is asked of it.

    ``at_most`` and ``at_least`` bound the ``limited`` quantity, the value itself or the ratio to the peer.
    ``profile`` marks a figure that explains others and has no peer or limit.
    """

    name: str
    value: float
    unit: str
    peer: str | None = None
    ratio: float | None = None
    at_most: float | None = None
    at_least: float | None = None
    limited: Literal["value", "ratio"] = "value"
    note: str | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the limits are kept; None where there is none."""
        found = self.ratio if self.limited == "ratio" else self.value
        if self.at_most is None and self.at_least is None:
            return None
        if found is None:
            return False
        return (self.at_most is None or found <= self.at_most) and (
            self.at_least is None or found >= self.at_least
        )

    @property
    def limit(self) -> str:
        """What is asked, in words; empty where nothing is.

        >>> Result("a night", 30.0, "s", ratio=1.05, at_most=1.1, limited="ratio").limit
        'ratio ≤ 1.1'
        """
        what = "ratio " if self.limited == "ratio" else ""
        bounds = [
            f"{what}{sign} {shown(bound)}"
            for sign, bound in (("≤", self.at_most), ("≥", self.at_least))
            if bound is not None
        ]
        return ", ".join(bounds)


def machine() -> str:
    """The machine as its kind, never by name: usable cores and memory."""
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return f"{cores} cores, {memory:.0f} GiB"


def as_row(part: str, result: Result, of_machine: str, measured_on: str) -> dict[str, Any]:
    """A result as an object of results.json."""
    return {
        "part": part,
        **asdict(result),
        "holds": result.holds,
        "machine": of_machine,
        "measured_on": measured_on,
    }


def keep(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put these rows in the place of those of the same parts, append them to the history; returns all rows."""
    measured = {row["part"] for row in rows}
    kept = [row for row in stored() if row["part"] not in measured]
    everything = sorted([*kept, *rows], key=lambda row: row["part"])
    RESULTS.write_text(json.dumps(everything, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    is_first = not HISTORY.is_file()
    with HISTORY.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HISTORY_COLUMNS, extrasaction="ignore", lineterminator="\n")
        if is_first:
            writer.writeheader()
        writer.writerows(rows)
    return everything


def stored() -> list[dict[str, Any]]:
    """The rows of results.json; none where nothing was measured yet."""
    rows = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else []
    return list(rows)


def write_page(rows: Sequence[dict[str, Any]]) -> None:
    """Put the tables between the marks of docs/performance.md; the words around them are kept."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{_tables(rows)}\n{END}{after}", encoding="utf-8")


def shown(value: float | None) -> str:
    """A figure for people: no more digits than a measurement carries.

    >>> shown(0.01234), shown(12.345), shown(123456.0), shown(None)
    ('0.012', '12.3', '123,456', '')
    """
    if value is None:
        return ""
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.2g}" if abs(value) < 1 else f"{value:.3g}"


def _tables(rows: Sequence[dict[str, Any]]) -> str:
    lines = []
    for part in dict.fromkeys(row["part"] for row in rows):
        of_part = [row for row in rows if row["part"] == part]
        lines += [f"### {part}", "", f"{of_part[0]['measured_on']}, {of_part[0]['machine']}", ""]
        lines += _table(
            ("measured", "value", "compared with", "ratio", "asked", "holds"),
            [
                (
                    row["name"] + (f" ({row['note']})" if row["note"] else ""),
                    f"{shown(row['value'])} {row['unit']}",
                    row["peer"] or "",
                    shown(row["ratio"]),
                    _result(row).limit,
                    {True: "yes", False: "**no**", None: ""}[row["holds"]],
                )
                for row in of_part
            ],
        )
    lines += ["### History", "", "The latest five runs of each figure that has a limit, oldest first.", ""]
    lines += _table(("measured", "runs"), _history())
    return "\n".join(lines)


def _history() -> list[tuple[str, str]]:
    if not HISTORY.is_file():
        return []
    runs: dict[str, list[str]] = {}
    with HISTORY.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["holds"]:
                ratio = f" (ratio {shown(float(row['ratio']))})" if row["ratio"] else ""
                told = f"{row['measured_on']}: {shown(float(row['value']))} {row['unit']}{ratio}"
                runs.setdefault(row["name"], []).append(told)
    return [(name, "; ".join(told[-5:])) for name, told in runs.items()]


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows]
    return [*lines, ""]


def _result(row: dict[str, Any]) -> Result:
    return Result(**{name: row[name] for name in Result.__dataclass_fields__})
