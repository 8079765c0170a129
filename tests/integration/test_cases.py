"""Reading, extraction and matching over real documents: accuracy, no lost figure, and honesty under mutation.

The labelled cases lie beside the project in the folder `shared` and are skipped, by name, where it is absent.
Two readings of one figure agree when indicator, year, value, unit, place and the presence of a segment agree and
both are targets or both are not (strictly: the kinds agree); a record's `*_alt` fields are further right readings.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from pipelines.extraction.extract import extract, make_lexer
from pipelines.extraction.tokens import Token
from pipelines.matching.catalog import load_catalog
from pipelines.matching.match import Matcher, match_extracted
from pipelines.matching.readings import Reading
from pipelines.reading.blocks import Block
from pipelines.reading.inventory import raw_file
from pipelines.reading.read import ReadDocument, read_document

PROJECT = Path(__file__).parents[2]
SEEDS = PROJECT / "data" / "seeds"
RAW = PROJECT / "data" / "raw"
CASES = PROJECT.parent / "shared" / "cases"
# A scan's digits are as good as its recognition, which test_formats measures.
DOCUMENTS = sorted(
    path
    for path in RAW.rglob("*")
    if path.is_file() and path.suffix != ".yml" and not path.stem.endswith("ban-quet")
)
FULL = [
    "ca-mau/2023-ke-hoach-ha-tang-so.txt",
    "quang-tri/2023-ke-hoach-ha-tang-so-dieu-chinh.txt",
    "son-la/thuan-chau/2023-ket-qua-chuyen-doi-so.html",
    "thanh-hoa/2023-ke-hoach-ha-tang-so.txt",
    "thanh-hoa/vinh-loc/2024-bao-cao-ha-tang-so.txt",
]
LEXER = make_lexer(SEEDS)

needs_cases = pytest.mark.skipif(
    not CASES.is_dir(), reason="the labelled cases (../shared/cases) are not beside the project"
)


@cache
def matcher() -> Matcher:
    return Matcher(load_catalog(SEEDS))


def document_of(path: Path, data: bytes | None = None) -> ReadDocument:
    """A document with its sidecar; `data` stands for its bytes where a test changes them."""
    return read_document(path.read_bytes() if data is None else data, raw_file(path, path.name))


def readings_of(document: ReadDocument) -> tuple[Reading, ...]:
    return match_extracted(extract(document, LEXER), matcher()).readings


# --- accuracy on the labelled cases

TYPE_WORDS = re.compile(
    r"(?<!\w)(?:thành phố|thị xã|thị trấn|tỉnh|huyện|quận|phường|xã|tp|việt nam|cả nước|toàn quốc|toàn tỉnh|toàn huyện)(?!\w)\.?"
)
Key = tuple[Any, ...]


def bare_place(name: str | None) -> str:
    """A unit's name without its type and marks; empty for the country."""
    lowered = unicodedata.normalize("NFC", (name or "").lower())
    words = TYPE_WORDS.sub(" ", re.split(r"[,(]", lowered)[0]).replace("đ", "d")
    return " ".join(
        re.findall(
            r"[a-z0-9]+",
            "".join(c for c in unicodedata.normalize("NFD", words) if not unicodedata.combining(c)),
        )
    )


def key(
    indicator: str,
    year: int | None,
    kind: str,
    value: Any,
    unit: str,
    place: str | None,
    segment: bool,
    strict: bool,
) -> Key:
    shown_kind = kind if strict else ("target" if kind == "target" else "observation")
    return indicator, year, shown_kind, round(float(value), 6), unit, bare_place(place), segment


def fact_keys(readings: Iterable[Reading], *, strict: bool) -> set[Key]:
    found = set()
    for reading in readings:
        if reading.outcome == "fact" and reading.match is not None:
            s = reading.statement
            name = reading.unit.name if reading.unit else None
            found.add(
                key(reading.match.code, s.year, s.kind, s.value, s.unit, name, bool(reading.segment), strict)
            )
    return found


def record_keys(record: dict[str, Any], *, strict: bool) -> set[Key]:
    """Every reading of a label that counts as right."""

    def either(name: str) -> list[Any]:
        return [record.get(name), *([record[f"{name}_alt"]] if f"{name}_alt" in record else [])]

    segments = [True, False] if "segment_alt" in record else [bool(record.get("segment"))]
    return {
        key(indicator, year, kind, record["value"], record["unit"], record.get("admin_unit"), segment, strict)
        for indicator, year, kind, segment in product(
            either("indicator"), either("year"), either("kind"), segments
        )
    }


def may_be_left_out(record: dict[str, Any]) -> bool:
    return (
        any(record.get(name) for name in ("derived", "contested", "segment"))
        or record.get("role") in {"repeat", "previous_period", "forecast"}
        or record.get("admin_level") in {"sector", "village"}
    )


