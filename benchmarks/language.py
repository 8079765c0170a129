"""Extraction beside a bare pass over the same text, its growth with length, and matching many labels."""

from __future__ import annotations

import math
import re
import time
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.results import Result
from pipelines.extraction.extract import extract, make_lexer
from pipelines.extraction.numbers import NUMBER
from pipelines.extraction.statement import Statement
from pipelines.extraction.tokens import Lexer
from pipelines.matching.catalog import load_catalog
from pipelines.matching.match import Matcher
from pipelines.reading.inventory import RawFile
from pipelines.reading.read import ReadDocument, read_document
from pipelines.reading.sidecar import Sidecar

PROJECT = Path(__file__).resolve().parents[1]
SEEDS = PROJECT / "data" / "seeds"
PLAN = PROJECT.parent / "shared" / "seeds" / "004_efc9f6da46570a28.txt"
SAMPLE = PROJECT / "data" / "raw" / "thanh-hoa" / "2023-ke-hoach-ha-tang-so.txt"
NUMBERS = re.compile(NUMBER)
REPEATS = 7
LENGTHS = (50_000, 200_000, 800_000, 5_000_000)
STATEMENTS, LABELS = 1_000_000, 5_000


def best(run: Callable[[], object], repeats: int = REPEATS) -> float:
    """The shortest of several runs in seconds of processor time, which other work on the machine disturbs least."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


def plan_text() -> str:
    """The plan of the issue where the shared folder is beside the project, else the sample's transcription of it."""
    return (PLAN if PLAN.exists() else SAMPLE).read_text(encoding="utf-8")


def document_of(text: str) -> ReadDocument:
    """A plain-text document of a text."""
    return read_document(text.encode(), RawFile("plan.txt", "0" * 64, len(text), Sidecar()))


def bare_pass(text: str) -> int:
    """Normalising a text and finding its numbers: the least that any reader of figures does."""
    return len(NUMBERS.findall(unicodedata.normalize("NFC", text)))


def long_text(characters: int) -> str:
    """A document of many paragraphs: the plan again and again, its figures told apart."""
    paragraphs = plan_text().split("\n")
    parts, length, turn = [], 0, 0
    while length < characters:
        for paragraph in paragraphs:
            parts.append(paragraph.replace("2025", str(2025 + turn % 5)))
            length += len(paragraph) + 1
        turn += 1
    return "\n".join(parts)[:characters]


def exponent(lexer: Lexer, lengths: tuple[int, ...] = LENGTHS) -> tuple[float, float]:
    """(exponent of time over length, seconds for the longest) of extraction."""
    points = []
    for length in lengths:
        document = document_of(long_text(length))
        points.append((math.log(length), best(lambda d=document: extract(d, lexer), 1)))  # type: ignore[misc]
    (first, early), (last, late) = points[1], points[-1]
    return (math.log(late) - math.log(early)) / (last - first), late


def many_statements(lexer: Lexer, count: int, labels: int) -> list[Statement]:
    """Statements with so many distinct labels: those of the plan with a village's name in each."""
    known = [s for s in extract(document_of(plan_text()), lexer).statements if s.figure_role == "level"]
    distinct = [
        replace(one, label=f"{one.label} {number}", label_left=f"{one.label_left} khu {number}")
        for number in range(labels)
        for one in (known[number % len(known)],)
    ]
    return [distinct[number % labels] for number in range(count)]


def measure() -> list[Result]:
    """The language part of the benchmark."""
    lexer = make_lexer(SEEDS)
    text = plan_text()
    document = document_of(text)
    bare = best(lambda: bare_pass(text), 50)
    plan = best(lambda: extract(document, lexer))
    power, longest = exponent(lexer)
    statements = many_statements(lexer, STATEMENTS, LABELS)
    matcher = Matcher(load_catalog(SEEDS))
    start = time.process_time()
    matched = matcher.match_document("tỉnh Thanh Hóa", None, 2023, statements)
    seconds = time.process_time() - start
    return [
        Result(
            f"extract a plan of {len(text.encode()) // 1024} KB",
            round(plan * 1000, 1),
            "ms",
            peer="NFC and a number pattern over the same text",
            ratio=round(plan / bare, 1),
            at_most=50,
            limited="ratio",
        ),
        Result("time over length, up to 5 MB", round(power, 2), "exponent", at_most=1.15),
        Result("extract 5 MB", round(longest, 1), "s"),
        Result(
            f"match {len(matched.readings):,} statements with {LABELS:,} labels",
            round(seconds, 2),
            "s",
            at_most=5,
        ),
    ]
