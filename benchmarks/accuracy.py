"""``python -m benchmarks.accuracy``: how right facts are on the labelled cases, and how sure they say they are.

Three readings of the cases (../shared/cases beside the project, or the folder given):

- *as it is*: the whole catalog;
- *leave one out*: each document read without the wordings (aliases and synonyms) that no other document uses,
  so what is left of its accuracy is what the catalog would have given an unknown document;
- *reliability*: of the facts that say 0.9, how many are right. Facts of the second reading are counted too,
  for the first one makes too few mistakes to tell.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipelines.extraction.extract import extract, make_lexer
from pipelines.extraction.tokens import Lexer
from pipelines.matching.catalog import Catalog, load_catalog
from pipelines.matching.match import Matcher, match_extracted
from pipelines.matching.normal_form import normal_form
from pipelines.matching.readings import Reading
from pipelines.reading.read import ReadDocument, read_path
from tests.integration.test_cases import fact_keys, may_be_left_out, record_keys

PROJECT = Path(__file__).resolve().parents[1]
SEEDS = PROJECT / "data" / "seeds"
CASES = PROJECT.parent / "shared" / "cases"
BANDS = (0.0, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97)


@dataclass(frozen=True)
class Case:
    """A labelled document: its text in normal form, its labels, and what was read of it."""

    name: str
    text: str
    document: ReadDocument
    records: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Judged:
    """One fact of a case and whether a label says the same."""

    matched_by: str
    confidence: float
    is_right: bool


def cases(folder: Path) -> Iterator[Case]:
    """The labelled documents of a folder."""
    for labels in sorted(folder.glob("*.json")):
        case = json.loads(labels.read_text(encoding="utf-8"))
        path = folder / case.get("document", f"{labels.stem}.txt")
        document = next(d for d in read_path(path, path.name) if isinstance(d, ReadDocument))
        text = f" {normal_form(' '.join(block.text for block in document.blocks))} "
        yield Case(labels.stem, text, document, tuple(r for r in case["records"] if r.get("indicator")))


def judge(case: Case, readings: Sequence[Reading]) -> tuple[list[Judged], tuple[int, int, int]]:
    """(facts with their verdict, (right, extra, missed)) of one case."""
    accepted = set().union(*(record_keys(record, strict=False) for record in case.records))
    judged = []
    for reading in readings:
        keys = fact_keys([reading], strict=False)
        if keys and reading.match is not None:
            right = bool(keys & accepted)
            judged.append(Judged(reading.match.matched_by, reading.match.confidence, right))
    found = fact_keys(readings, strict=False)
    hit = {
        min(record_keys(r, strict=False) & found, key=str)
        for r in case.records
        if record_keys(r, strict=False) & found
    }
    missed = {
        min(record_keys(r, strict=False), key=str)
        for r in case.records
        if not record_keys(r, strict=False) & found and not may_be_left_out(r)
    }
    return judged, (len(hit), len(found - accepted), len(missed))


def rates(counts: Iterable[tuple[int, int, int]]) -> tuple[float, float, float]:
    """(precision, recall, F1) over cases."""
    hit, extra, missed = (sum(column) for column in zip(*counts, strict=True))
    return hit / (hit + extra), hit / (hit + missed), 2 * hit / (2 * hit + extra + missed)


def without_own_wordings(catalog: Catalog, case: Case, others: str, used: dict[str, set[str]]) -> Catalog:
    """The catalog without what only this document has taught it."""
    elsewhere = set().union(*(wordings for name, wordings in used.items() if name != case.name))
    own = used[case.name] - elsewhere
    aliases = tuple(entry for entry in catalog.aliases if entry[0] not in own)
    synonyms = {
        wording: concept
        for wording, concept in catalog.synonyms.items()
        if f" {wording} " not in case.text or f" {wording} " in others
    }
    return replace(catalog, aliases=aliases, synonyms=synonyms)


def measure_cases(
    folder: Path,
) -> tuple[tuple[float, float, float], tuple[float, float, float], list[Judged]]:
    """(rates as it is, rates leaving one out, every fact of both readings with its verdict)."""
    catalog, lexer = load_catalog(SEEDS), make_lexer(SEEDS)
    known = list(cases(folder))
    matcher = Matcher(catalog)
    used: dict[str, set[str]] = {}
    plain, left_out, judged = [], [], []
    for case in known:
        readings = _readings(case, lexer, matcher)
        used[case.name] = {r.match.alias for r in readings if r.match is not None}
        facts, counts = judge(case, readings)
        plain.append(counts)
        judged += facts
    for case in known:
        others = " ".join(other.text for other in known if other is not case)
        poorer = Matcher(without_own_wordings(catalog, case, others, used))
        facts, counts = judge(case, _readings(case, lexer, poorer))
        left_out.append(counts)
        judged += facts
    return rates(plain), rates(left_out), judged


def _readings(case: Case, lexer: Lexer, matcher: Matcher) -> tuple[Reading, ...]:
    return match_extracted(extract(case.document, lexer), matcher).readings


def reliability(judged: Sequence[Judged]) -> list[tuple[str, int, float, float]]:
    """(band, facts, mean confidence said, share that is right), by bands of confidence."""
    result = []
    for low, high in zip(BANDS, (*BANDS[1:], 1.01), strict=True):
        band = [fact for fact in judged if low <= fact.confidence < high]
        if band:
            said = sum(fact.confidence for fact in band) / len(band)
            right = sum(fact.is_right for fact in band) / len(band)
            result.append((f"{low:.2f}-{min(high, 1.0):.2f}", len(band), said, right))
    return result


def main() -> None:
    """Print the three readings."""
    parser = argparse.ArgumentParser(description="Accuracy and reliability on labelled cases.")
    parser.add_argument("cases", nargs="?", type=Path, default=CASES)
    folder = parser.parse_args().cases
    if not any(folder.glob("*.json")):
        parser.error(f"{folder} holds no labelled cases (NNN.txt with NNN.json beside it)")
    plain, left_out, judged = measure_cases(folder)
    for name, (precision, recall, f1) in (("as it is", plain), ("leave one out", left_out)):
        print(f"{name:14} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}")
    print("\nconfidence    facts   said  right")
    for band, facts, said, right in reliability(judged):
        print(f"{band}   {facts:5}  {said:.3f}  {right:.3f}")
    print("\nmatched by    facts   said  right")
    kinds: dict[str, list[Judged]] = defaultdict(list)
    for fact in judged:
        kinds[fact.matched_by].append(fact)
    for kind, group in sorted(kinds.items()):
        said = sum(f.confidence for f in group) / len(group)
        right = sum(f.is_right for f in group) / len(group)
        print(f"{kind:12} {len(group):6}  {said:.3f}  {right:.3f}")


if __name__ == "__main__":
    main()
