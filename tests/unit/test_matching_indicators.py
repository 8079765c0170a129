"""Labels to indicators: look-alikes stay apart, and what stays open is no match."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.matching.catalog import load_catalog
from pipelines.matching.indicators import IndicatorMatcher, Match, Words

MATCHER = IndicatorMatcher(load_catalog(Path(__file__).parents[2] / "data" / "seeds"))


def matches(
    left: str = "",
    right: str = "",
    *,
    unit: str = "percent",
    context: str = "",
    heading: str = "",
    attach: str = "left",
) -> tuple[Match, ...]:
    return MATCHER.matches(Words(attach, left, right, context, heading), unit)


def code(left: str, unit: str = "percent") -> str | None:
    found = matches(left, unit=unit)
    assert len(found) <= 1
    return found[0].code if found else None


@pytest.mark.parametrize(
    ("label", "unit", "expected"),
    [
        # passed by fibre, subscribed to it, able to get it
        ("Tỷ lệ hộ gia đình được phủ mạng cáp quang", "percent", "households_fiber_coverage"),
        ("Tỷ lệ hộ gia đình có cáp quang", "percent", "households_fiber_share"),
        ("Tỷ lệ hộ gia đình sử dụng cáp quang", "percent", "households_fiber_share"),
        ("Tỷ lệ hộ gia đình có khả năng tiếp cận cáp quang", "percent", "households_fiber_coverage"),
        (
            "Tỷ lệ hộ gia đình có khả năng tiếp cận cáp quang khi có nhu cầu",
            "percent",
            "households_fiber_on_demand",
        ),
        ("Tỷ lệ hộ gia đình có thuê bao băng rộng cố định", "percent", "households_fixed_broadband_share"),
        ("Tỷ lệ hộ gia đình có kết nối Internet", "percent", "households_internet_share"),
        # subscriptions, users, adults, households
        ("Tỷ lệ thuê bao sử dụng điện thoại thông minh", "percent", "smartphone_share_of_mobile_subs"),
        ("Tỷ lệ người sử dụng điện thoại thông minh", "percent", "smartphone_share_of_mobile_users"),
        ("Tỷ lệ dân số trưởng thành có điện thoại thông minh", "percent", "adult_smartphone_share"),
        ("Tỷ lệ hộ gia đình có điện thoại thông minh", "percent", "households_smartphone_share"),
        ("Tỷ lệ người dân có điện thoại thông minh", "percent", "population_smartphone_share"),
        ("Tỷ lệ điện thoại thông minh trên tổng dân số", "percent", "smartphone_per_capita_share"),
        ("Số thuê bao điện thoại thông minh", "count", "smartphone_subs_count"),
        # one label, three units
        ("Thuê bao băng rộng di động", "count", "mobile_broadband_subs_count"),
        ("Thuê bao băng rộng di động", "per_100_people", "mobile_broadband_subs_per_100"),
        ("Thuê bao băng rộng di động", "percent", None),
        ("Thuê bao băng rộng cố định", "count", "fixed_broadband_subs_count"),
        ("Thuê bao băng rộng cố định", "per_100_people", "fixed_broadband_subs_per_100"),
        ("Thuê bao Internet", "count", "internet_subs_count"),
        ("Thuê bao Internet", "per_100_people", "internet_subs_per_100"),
        # villages and communes, fixed and mobile
        ("Tỷ lệ thôn được phủ sóng di động", "percent", "villages_mobile_broadband_coverage"),
        ("Tỷ lệ thôn, bản có băng rộng cố định", "percent", "villages_fixed_broadband_coverage"),
        ("Tỷ lệ ấp, khóm được phủ cáp quang", "percent", "villages_fixed_broadband_coverage"),
        ("Tỷ lệ xã có cáp quang", "percent", "communes_fiber_coverage"),
        ("Tỷ lệ xã, phường được phủ sóng di động", "percent", "communes_mobile_coverage"),
        ("Thôn chưa có sóng di động", "count", "villages_without_mobile_signal_count"),
        ("Thôn lõm sóng", "count", "villages_weak_signal_count"),
        # people covered and area covered, 4G and 5G
        ("Tỷ lệ dân số được phủ sóng 4G", "percent", "population_4g_coverage"),
        ("Tỷ lệ dân số được phủ sóng 5G", "percent", "population_5g_coverage"),
        ("Phủ sóng 5G", "percent", "coverage_5g_unspecified"),
        ("Diện tích phủ sóng di động", "percent", "area_coverage_mobile"),
        # stations, sites and masts
        ("Trạm BTS 4G", "count", "bts_4g_count"),
        ("Trạm BTS 5G", "count", "bts_5g_count"),
        ("Trạm BTS", "count", "bts_total_count"),
        ("Trạm BTS 3G, 4G", "count", "bts_total_count"),
        ("Vị trí trạm BTS", "count", "bts_site_count"),
        ("Tỷ lệ dùng chung vị trí trạm BTS", "percent", "bts_site_sharing"),
        ("Tỷ lệ sử dụng chung cột ăng ten", "percent", "antenna_mast_sharing"),
        ("Tỷ lệ sử dụng chung cột treo cáp", "percent", "cable_pole_sharing"),
        ("Tỷ lệ sử dụng chung cống, bể, cáp", "percent", "cable_duct_sharing"),
        # speeds
        ("Tốc độ băng rộng cố định", "mbps", "fixed_broadband_speed_mbps"),
        ("Tốc độ băng rộng di động", "mbps", "mobile_broadband_speed_mbps"),
        ("Tốc độ 5G", "mbps", "mobile_5g_speed_mbps"),
        # labels of other things
        ("Tỷ lệ trường học có Internet", "percent", None),
        ("Tỷ lệ hộ nghèo có điện thoại thông minh", "percent", None),
        ("Tỷ lệ hộ gia đình dùng nước sạch", "percent", None),
        ("Trạm y tế", "count", None),
        ("Internet", "percent", None),
        ("Mạng băng rộng", "percent", None),
        ("Số hộ nghèo", "count", None),
        ("Trạm BTS 4G", "money", None),
        ("", "percent", None),
    ],
)
def test_indicator_of_a_label(label: str, unit: str, expected: str | None) -> None:
    assert code(label, unit) == expected


@pytest.mark.parametrize(
    "variant",
    [
        "TỶ LỆ HỘ GIA ĐÌNH CÓ CÁP QUANG",
        "Tỉ lệ hộ gia đình có cáp quang đạt trên",
        "+ Tỷ lệ hộ có cáp quang",
        "tỷ lệ hộ gia đình có đường truyền cáp quang",
        "Tỷ lệ hộ gia đình[2] có cáp quang",
    ],
)
def test_wordings_of_one_label_match_alike(variant: str) -> None:
    assert code(variant) == "households_fiber_share"


def test_wording_of_the_catalog_is_surer_than_a_synonym() -> None:
    (exact,), (similar,) = (
        matches("Trạm BTS 4G", unit="count"),
        matches("Số lượng trạm thu phát sóng 4G", unit="count"),
    )

    assert (exact.matched_by, similar.matched_by) == ("alias", "synonyms")
    assert exact.code == similar.code
    assert exact.confidence > similar.confidence


def test_words_taken_over_are_less_sure_than_own_words() -> None:
    label = "Tỷ lệ hộ gia đình có cáp quang đạt"
    (own,), (taken,) = matches(label), matches(", phấn đấu đạt", context=label)

    assert own.code == taken.code
    assert taken.confidence < own.confidence


def test_context_completes_a_bare_subject() -> None:
    (found,) = matches("số thuê bao đạt", unit="count", context="Mạng 5G")

    assert found.matched_by == "context"


def test_context_does_not_change_the_subject_of_a_label() -> None:
    found = matches("tỷ lệ trường học đạt", context="Tỷ lệ hộ gia đình có cáp quang đạt")

    assert [match.code for match in found if match.code == "households_fiber_share"] == []


def test_one_value_for_two_indicators_makes_two_matches() -> None:
    found = matches(right="thôn được phủ sóng di động và cố định", attach="right")

    assert {match.code for match in found} == {
        "villages_mobile_broadband_coverage",
        "villages_fixed_broadband_coverage",
    }
    assert {match.matched_by for match in found} == {"shared_value"}


def test_label_behind_its_figure() -> None:
    assert [m.code for m in matches(right="hộ gia đình có kết nối Internet.", attach="right")] == [
        "households_internet_share"
    ]


def test_label_on_both_sides_of_its_figure() -> None:
    assert [m.code for m in matches("Cáp quang đã phủ đến", "xã.", attach="both")] == [
        "communes_fiber_coverage"
    ]


def test_label_of_a_table_cell_comes_from_its_row() -> None:
    assert [m.code for m in matches("Trạm BTS 4G", "Năm 2023", unit="count", attach="table")] == [
        "bts_4g_count"
    ]


def test_aliases_that_fit_equally_well_are_no_match() -> None:
    label = "thôn có mạng băng rộng"
    codes = ("villages_mobile_broadband_coverage", "villages_fixed_broadband_coverage")

    def found(*aliased: str) -> list[str]:
        aliases = tuple(
            (text, one, None) for one, text in zip(aliased, ("thôn băng rộng", "bản băng rộng"), strict=False)
        )
        one_alias_each = IndicatorMatcher(replace(MATCHER.catalog, aliases=aliases))
        return [match.code for match in one_alias_each.matches(Words("left", label, "", "", ""), "percent")]

    assert [found(one) for one in codes] == [[one] for one in codes]
    assert found(*codes) == []


@pytest.mark.parametrize("unit", ["percent", "count", "per_100_people", "mbps", "km", "boolean", "money"])
def test_confidence_lies_between_zero_and_one(unit: str) -> None:
    labels = [text.replace("[", "").replace("]", "") for text, _, _ in MATCHER.catalog.aliases]

    assert all(0 < match.confidence <= 1 for label in labels for match in matches(label, unit=unit))


def test_every_alias_finds_its_own_indicator() -> None:
    wrong = []
    for text, expected, _ in MATCHER.catalog.aliases:
        unit = MATCHER.catalog.indicators[expected].unit
        bare = (
            text.split("[", maxsplit=1)[0]
            if text.startswith("[")
            else " ".join(part.split("]")[-1] for part in text.split("["))
        )
        if expected not in {match.code for match in matches(bare, unit=unit)}:
            wrong.append((bare, expected))
    assert wrong == []


def test_nearest_indicators_of_an_unknown_label() -> None:
    nearest = MATCHER.nearest("Tỷ lệ hộ gia đình có cáp quang ở bản vùng cao")

    assert len(nearest) == 3
    assert [score for _, score in nearest] == sorted((score for _, score in nearest), reverse=True)
    assert "households_fiber_share" in dict(nearest)
