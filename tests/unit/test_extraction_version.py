"""What a stored statement depends on: the rules of extraction and the spellings of units, no other seed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.extraction.extract import EXTRACTOR_VERSION, extractor_version

SEEDS = Path(__file__).parents[2] / "data" / "seeds"


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    for name in ("unit_spellings.csv", "indicator_aliases.csv"):
        shutil.copy(SEEDS / name, tmp_path / name)
    return tmp_path


def test_version_names_the_program_and_the_spellings_of_units() -> None:
    program, _, spellings = extractor_version(SEEDS).partition("+")

    assert program == EXTRACTOR_VERSION
    assert len(spellings) == 8


def test_another_spelling_of_a_unit_is_another_version(seeds: Path) -> None:
    before = extractor_version(seeds)
    with (seeds / "unit_spellings.csv").open("a", encoding="utf-8") as file:
        file.write("phần vạn,percent,0.01\n")

    assert extractor_version(seeds) != before


def test_another_alias_is_no_other_version(seeds: Path) -> None:
    before = extractor_version(seeds)
    with (seeds / "indicator_aliases.csv").open("a", encoding="utf-8") as file:
        file.write("trạm lạ,bts_4g_count,\n")

    assert extractor_version(seeds) == before
