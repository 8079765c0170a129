"""How well the documents of the made-up country are read: facts against their truth, and what was missed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.extraction.extract import extract, make_lexer
from pipelines.matching.catalog import load_catalog
from pipelines.matching.match import Matcher, match_extracted
from pipelines.matching.readings import Reading
from pipelines.reading.inventory import raw_file
from pipelines.reading.read import read_document

# indicator, year, kind, value, unit, administrative unit
Key = tuple[str, int | None, str, float, str, str | None]


@dataclass
class Score:
    """Facts found, missed and too many, by layout and format, with an example of each miss."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    missed: list[tuple[str, Key]] = field(default_factory=list)
    extra: list[tuple[str, Key]] = field(default_factory=list)

    def f1(self, group: str) -> float:
        """2 x hits / (2 x hits + missed + extra); 1 where there is nothing to find."""
        counts = self.counts[group]
        whole = 2 * counts["hit"] + counts["missed"] + counts["extra"]
        return 2 * counts["hit"] / whole if whole else 1.0

    def add(self, group: str, hit: int, missed: int, extra: int) -> None:
        """Count a document into a group."""
        self.counts.setdefault(group, Counter()).update(hit=hit, missed=missed, extra=extra)


def score(paths: Sequence[Path], seeds: Path) -> Score:
    """Read, extract and match each document and compare with the labels beside it; strict in kind and place."""
    lexer, matcher = make_lexer(seeds), Matcher(load_catalog(seeds))
    result = Score()
    for path in paths:
        labels = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        document = read_document(path.read_bytes(), raw_file(path, path.name))
        found = Counter(
            key
            for reading in match_extracted(extract(document, lexer), matcher).readings
            if (key := _fact(reading))
        )
        truth = Counter(_label(record) for record in labels["records"])
        hits, missed, extra = truth & found, truth - found, found - truth
        for group in ("all", f"layout {labels['layout']}", f"format {path.suffix[1:]}"):
            result.add(group, hits.total(), missed.total(), extra.total())
        result.missed += [(path.name, key) for key in missed.elements()]
        result.extra += [(path.name, key) for key in extra.elements()]
    return result


def _fact(reading: Reading) -> Key | None:
    statement = reading.statement
    if reading.outcome != "fact" or reading.match is None or statement.value is None:
        return None
    place = reading.unit.name if reading.unit and reading.unit.level != "country" else None
    return (
        reading.match.code,
        statement.year,
        statement.kind or "",
        round(statement.value, 6),
        statement.unit or "",
        place,
    )


def _label(record: dict[str, Any]) -> Key:
    return (
        record["indicator"],
        record["year"],
        record["kind"],
        round(float(record["value"]), 6),
        record["unit"],
        record["admin_unit"],
    )
