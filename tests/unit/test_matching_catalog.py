"""A wrong catalog stops the night with one sentence for each wrong row: file, line, reason, remedy."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.matching.catalog import CatalogError, load_catalog

SEEDS = Path(__file__).parents[2] / "data" / "seeds"
SMALL = (
    "indicators", "concepts", "synonyms", "indicator_aliases", "admin_unit_aliases", "ignored_labels", "progress_rules", "unit_spellings", "corrections",
)  # fmt: skip


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A copy of the catalog with only the first units, which a test may spoil."""
    for name in SMALL:
        (tmp_path / f"{name}.csv").write_bytes((SEEDS / f"{name}.csv").read_bytes())
    with (SEEDS / "admin_units.csv").open(encoding="utf-8") as file:
        (tmp_path / "admin_units.csv").write_text(
            "".join(line for line, _ in zip(file, range(30), strict=False)), encoding="utf-8"
        )
    return tmp_path


def header(seeds: Path, name: str) -> list[str]:
    with (seeds / name).open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def append(seeds: Path, name: str, **cells: str) -> int:
    """Add a row and return its line number."""
    path = seeds / name
    columns = header(seeds, name)
    assert set(cells) <= set(columns)
    text = path.read_text(encoding="utf-8")
    if not text.endswith("\n"):
        text += "\n"
    row = ",".join(f'"{cells.get(column, "")}"' for column in columns)
    path.write_text(f"{text}{row}\n", encoding="utf-8")
    return text.count("\n") + 1


def sentences(seeds: Path) -> list[str]:
    with pytest.raises(CatalogError) as caught:
        load_catalog(seeds)
    for sentence in caught.value.sentences:
        assert "\n" not in sentence
        assert sentence.endswith(".")
        assert re.search(r"; .+\.$", sentence), f"no remedy: {sentence}"
    return caught.value.sentences


def test_catalog_of_the_project_is_right() -> None:
    catalog = load_catalog(SEEDS)

    assert len(catalog.indicators) > 50
    assert 0 < catalog.confidence_bar < 1


def test_copy_of_the_catalog_is_right(seeds: Path) -> None:
    assert len(load_catalog(seeds).admin_units) == 29


def test_unknown_indicator_of_an_alias(seeds: Path) -> None:
    line = append(seeds, "indicator_aliases.csv", alias="trạm lạ", indicator_code="bts_9g_count")

    assert sentences(seeds) == [
        f"data/seeds/indicator_aliases.csv, line {line}: unknown indicator 'bts_9g_count' for alias 'trạm lạ'; use a code from indicators.csv."
    ]


def test_alias_that_points_to_two_indicators_of_one_unit(seeds: Path) -> None:
    append(seeds, "indicator_aliases.csv", alias="Trạm lạ", indicator_code="bts_4g_count")
    line = append(seeds, "indicator_aliases.csv", alias="trạm  lạ", indicator_code="bts_5g_count")
    (sentence,) = sentences(seeds)

    assert sentence.startswith(f"data/seeds/indicator_aliases.csv, line {line}: ")
    assert f"line {line - 1}" in sentence
    assert "bts_4g_count" in sentence
    assert "bts_5g_count" in sentence


def test_alias_may_serve_two_indicators_of_different_units(seeds: Path) -> None:
    append(seeds, "indicator_aliases.csv", alias="thuê bao lạ", indicator_code="internet_subs_count")
    append(seeds, "indicator_aliases.csv", alias="thuê bao lạ", indicator_code="internet_subs_per_100")

    assert len(load_catalog(seeds).aliases) > 2


def test_synonym_of_an_unknown_concept(seeds: Path) -> None:
    line = append(seeds, "synonyms.csv", wording="trạm lạ", concept="starship")
    (sentence,) = sentences(seeds)

    assert sentence.startswith(f"data/seeds/synonyms.csv, line {line}: unknown concept 'starship'")


def test_wording_with_two_meanings(seeds: Path) -> None:
    line = append(seeds, "synonyms.csv", wording="Thôn", concept="commune")
    (sentence,) = sentences(seeds)

    assert sentence.startswith(f"data/seeds/synonyms.csv, line {line}: ")
    assert "village" in sentence


@pytest.mark.parametrize(
    ("name", "cells", "words"),
    [
        ("concepts.csv", {"concept": "x", "role": "hero"}, "hero"),
        ("concepts.csv", {"concept": "x", "role": "subject", "implies": "starship"}, "starship"),
        (
            "indicators.csv",
            {"indicator_code": "bts_4g_count", "unit": "count", "direction": "higher_is_better"},
            "bts_4g_count",
        ),
        (
            "indicators.csv",
            {"indicator_code": "x", "unit": "furlong", "direction": "higher_is_better"},
            "furlong",
        ),
    ],
)
def test_wrong_row_names_its_line_and_remedy(
    seeds: Path, name: str, cells: dict[str, str], words: str
) -> None:
    line = append(seeds, name, **cells)
    (sentence,) = sentences(seeds)

    assert sentence.startswith(f"data/seeds/{name}, line {line}: ")
    assert words in sentence


def test_direction_is_never_guessed(seeds: Path) -> None:
    line = append(seeds, "indicators.csv", indicator_code="x", unit="count")

    with pytest.raises(CatalogError) as caught:
        load_catalog(seeds)

    assert caught.value.sentences == [
        f"data/seeds/indicators.csv, line {line}: direction of x must be higher_is_better or lower_is_better."
    ]


