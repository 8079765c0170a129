"""Honesty word by word: one digit, unit, year or place of a report changed, and only its own facts change."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.extraction.extract import extract, make_lexer
from pipelines.matching.catalog import load_catalog
from pipelines.matching.match import Matcher, match_extracted
from pipelines.reading.inventory import RawFile
from pipelines.reading.read import read_document
from pipelines.reading.sidecar import Sidecar

SEEDS = Path(__file__).parents[2] / "data" / "seeds"
LEXER = make_lexer(SEEDS)
MATCHER = Matcher(load_catalog(SEEDS))
REPORT = """Báo cáo phát triển hạ tầng số tỉnh Sơn La năm 2024
Ngày đăng: 20/12/2024
Toàn tỉnh có 2.833 trạm BTS; tỷ lệ hộ gia đình sử dụng cáp quang đạt 46,3%.
Tốc độ băng rộng cố định đạt 120 Mbps, tốc độ băng rộng di động đạt 52 Mbps.
Năm 2023, số thuê bao băng rộng di động là 0,9 triệu thuê bao, tăng 6% so với năm 2022.
Tỷ lệ người trưởng thành có điện thoại thông minh tại huyện Mai Sơn đạt 81,5%, tại huyện Yên Châu đạt 77,2%.
Phấn đấu đến năm 2025, tỷ lệ thôn được phủ sóng di động băng rộng đạt 99%; đến năm 2030 đạt 100%.
Mật độ thuê bao băng rộng cố định đạt 14,2 thuê bao/100 dân.
"""
Fact = tuple[object, ...]


def facts_of(text: str) -> list[Fact]:
    """(indicator, year, kind, value, unit, place) of the facts of a text, in order."""
    file = RawFile("x.txt", "0" * 64, len(text), Sidecar())
    readings = match_extracted(extract(read_document(text.encode(), file), LEXER), MATCHER).readings
    return [
        (r.match.code, s.year, s.kind, s.value, s.unit, r.unit.name if r.unit else None)
        for r in readings
        if r.match is not None and (s := r.statement)
    ]


BEFORE = facts_of(REPORT)


def changes(printed: str, changed: str) -> list[tuple[Fact, Fact]]:
    """The facts, as they were and as they are, that a change of words changes."""
    assert REPORT.count(printed) == 1
    after = facts_of(REPORT.replace(printed, changed))
    assert len(after) == len(BEFORE)
    return [(old, new) for old, new in zip(BEFORE, after, strict=True) if old != new]


def test_the_report_is_understood() -> None:
    assert [fact[:4] for fact in BEFORE] == [
        ("bts_total_count", 2024, "actual", 2833.0),
        ("households_fiber_share", 2024, "actual", 46.3),
        ("fixed_broadband_speed_mbps", 2024, "actual", 120.0),
        ("mobile_broadband_speed_mbps", 2024, "actual", 52.0),
        ("mobile_broadband_subs_count", 2023, "actual", 900_000.0),
        ("adult_smartphone_share", 2024, "actual", 81.5),
        ("adult_smartphone_share", 2024, "actual", 77.2),
        ("villages_mobile_broadband_coverage", 2025, "target", 99.0),
        ("villages_mobile_broadband_coverage", 2030, "target", 100.0),
        ("fixed_broadband_subs_per_100", 2024, "actual", 14.2),
    ]


@pytest.mark.parametrize(
    ("printed", "changed", "value"),
    [
        ("2.833", "2.834", 2834.0),
        ("46,3", "47,3", 47.3),
        ("120 Mbps", "130 Mbps", 130.0),
        ("0,9 triệu", "0,8 triệu", 800_000.0),
        ("77,2", "77,3", 77.3),
        ("đạt 99%", "đạt 98%", 98.0),
        ("14,2", "14,3", 14.3),
    ],
)
def test_one_digit(printed: str, changed: str, value: float) -> None:
    ((old, new),) = changes(printed, changed)
    assert new == (*old[:3], value, *old[4:])


@pytest.mark.parametrize(
    ("printed", "changed", "value"),
    [
        ("120 Mbps", "120 Gbps", 120_000.0),
        ("52 Mbps", "52 Gbps", 52_000.0),
        ("0,9 triệu", "0,9 nghìn", 900.0),
        ("2.833 trạm", "2.833 nghìn trạm", 2_833_000.0),
    ],
)
def test_one_unit(printed: str, changed: str, value: float) -> None:
    ((old, new),) = changes(printed, changed)
    assert new == (*old[:3], value, *old[4:])


@pytest.mark.parametrize(
    ("printed", "changed", "indicator", "year"),
    [
        ("Năm 2023, số", "Năm 2021, số", "mobile_broadband_subs_count", 2021),
        ("đến năm 2025, tỷ", "đến năm 2026, tỷ", "villages_mobile_broadband_coverage", 2026),
        ("đến năm 2030 đạt", "đến năm 2035 đạt", "villages_mobile_broadband_coverage", 2035),
    ],
)
def test_one_year(printed: str, changed: str, indicator: str, year: int) -> None:
    ((old, new),) = changes(printed, changed)
    assert old[0] == indicator
    assert new == (old[0], year, *old[2:])


def test_the_year_compared_with_dates_nothing() -> None:
    assert changes("so với năm 2022", "so với năm 2019") == []


@pytest.mark.parametrize(
    ("printed", "changed"),
    [("huyện Mai Sơn", "huyện Mường La"), ("huyện Yên Châu", "huyện Sông Mã")],
)
def test_one_place(printed: str, changed: str) -> None:
    ((old, new),) = changes(printed, changed)
    assert (old[5], new[5]) == (printed, changed)
    assert old[:5] == new[:5]


def test_the_year_and_the_place_of_the_whole_change_what_has_none_of_its_own() -> None:
    year = changes(
        "tỉnh Sơn La năm 2024\nNgày đăng: 20/12/2024", "tỉnh Sơn La năm 2023\nNgày đăng: 20/12/2023"
    )
    assert {old[1] for old, _ in year} == {2024}
    assert {new[1] for _, new in year} == {2023}
    assert len(year) == 7

    place = changes("tỉnh Sơn La năm", "tỉnh Lạng Sơn năm")
    assert {new[5] for _, new in place if new[5] != old_place(new)} <= {"tỉnh Lạng Sơn", None}


def old_place(fact: Fact) -> object:
    """The place of the same figure in the report as it is."""
    return next((old[5] for old in BEFORE if old[:4] == fact[:4]), None)