def compare(labels: Path, *, strict: bool) -> Counter[str]:
    """How many readings of one case are hit, extra or missed."""
    case = json.loads(labels.read_text(encoding="utf-8"))
    found = fact_keys(
        case_readings(labels.parent / case.get("document", f"{labels.stem}.txt")), strict=strict
    )
    records = [
        (record_keys(record, strict=strict), record) for record in case["records"] if record.get("indicator")
    ]
    hit = {min(keys & found, key=str) for keys, _ in records if keys & found}
    missed = {
        min(keys, key=str) for keys, record in records if not keys & found and not may_be_left_out(record)
    }
    extra = found - set().union(*(keys for keys, _ in records))
    return Counter(hit=len(hit), extra=len(extra), missed=len(missed))


@cache
def case_readings(path: Path) -> tuple[Reading, ...]:
    return readings_of(document_of(path))


def rates(counts: Counter[str]) -> tuple[float, float]:
    """(precision, F1)."""
    hit = counts["hit"]
    return hit / (hit + counts["extra"]), 2 * hit / (2 * hit + counts["extra"] + counts["missed"])


def total(labels: Iterable[Path], *, strict: bool) -> Counter[str]:
    counts: Counter[str] = Counter()
    for one in labels:
        counts += compare(one, strict=strict)
    return counts


@needs_cases
def test_all_cases_reach_the_accuracy_asked_for() -> None:
    labels = sorted(CASES.glob("*.json"))
    precision, f1 = rates(total(labels, strict=False))
    _, strict_f1 = rates(total(labels, strict=True))

    assert len(labels) >= 44
    assert precision >= 0.97
    assert f1 >= 0.95
    assert strict_f1 >= 0.93


@needs_cases
@pytest.mark.parametrize("name", [f"seed_{number:03}" for number in range(5)])
def test_full_document_is_read_without_an_error(name: str) -> None:
    counts = compare(CASES / f"{name}.json", strict=False)

    assert counts["hit"] > 0
    assert (counts["extra"], counts["missed"]) == (0, 0)


# --- no figure is lost

USED = {"period", "reference", "name", "per_100", "rank", "list_number", "code"}


def digit_runs(text: str) -> Iterator[tuple[int, int]]:
    yield from ((match.start(), match.end()) for match in re.finditer(r"\d+", text))


def lost_digits(document: ReadDocument) -> list[str]:
    """Digit runs of a document that are no part of a statement, nor of a token that is used where it stands."""
    extracted = extract(document, LEXER)
    stated: dict[int, list[str]] = {}
    for statement in extracted.statements:
        stated.setdefault(statement.block_no, []).append(statement.value_text)
    lost = []
    for number, block in enumerate(document.blocks):
        tokens = LEXER.tokens(block.text)
        lost += [
            f"{block.text[max(0, start - 25) : end + 15]!r}"
            for start, end in digit_runs(block.text)
            if not accounted(block, start, end, tokens, stated.get(number, []))
        ]
    return lost


def accounted(block: Block, start: int, end: int, tokens: list[Token], stated: list[str]) -> bool:
    if block.kind == "table_cell" and (stated or not is_value_cell(block)):
        return True
    if re.search(r"[A-ZĐ]$", block.text[:start]):
        return True  # a code of letters and digits ("Đ15" among the recipients)
    for token in tokens:
        if token.start <= start and end <= token.end:
            if token.kind in USED:
                return True
            return any(block.text[token.start : token.end].strip() in printed for printed in stated)
    return False


def is_value_cell(block: Block) -> bool:
    """A cell that holds a figure and not a header, label, row number or unit."""
    return (
        bool(re.fullmatch(r"[<>≥≤~]?\s*\d[\d.,]*\s*%?", block.text.strip()))
        and (block.table_row or 0) > 1
        and (block.table_column or 0) > 1
    )


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(RAW).as_posix())
def test_every_digit_of_a_document_is_stated_or_used(path: Path) -> None:
    assert lost_digits(document_of(path)) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(RAW).as_posix())
def test_every_statement_of_a_document_ends_once(path: Path) -> None:
    extracted = extract(document_of(path), LEXER)
    readings = match_extracted(extracted, matcher()).readings

    assert sum(reading.shares_value_with is None for reading in readings) == len(extracted.statements)
    assert all((reading.reason_code is not None) == (reading.outcome == "reject") for reading in readings)


# --- honesty: a changed figure changes its own facts and no other

Row = tuple[str, int | None, str, float | None, str, str | None, str | None]


def rows(readings: Iterable[Reading]) -> list[Row]:
    """Facts in reading order: indicator, year, kind, value, unit, place, segment."""
    return [
        (
            r.match.code,
            r.statement.year,
            r.statement.kind,
            r.statement.value,
            r.statement.unit,
            r.unit.code if r.unit else None,
            r.segment,
        )
        for r in readings
        if r.outcome == "fact" and r.match
    ]


def with_digit_changed(printed: str) -> str:
    """The same number with its first digit another one, of the same length."""
    match = re.search(r"\d", printed)
    assert match is not None
    digit = printed[match.start()]
    return printed[: match.start()] + ("2" if digit != "2" else "3") + printed[match.end() :]