@pytest.mark.parametrize(
    "name",
    [
        "indicators.csv",
        "concepts.csv",
        "synonyms.csv",
        "indicator_aliases.csv",
        "admin_unit_aliases.csv",
        "ignored_labels.csv",
    ],
)
def test_missing_column(seeds: Path, name: str) -> None:
    column = header(seeds, name)[0]
    path = seeds / name
    path.write_text(path.read_text(encoding="utf-8").replace(column, "khac", 1), encoding="utf-8")
    (sentence,) = sentences(seeds)

    assert sentence.startswith(f"data/seeds/{name}, line 1: column {column} is missing")


@pytest.mark.parametrize(
    "name",
    [
        "indicators.csv",
        "concepts.csv",
        "synonyms.csv",
        "indicator_aliases.csv",
        "admin_units.csv",
        "ignored_labels.csv",
    ],
)
def test_missing_file(seeds: Path, name: str) -> None:
    (seeds / name).unlink()
    (sentence,) = sentences(seeds)

    assert f"{name}: the file is missing" in sentence


def spoil_row(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "một ô\n", encoding="utf-8")


def spoil_encoding(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\xff\xfe,x\n")


@pytest.mark.parametrize("spoil", [spoil_row, spoil_encoding])
def test_row_that_is_no_row(seeds: Path, spoil: Callable[[Path], None]) -> None:
    spoil(seeds / "synonyms.csv")
    (sentence,) = sentences(seeds)

    assert sentence.startswith("data/seeds/synonyms.csv")


def test_all_wrong_rows_are_reported_at_once(seeds: Path) -> None:
    append(seeds, "synonyms.csv", wording="trạm lạ", concept="starship")
    append(seeds, "indicator_aliases.csv", alias="trạm lạ", indicator_code="bts_9g_count")

    assert len(sentences(seeds)) == 2


def test_catalog_without_its_confidence_bar(seeds: Path) -> None:
    (seeds / "progress_rules.csv").write_text("rule_version,parameter,value,description\n", encoding="utf-8")

    assert "confidence_bar" in sentences(seeds)[0]


def test_identity_changes_with_any_file_that_matching_reads(seeds: Path) -> None:
    before = load_catalog(seeds).catalog_id
    append(seeds, "synonyms.csv", wording="thôn lạ", concept="village")

    assert load_catalog(seeds).catalog_id != before


# --- corrections and spellings of units

CORRECTION = {
    "correction_id": "vinh-loc-2024",
    "document_id": "a" * 64,
    "indicator_code": "adult_smartphone_share",
    "admin_unit_code": "01",
    "year": "2024",
    "kind": "actual",
    "expected_value": "75",
    "right_value": "57",
    "reason": "two digits stand in the wrong order",
    "corrected_by": "the statistics office",
    "corrected_on": "2025-01-31",
}


def test_correction_that_names_all_it_must_is_right(seeds: Path) -> None:
    append(seeds, "corrections.csv", **CORRECTION)

    load_catalog(seeds)


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("correction_id", "", "correction_id is empty"),
        ("document_id", "bao-cao.txt", "'bao-cao.txt' is no SHA-256"),
        ("indicator_code", "bts_9g_count", "unknown indicator 'bts_9g_count'"),
        ("admin_unit_code", "1", "unknown administrative unit '1'"),
        ("year", "24", "'24' is no year"),
        ("kind", "ước", "unknown kind 'ước'"),
        ("expected_value", "75,5", "expected_value '75,5' is no number"),
        ("right_value", "", "right_value '' is no number"),
        ("right_value", "nan", "right_value 'nan' is no number"),
        ("right_value", "75.0", "are the same"),
        ("reason", "", "reason is empty"),
        ("corrected_by", "", "corrected_by is empty"),
        ("corrected_on", "31/1/2025", "'31/1/2025' is no date"),
    ],
)
def test_wrong_cell_of_a_correction_names_its_line_and_remedy(
    seeds: Path, column: str, cell: str, words: str
) -> None:
    line = append(seeds, "corrections.csv", **(CORRECTION | {column: cell}))
    (sentence,) = sentences(seeds)

    assert sentence.startswith(f"data/seeds/corrections.csv, line {line}: ")
    assert words in sentence


def test_two_corrections_of_one_name(seeds: Path) -> None:
    first = append(seeds, "corrections.csv", **CORRECTION)
    append(seeds, "corrections.csv", **CORRECTION)
    (sentence,) = sentences(seeds)

    assert f"stands on line {first} too" in sentence


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"spelling": "phần vạn", "unit": "permyriad", "multiplier": "0.01"}, "unknown unit 'permyriad'"),
        ({"spelling": "phần vạn", "unit": "percent", "multiplier": "0,01"}, "multiplier '0,01' is no number"),
        ({"spelling": "", "unit": "percent", "multiplier": "1"}, "the spelling is empty"),
    ],
)
def test_wrong_spelling_of_a_unit(seeds: Path, cells: dict[str, str], words: str) -> None:
    append(seeds, "unit_spellings.csv", **cells)
    (sentence,) = sentences(seeds)

    assert words in sentence
