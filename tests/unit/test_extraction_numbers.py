"""Every number printed in a Vietnamese style reads back as itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction.extract import make_lexer
from pipelines.extraction.numbers import Unit, UnitSpellings, parse_number, spelled_number
from pipelines.extraction.tokens import Token

LEXER = make_lexer(Path(__file__).parents[2] / "data" / "seeds")

WHOLE = st.integers(0, 10**9)
TENTHS = st.integers(0, 10**7)


def dotted(value: int) -> str:
    """1234567 as 1.234.567."""
    return f"{value:,}".replace(",", ".")


def figure(text: str) -> Token:
    """The only figure of a text."""
    (found,) = [token for token in LEXER.tokens(text) if token.kind == "figure"]
    return found


@given(WHOLE)
def test_count_with_dotted_thousands(value: int) -> None:
    assert parse_number(dotted(value)) == value
    assert figure(f"Toàn tỉnh có {dotted(value)} thuê bao").value == value


@given(st.integers(1_000_000, 10**10))
def test_count_with_comma_thousands_of_seven_digits_and_more(value: int) -> None:
    assert figure(f"Toàn tỉnh có {value:,} thuê bao").value == value


@given(st.integers(1000, 999_999))
def test_count_with_one_comma_group(value: int) -> None:
    assert figure(f"Toàn tỉnh có {value:,} thuê bao").value == value


@given(st.integers(2070, 10**9))
def test_count_without_separators(value: int) -> None:
    assert figure(f"Toàn tỉnh có {value} thuê bao").value == value


@given(st.integers(0, 9))
def test_count_with_a_leading_zero(value: int) -> None:
    assert figure(f"Toàn tỉnh có 0{value} doanh nghiệp").value == value


@given(TENTHS)
def test_decimal_comma_after_dotted_thousands(value: int) -> None:
    printed = f"{dotted(value // 100)},{value % 100:02d}"

    assert figure(f"dài {printed} km").value == pytest.approx(value / 100)


@given(st.integers(0, 10_000), st.sampled_from([",", "."]), st.sampled_from(["%", " %", " phần trăm"]))
def test_percentage_with_decimal_comma_or_dot(hundredths: int, mark: str, unit: str) -> None:
    found = figure(f"Tỷ lệ hộ có Internet đạt {hundredths // 100}{mark}{hundredths % 100:02d}{unit}.")

    assert found.value == pytest.approx(hundredths / 100)
    assert found.unit == "percent"


@given(st.integers(0, 100_000))
def test_percentage_with_three_decimals_is_no_thousand(thousandths: int) -> None:
    found = figure(f"đạt {thousandths // 1000},{thousandths % 1000:03d}%")

    assert found.value == pytest.approx(thousandths / 1000)


SCALES = {
    "nghìn": 1e3,
    "ngàn": 1e3,
    "vạn": 1e4,
    "triệu": 1e6,
    "tỷ": 1e9,
    "tỉ": 1e9,
    "nghìn tỷ": 1e12,
    "ngàn tỉ": 1e12,
}


@given(
    st.integers(1, 9_999),
    st.sampled_from([",", "."]),
    st.sampled_from(sorted(SCALES)),
    st.sampled_from(["", " "]),
)
def test_scaled_number_with_one_decimal(tenths: int, mark: str, scale: str, gap: str) -> None:
    found = figure(f"có {tenths // 10}{mark}{tenths % 10}{gap}{scale} thuê bao")

    assert found.value == pytest.approx(tenths / 10 * SCALES[scale], rel=1e-9)
    assert found.has_scale


@given(st.integers(1, 500), st.sampled_from(["tới", "đến", "-", "–"]), st.integers(501, 900))
def test_range_reads_both_ends(low: int, joint: str, high: int) -> None:
    found = figure(f"tốc độ {low} {joint} {high} Mbps")

    assert (found.value, found.value_max, found.unit) == (low, high, "mbps")


@given(WHOLE, st.integers(1, 10**9))
def test_fraction_reads_both_numbers(above: int, below: int) -> None:
    found = figure(f"{dotted(above)}/{dotted(below)} hộ")

    assert (found.numerator, found.denominator) == (above, below)
    assert found.value == pytest.approx(100 * above / below, abs=0.01)


def test_fraction_of_nothing_has_no_value() -> None:
    assert figure("3/0 hộ").value is None


@pytest.mark.parametrize(
    ("printed", "value", "unit"),
    [
        ("92,51Mbps", 92.51, "mbps"),
        ("167.57Mbps", 167.57, "mbps"),
        ("1,5 Gbps", 1500, "mbps"),
        ("01Gb/s", 1000, "mbps"),
        ("512 Kbps", 0.512, "mbps"),
        ("40 Mb/s", 40, "mbps"),
        ("40 Mbit/s", 40, "mbps"),
        ("20,81triệu", 20.81e6, None),
        ("84.74 triệu", 84.74e6, None),
        ("1,2 nghìn tỷ đồng", 1.2e12, "money"),
        ("105,48%", 105.48, "percent"),
        ("8,2 %", 8.2, "percent"),
        ("5‰", 0.5, "percent"),
        ("1.198.108", 1198108, None),
        ("340,656 thuê bao", 340656, None),
        ("12.345,6 km", 12345.6, "km"),
        ("04 doanh nghiệp", 4, None),
        ("0,15%", 0.15, "percent"),
    ],
)
def test_number_as_printed_in_real_documents(printed: str, value: float, unit: str | None) -> None:
    found = figure(f"đạt {printed}")

    assert (found.value, found.unit) == (value, unit)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("một", 1), ("bốn", 4), ("mười", 10), ("mười lăm", 15), ("mười một", 11), ("hai mươi", 20), ("hai mươi mốt", 21),
        ("ba mươi tư", 34), ("chín mươi chín", 99), ("Hai chục", 20),
    ],
)  # fmt: skip
def test_small_number_in_words(words: str, value: int) -> None:
    assert spelled_number(words) == value


@pytest.mark.parametrize("words", ["", "mạng", "mười mạng", "hai xã", "mươi", "hai mươi xã", "mười mười"])
def test_words_that_are_no_number(words: str) -> None:
    assert spelled_number(words) is None


def test_longer_spelling_of_a_unit_wins() -> None:
    spellings = UnitSpellings({"km": Unit("km", 1), "km2": Unit("other", 1)})

    assert spellings.unit_of("km2").unit == "other"
    assert spellings.pattern.index("km2") < spellings.pattern.index("km(")


def test_spelling_of_a_unit_is_found_without_its_spaces() -> None:
    assert UnitSpellings({"đô la": Unit("money", 1)}).unit_of("Đôla").unit == "money"


def test_number_with_two_scales_is_one_number() -> None:
    assert [t.value for t in LEXER.tokens("hơn 1 triệu 300 nghìn thuê bao, 2 tỷ 500 triệu đồng")] == [
        1.3e6,
        2.5e9,
    ]
    assert [t.value for t in LEXER.tokens("3 triệu 5 trạm")] == [3e6, 5]
