"""Place names to administrative units, by the day of the document."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipelines.matching.catalog import AdminUnit, load_catalog
from pipelines.matching.places import Gazetteer

GAZETTEER = Gazetteer(load_catalog(Path(__file__).parents[2] / "data" / "seeds"))
OLD, NEW = date(2024, 1, 1), date(2026, 1, 1)
LAST, FIRST = date(2025, 6, 30), date(2025, 7, 1)


def unit(text: str, day: date | None = OLD, within: str | None = None) -> AdminUnit:
    place = GAZETTEER.resolve(text, within, day)
    assert place.unit is not None, place
    return place.unit


@pytest.mark.parametrize(
    ("text", "day", "code", "level"),
    [
        ("tỉnh Quảng Trị", OLD, "45", "province"),
        ("tỉnh Quảng Trị", NEW, "44", "province"),
        ("Quảng Trị", LAST, "45", "province"),
        ("Quảng Trị", FIRST, "44", "province"),
        ("tỉnh Quảng Bình", OLD, "44", "province"),
        ("tỉnh Tuyên Quang", NEW, "08", "province"),
        ("Thành phố Hồ Chí Minh", OLD, "79", "province"),
        ("TP. Hồ Chí Minh", OLD, "79", "province"),
        ("TP.HCM", OLD, "79", "province"),
        ("TPHCM", NEW, "79", "province"),
        ("BR-VT", OLD, "77", "province"),
        ("Bà Rịa-Vũng Tàu", OLD, "77", "province"),
        ("Bà Rịa – Vũng Tàu", OLD, "77", "province"),
        ("Thừa Thiên Huế", OLD, "46", "province"),
        ("Thừa Thiên - Huế", OLD, "46", "province"),
        ("thành phố Huế", NEW, "46", "province"),
        ("Đắc Lắc", OLD, "66", "province"),
        ("Thanh Hoá", OLD, "38", "province"),
        ("THANH HÓA", OLD, "38", "province"),
        ("Hoà Bình", OLD, "17", "province"),
        ("huyện Vĩnh Lộc", OLD, "393", "district"),
        ("huyện Thuận Châu", OLD, "119", "district"),
        ("quận 1", OLD, "760", "district"),
        ("TX Sơn Tây", OLD, "269", "district"),
        ("thành phố Phú Quốc", OLD, "911", "district"),
        ("đặc khu Phú Quốc", NEW, "31078", "commune"),
        ("cả nước", OLD, "VN", "country"),
        ("toàn quốc", None, "VN", "country"),
        ("Việt Nam", NEW, "VN", "country"),
    ],
)
def test_unit_of_a_name_on_a_day(text: str, day: date | None, code: str, level: str) -> None:
    found = unit(text, day)

    assert (found.code, found.level) == (code, level)
    assert day is None or found.holds_on(day)


def test_same_name_before_and_after_the_mergers_is_two_rows() -> None:
    before, after = unit("tỉnh Quảng Trị", OLD), unit("tỉnh Quảng Trị", NEW)

    assert before != after
    assert (before.valid_to, after.valid_from, after.valid_to) == (LAST, FIRST, None)


def test_reused_code_is_another_unit() -> None:
    assert unit("tỉnh Quảng Bình", OLD).code == unit("tỉnh Quảng Trị", NEW).code
    assert unit("tỉnh Quảng Bình", OLD).name != unit("tỉnh Quảng Trị", NEW).name


def test_merged_province_with_its_old_code_is_a_new_row() -> None:
    before, after = unit("tỉnh Cà Mau", OLD), unit("tỉnh Cà Mau", NEW)

    assert before.code == after.code
    assert before.valid_from < after.valid_from


def test_unchanged_province_is_one_row() -> None:
    assert unit("tỉnh Sơn La", OLD) == unit("tỉnh Sơn La", NEW)


@pytest.mark.parametrize("text", ["tỉnh Quảng Bình", "Hà Giang", "Hoà Bình", "huyện Thuận Châu"])
def test_unit_that_no_longer_exists_is_unknown_with_the_day(text: str) -> None:
    place = GAZETTEER.resolve(text, None, NEW)

    assert (place.unit, place.reason) == (None, "place_unknown")
    assert "2026-01-01" in place.detail


def test_unit_that_does_not_exist_yet_is_unknown() -> None:
    assert GAZETTEER.resolve("đặc khu Phú Quốc", None, OLD).unit is None


@pytest.mark.parametrize(("within", "code"), [("82", "821"), ("80", "808"), ("89", None)])
def test_district_name_of_several_provinces_is_the_one_inside(within: str, code: str | None) -> None:
    place = GAZETTEER.resolve("huyện Châu Thành", within, OLD)

    if code:
        assert place.unit is not None
        assert (place.unit.code, GAZETTEER.province_of(place.unit)) == (code, within)
    else:
        assert place.unit is None or GAZETTEER.province_of(place.unit) == within


@pytest.mark.parametrize("text", ["huyện Châu Thành", "xã Tân Lập"])
def test_name_of_several_units_is_ambiguous_and_never_guessed(text: str) -> None:
    place = GAZETTEER.resolve(text, None, OLD)

    assert (place.unit, place.reason) == (None, "place_ambiguous")
    assert place.detail.count(",") >= 1


@pytest.mark.parametrize("text", ["thôn Đoài", "bản Mường", "ấp Tân Tiến", "buôn Ea Mắp"])
def test_village_is_below_every_unit(text: str) -> None:
    place = GAZETTEER.resolve(text, None, OLD)

    assert (place.unit, place.reason) == (None, "village_scope")


@pytest.mark.parametrize("text", ["Atlantis", "huyện Không Có", "Viettel", "Thuận Châu", ""])
def test_name_that_is_no_unit_or_lacks_its_type_is_unknown(text: str) -> None:
    assert (GAZETTEER.resolve(text, None, OLD).unit, GAZETTEER.resolve(text, None, OLD).reason) == (
        None,
        "place_unknown",
    )


def test_unknown_day_means_the_earliest_row() -> None:
    assert unit("tỉnh Quảng Trị", None).code == "45"


def test_district_lies_in_its_province() -> None:
    assert GAZETTEER.province_of(unit("huyện Vĩnh Lộc")) == "38"
    assert GAZETTEER.province_of(unit("tỉnh Sơn La")) == "14"
    assert GAZETTEER.province_of(GAZETTEER.country) is None


@pytest.mark.parametrize(
    ("text", "day", "code"),
    [
        ("Kế hoạch phát triển hạ tầng số tỉnh Cà Mau ¦  ¦ ", OLD, "96"),
        ("Kết quả trên địa bàn huyện Vĩnh Lộc ¦ UBND huyện Vĩnh Lộc ; tỉnh Thanh Hóa ¦ ", OLD, "393"),
        ("Kết quả hạ tầng số ¦ UBND TỈNH SƠN LA ¦ ", OLD, "14"),
        ("Kết quả hạ tầng số ¦  ¦ Đến nay, tỉnh Lào Cai có 5 trạm", OLD, "10"),
        ("Kết quả hạ tầng số ¦  ¦ Cả nước có 5 trạm", OLD, "VN"),
        ("Kết quả hạ tầng số ¦  ¦ Nguồn: quangngai.gov.vn", OLD, "51"),
    ],
)
def test_unit_that_a_document_is_of(text: str, day: date, code: str) -> None:
    found = GAZETTEER.document_place(text, day)

    assert found.unit is not None
    assert found.unit.code == code


def test_document_without_a_place_has_none() -> None:
    found = GAZETTEER.document_place("Kết quả hạ tầng số ¦  ¦ Có 5 trạm", OLD)

    assert (found.unit, found.basis) == (None, "not_found")


def test_city_whose_name_begins_like_a_village() -> None:
    assert unit("thành phố Buôn Ma Thuột", within="66") == unit("Buôn Ma Thuột", within="66")
    assert GAZETTEER.resolve("buôn Akô", "66", OLD).reason == "village_scope"


@pytest.mark.parametrize("name", ["huyện Mù Cang Chải", "huyện Đăk Song", "huyện Cư Mgar"])
def test_district_in_another_spelling(name: str) -> None:
    assert unit(name).level == "district"