def source_position(text: str, reading: Reading, readings: Iterable[Reading]) -> int | None:
    """Where the printed value of a fact stands in the file's text, None where that cannot be told.

    A value that a sentence prints several times is told by its turn among the statements of that sentence.
    """
    statement = reading.statement
    if statement.attach == "table":
        return statement.char_start
    start = text.find(statement.quote)
    if start < 0 or text.count(statement.quote) != 1:
        return None
    spots = [
        m.start()
        for m in re.finditer(rf"(?<![\d.,/]){re.escape(statement.value_text)}(?!\d)", statement.quote)
    ]
    twins = [
        r.statement
        for r in readings
        if r.shares_value_with is None
        and r.statement.quote == statement.quote
        and r.statement.value_text == statement.value_text
    ]
    if len(spots) != len(twins):
        return None
    return start + spots[next(turn for turn, twin in enumerate(twins) if twin is statement)]


def mutations(path: Path) -> Iterator[tuple[bytes, int, str]]:
    """(changed file, position of the changed fact, its new printed value) for figures that can be changed alone."""
    source = path.read_text(encoding="utf-8")
    # Lines broken by hand are sentences in a quote; a line end and a space are of one length.
    flat = source.replace("\n", " ")
    readings = readings_of(document_of(path))
    for number, reading in enumerate(r for r in readings if r.outcome == "fact"):
        printed = reading.statement.value_text
        if reading.shares_value_with is not None or "/" in printed or not re.search(r"\d", printed):
            continue
        at = source_position(flat, reading, readings)
        if at is not None and flat[at : at + len(printed)] == printed:
            changed = with_digit_changed(printed)
            yield (source[:at] + changed + source[at + len(printed) :]).encode(), number, changed


@pytest.mark.parametrize("name", FULL)
def test_changed_digit_changes_exactly_its_own_fact(name: str) -> None:
    path = RAW / name
    before = rows(readings_of(document_of(path)))
    tried = 0
    for data, number, printed in mutations(path):
        after = rows(readings_of(document_of(path, data)))
        (figure,) = [token for token in LEXER.tokens(printed) if token.kind == "figure"]
        expected = list(before)
        expected[number] = (*before[number][:3], figure.value, *before[number][4:])
        assert after == expected, f"{printed} in place of {before[number]}"
        tried += 1
    assert tried >= 8


YEAR_WORDS = [
    ("ca-mau/2023-ke-hoach-ha-tang-so.txt", "Mục tiêu năm\n2024", "Mục tiêu năm\n2026", 2024, 2026),
    ("ca-mau/2023-ke-hoach-ha-tang-so.txt", "Mục tiêu năm\n2025", "Mục tiêu năm\n2027", 2025, 2027),
    ("thanh-hoa/vinh-loc/2024-bao-cao-ha-tang-so.txt", "ước năm 2024:", "ước năm 2023:", 2024, 2023),
    (
        "son-la/thuan-chau/2023-ket-qua-chuyen-doi-so.html",
        "Tính đến hết tháng 11 năm 2023",
        "Tính đến hết tháng 11 năm 2022",
        2023,
        2022,
    ),
]


@pytest.mark.parametrize(("name", "printed", "changed", "year", "new_year"), YEAR_WORDS)
def test_changed_year_changes_only_the_facts_that_it_dates(
    name: str, printed: str, changed: str, year: int, new_year: int
) -> None:
    path = RAW / name
    text = path.read_text(encoding="utf-8")
    assert text.count(printed) == 1
    before = rows(readings_of(document_of(path)))
    after = rows(readings_of(document_of(path, text.replace(printed, changed).encode())))

    assert len(after) == len(before)
    moved = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert moved
    for old, new in moved:
        assert (old[0], *old[2:]) == (new[0], *new[2:])
        assert (old[1], new[1]) == (year, new_year)


@pytest.mark.parametrize(
    ("name", "printed", "changed", "old", "new"),
    [
        ("ca-mau/2023-ke-hoach-ha-tang-so.txt", "tỉnh Cà Mau", "tỉnh Bạc Liêu", "96", "95"),
        ("thanh-hoa/vinh-loc/2024-bao-cao-ha-tang-so.txt", "huyện Vĩnh Lộc", "huyện Yên Định", "393", "394"),
    ],
)
def test_changed_place_of_the_sidecar_changes_the_place_of_every_fact_only(
    tmp_path: Path, name: str, printed: str, changed: str, old: str, new: str
) -> None:
    source = RAW / name
    copy = tmp_path / source.name
    copy.write_bytes(source.read_bytes())
    stated = source.with_name(f"{source.name}.yml").read_text(encoding="utf-8")
    assert printed in stated
    copy.with_name(f"{copy.name}.yml").write_text(
        stated.replace(f"admin_unit: {printed}", f"admin_unit: {changed}"), encoding="utf-8"
    )
    before, after = rows(readings_of(document_of(source))), rows(readings_of(document_of(copy)))

    assert before
    assert {row[5] for row in before} == {old}
    assert after == [(*row[:5], new, row[6]) for row in before]
