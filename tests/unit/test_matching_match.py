"""Statements to facts, or to a reject with its reason: place, scope, repeats, conservation."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.extraction.extract import extract
from pipelines.matching.match import match_extracted
from pipelines.reading.inventory import RawFile
from pipelines.reading.read import read_document
from pipelines.reading.sidecar import Sidecar
from schemas.reasons import REASON_CODES
from tests.unit.short_texts import LEXER, MATCHER, PROVINCE, read

DISTRICT = "Kết quả chuyển đổi số huyện Vĩnh Lộc, tỉnh Thanh Hóa năm 2023\n\n"


def facts(text: str, **sidecar: Any) -> list[tuple[str, float | None, str | None]]:
    """(indicator, value, code of the unit) of every fact."""
    return [
        (r.match.code, r.statement.value, r.unit.code if r.unit else None)
        for r in read(text, **sidecar)
        if r.outcome == "fact" and r.match
    ]


def reasons(text: str) -> list[str | None]:
    return [reading.reason_code for reading in read(text) if reading.outcome == "reject"]


def test_figure_without_a_place_is_of_the_documents_unit() -> None:
    assert facts(DISTRICT + "Tỷ lệ hộ gia đình có cáp quang đạt 80%.") == [
        ("households_fiber_share", 80, "393")
    ]


def test_place_of_the_clause_wins() -> None:
    assert facts(PROVINCE + "Huyện Thuận Châu có 149 trạm BTS 4G.") == [("bts_4g_count", 149, "119")]


def test_several_places_in_one_sentence_keep_their_own() -> None:
    text = PROVINCE + "Huyện Thuận Châu có 149 trạm BTS 4G, huyện Mai Sơn có 180 trạm BTS 4G."

    assert [(value, code) for _, value, code in facts(text)] == [(149, "119"), (180, "125")]


def test_country_beside_the_province() -> None:
    text = PROVINCE + "Tỷ lệ hộ gia đình có cáp quang đạt 60% (cả nước đạt 80%)."

    assert facts(text) == [("households_fiber_share", 60, "14"), ("households_fiber_share", 80, "VN")]


def test_whole_province_in_a_districts_report_is_the_province() -> None:
    assert facts(DISTRICT + "Toàn tỉnh có 500 trạm BTS 5G.") == [("bts_5g_count", 500, "38")]


def test_whole_district_is_the_document_itself() -> None:
    assert facts(DISTRICT + "Toàn huyện có 50 trạm BTS 5G.") == [("bts_5g_count", 50, "393")]


def test_place_after_the_mergers_is_the_new_row() -> None:
    text = "Kết quả chuyển đổi số tỉnh Quảng Trị năm {}\n\nTỷ lệ hộ gia đình có cáp quang đạt 80%."

    assert [facts(text.format(year))[0][2] for year in (2024, 2026)] == ["45", "44"]


def test_document_of_no_known_place_keeps_its_facts_without_one() -> None:
    assert facts("Kết quả chuyển đổi số năm 2023\n\nTỷ lệ hộ gia đình có cáp quang đạt 80%.") == [
        ("households_fiber_share", 80, None)
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Viettel có 120 trạm BTS 4G.", "operator_scope"),
        ("VNPT đã lắp 120 trạm BTS 4G.", "operator_scope"),
        ("Tại khu công nghiệp, 100% phủ sóng 5G.", "zone_scope"),
        ("Thôn Đoài có 90% hộ gia đình có điện thoại thông minh.", "village_scope"),
        ("Thuê bao di động đạt 5.000, tăng 5% so với cùng kỳ.", "change_not_level"),
        ("Tốc độ băng rộng di động tăng từ 40 Mbps lên 52 Mbps.", "previous_period"),
        ("Tỷ lệ hộ gia đình có cáp quang đạt 80%, xếp thứ 4/12 huyện.", "rank"),
        ("Kinh phí 2,5 tỷ đồng.", "money"),
        ("Tỷ lệ người từ 15 tuổi có điện thoại thông minh đạt 80%.", "age"),
        ("Tốc độ băng rộng cố định trung bình của thế giới là 90 Mbps.", "world_average"),
        ("Số trạm BTS 4G đạt 99% kế hoạch.", "plan_completion"),
        ("Huyện Châu Thành có 149 trạm BTS 4G.", "place_ambiguous"),
        ("Chỉ số phát triển thuê bao di động (năm trước = 100) là 105%.", "growth_index"),
    ],
)  # fmt: skip
def test_figure_that_is_no_level_of_the_unit_is_rejected_with_its_reason(text: str, reason: str) -> None:
    assert reason in reasons(PROVINCE + text)


def test_operator_does_not_rule_out_what_is_said_of_the_whole() -> None:
    text = PROVINCE + "Viettel lắp 20 trạm BTS 5G, toàn tỉnh có 50 trạm BTS 5G."

    assert facts(text) == [("bts_5g_count", 50, "14")]


def test_cells_without_a_figure_are_rejects_with_their_reason() -> None:
    text = (
        PROVINCE
        + "Chỉ tiêu | Năm 2021 | Năm 2022 | Năm 2023\nTrạm BTS 4G | | - | 120\nTrạm BTS 5G | 0 | chưa có số liệu | 5\n"
    )

    assert reasons(text) == ["blank_cell", "dash_cell", "no_data_cell"]
    assert [value for _, value, _ in facts(text)] == [120, 0, 5]


def test_rounded_repeat_gives_way_to_the_exact_figure() -> None:
    text = PROVINCE + "Toàn tỉnh có hơn 1.200 trạm BTS 4G.\n\nSố trạm BTS 4G là 1.234 trạm.\n"

    assert [value for _, value, _ in facts(text)] == [1234]
    assert reasons(text) == ["rounded_repeat"]


def test_rounded_figure_alone_is_kept_with_its_sign() -> None:
    found = [r for r in read(PROVINCE + "Toàn tỉnh có hơn 1.200 trạm BTS 4G.") if r.outcome == "fact"]

    assert [(r.statement.value, r.statement.comparator) for r in found] == [(1200, ">")]


def test_rounded_target_is_no_repeat_of_an_actual() -> None:
    text = PROVINCE + "Số trạm BTS 4G là 1.234 trạm. Phấn đấu năm 2023 có trên 1.250 trạm BTS 4G."

    assert [value for _, value, _ in facts(text)] == [1234, 1250]


def test_far_figure_is_no_rounded_repeat() -> None:
    text = PROVINCE + "Toàn tỉnh có hơn 1.200 trạm BTS 4G.\n\nSố trạm BTS 4G là 1.834 trạm.\n"

    assert [value for _, value, _ in facts(text)] == [1200, 1834]


def test_fraction_of_counted_things_becomes_their_count() -> None:
    found = [r for r in read(PROVINCE + "Có 12/204 thôn lõm sóng.") if r.outcome == "fact"]

    assert [(r.match.code, r.statement.value, r.statement.unit) for r in found if r.match] == [
        ("villages_weak_signal_count", 12, "count")
    ]


def test_title_states_no_fact_where_the_text_repeats_it() -> None:
    text = "Sơn La có hơn 1.200 trạm BTS 4G\n\nNgày đăng: 12/06/2024\n\nTỉnh Sơn La có 1.234 trạm BTS 4G."

    assert [value for _, value, _ in facts(text)] == [1234]
    assert "headline" in reasons(text)


def test_shared_value_is_two_facts_that_point_at_each_other() -> None:
    found = [r for r in read(PROVINCE + "99% thôn được phủ sóng di động và cố định.") if r.outcome == "fact"]

    assert [r.statement.value for r in found] == [99, 99]
    assert len({r.match.code for r in found if r.match}) == 2
    assert [r.shares_value_with is None for r in found] == [True, False]


def test_part_of_the_population_is_kept_as_a_segment() -> None:
    found = [
        r
        for r in read(PROVINCE + "Tỷ lệ hộ gia đình có cáp quang ở khu vực thành thị đạt 95%.")
        if r.outcome == "fact"
    ]

    assert all(r.segment for r in found)
    assert [r.segment_type for r in found] == ["area"]


def test_unknown_label_is_unmatched_and_not_dropped() -> None:
    assert [(r.outcome, r.statement.value) for r in read(PROVINCE + "Tỷ lệ hộ trồng cam đạt 80%.")] == [
        ("unmatched", 80)
    ]


MIXED = PROVINCE + (
    "Toàn tỉnh có 1.234 trạm BTS 4G, tăng 5%; 99% thôn được phủ sóng di động và cố định. Viettel có 12 trạm BTS 5G. Hộ trồng cam: 50.\n\n"
    "Chỉ tiêu | Năm 2021 | Năm 2022\nTrạm BTS 4G | | -\nTrạm BTS 5G | 0 | 5\n"
)


def test_every_statement_ends_once_as_fact_unmatched_or_reject() -> None:
    file = RawFile("a.txt", "0" * 64, 1, Sidecar())
    extracted = extract(read_document(MIXED.encode(), file), LEXER)
    readings = match_extracted(extracted, MATCHER).readings

    assert sum(reading.shares_value_with is None for reading in readings) == len(extracted.statements)
    assert {reading.outcome for reading in readings} == {"fact", "unmatched", "reject"}


def test_every_reject_has_a_reason_of_the_closed_list_and_nothing_else_has_one() -> None:
    for reading in read(MIXED):
        assert (reading.reason_code in REASON_CODES) == (reading.outcome == "reject")
        assert (reading.match is not None) == (
            reading.outcome == "fact" or reading.reason_code == "rounded_repeat"
        )


def test_line_that_dates_the_page_gives_no_reading() -> None:
    readings = read("Hạ tầng số Sơn La\n\nBáo Sơn La, 08/01/2024\n\nTrong tháng 5, 98% hộ có Internet.\n")

    assert [(r.statement.value, str(r.statement.as_of)) for r in readings] == [(98.0, "2024-05-31")]


def test_field_of_telecommunications_is_no_segment() -> None:
    readings = read(
        PROVINCE + "Trong lĩnh vực viễn thông, tổng số thuê bao điện thoại đạt 1.250.000 thuê bao."
    )

    assert [(r.match and r.match.code, r.segment) for r in readings] == [("phone_subs_count", None)]


def test_numbered_district_is_the_documents_unit() -> None:
    text = "ỦY BAN NHÂN DÂN QUẬN 3\n\nBÁO CÁO\nKết quả chuyển đổi số trên địa bàn quận 3 năm 2023\n\n"

    assert facts(text + "Tỷ lệ hộ gia đình có cáp quang đạt 80%.") == [("households_fiber_share", 80, "770")]


def test_giao_in_a_name_or_a_word_makes_no_target() -> None:
    text = """Kết quả chuyển đổi số tỉnh Nam Định năm 2023

TT | Đơn vị | Số thuê bao Internet
1 | Huyện Giao Thủy | 23.824
2 | Huyện Hải Hậu | 33.824

Chỉ tiêu | ĐVT | Năm 2022 | Năm 2023
Tỷ lệ người từ 15 tuổi trở lên có tài khoản giao dịch thanh toán | % | 83,94 | 93,5
Tỷ lệ hộ có cáp quang | % | 80,1 | 84,2
"""
    found = [r for r in read(text) if r.outcome == "fact"]

    assert {r.statement.kind for r in found} == {"actual"}
    assert [(r.match and r.match.code, r.statement.value) for r in found] == [
        ("internet_subs_count", 23824),
        ("internet_subs_count", 33824),
        ("adults_with_payment_account", 83.94),
        ("adults_with_payment_account", 93.5),
        ("households_fiber_share", 80.1),
        ("households_fiber_share", 84.2),
    ]


def test_unit_that_opens_the_title_is_the_documents_where_the_text_bears_it_out() -> None:
    sentence = "\n\nKinh tế số chiếm 10% GRDP của huyện; 80% hộ gia đình có cáp quang."

    assert facts(
        "Vĩnh Lộc: mục tiêu chuyển đổi số đến năm 2025\n\nBáo Thanh Hóa\n\n08/11/2022" + sentence
    ) == [("households_fiber_share", 80, "393")]
    assert facts("Đất Việt: mục tiêu chuyển đổi số đến năm 2025" + sentence)[0][2] is None


def test_figures_of_another_country_are_no_facts() -> None:
    text = "Gần 1 tỷ người dùng 4G\n\nTrung Quốc có 280 triệu thuê bao cáp quang. Cả nước ta có 20 triệu thuê bao cáp quang."

    assert [value for _, value, _ in facts(text)] == [20_000_000]
    assert facts("Trung Quốc: mạng 4G\n\nNước này có 280 triệu thuê bao cáp quang.") == []


def test_parts_of_new_subscriptions_are_no_levels() -> None:
    text = (
        "Năm 2009, số thuê bao điện thoại phát triển mới đạt 41,7 triệu thuê bao, tăng 40%, bao gồm 4 triệu thuê bao "
        "cố định và 37,7 triệu thuê bao di động. Tổng số thuê bao di động đạt 100 triệu thuê bao."
    )

    assert [value for _, value, _ in facts(PROVINCE + text)] == [100_000_000]


def test_lists_in_turn_share_head_and_network() -> None:
    text = (
        "Tốc độ tải xuống, tải lên mạng băng rộng cố định lần lượt là 258,28 Mbps và 195,34 Mbps. Tốc độ mạng 5G cao nhất "
        "từ trước tới nay. Cụ thể tốc độ tải lên, tải xuống trung bình lần lượt đạt mức 99,26 Mbps và 447,03 Mbps."
    )

    assert [(code, value) for code, value, _ in facts(PROVINCE + text)] == [
        ("fixed_broadband_speed_mbps", 258.28),
        ("mobile_5g_upload_speed_mbps", 99.26),
        ("mobile_5g_speed_mbps", 447.03),
    ]


def test_list_in_turn_of_one_label_takes_the_sentences_year() -> None:
    text = (
        "Việc triển khai được đẩy nhanh trong các tháng cuối năm 2025, với mục tiêu đạt tỷ lệ trạm 5G so với trạm 4G lần "
        "lượt là 10,3% vào tháng 5, 14,9% vào tháng 9 và 57,5% vào tháng 12."
    )
    found = [r for r in read(text) if r.outcome == "fact"]

    assert [(r.match and r.match.code, r.statement.value, str(r.statement.as_of)) for r in found] == [
        ("bts_5g_to_4g_ratio", 10.3, "2025-05-31"),
        ("bts_5g_to_4g_ratio", 14.9, "2025-09-30"),
        ("bts_5g_to_4g_ratio", 57.5, "2025-12-31"),
    ]


def test_bare_speed_is_of_the_network_named_before() -> None:
    text = (
        "Tháng 7, tốc độ mạng băng rộng di động cũng cao nhất so với cùng kỳ với tốc độ tải lên trung bình là 29,5 Mbps và "
        "tốc độ tải xuống trung bình đạt 83,5 Mbps."
    )

    assert ("fixed_broadband_speed_mbps", 83.5) not in [(c, v) for c, v, _ in facts(PROVINCE + text)]


def test_stations_are_of_the_network_that_is_rolled_out_with_them() -> None:
    text = "Các doanh nghiệp đẩy nhanh triển khai mạng 5G, với hơn 11.591 trạm thu phát sóng đã được lắp đặt."

    assert [code for code, _, _ in facts(PROVINCE + text)] == ["bts_5g_count"]


def test_hundred_per_hundred_people_is_no_fraction() -> None:
    (reading,) = read(PROVINCE + "Mật độ thuê bao điện thoại di động đạt 100/100 dân.")

    assert (reading.match and reading.match.code, reading.statement.value) == ("mobile_subs_per_100", 100)


def test_yearbook_table_by_districts_with_english_beside() -> None:
    text = """Số máy điện thoại trên địa bàn phân theo huyện, thành phố tỉnh Sơn La

13/07/2010 17:00

Number of telephones in area by district

  12/2008 12/2009
  Dec-08 Dec-09
TỔNG SỐ - TOTAL 56,665 61,877
Huyện Mai Sơn - Mai Son district 2,269 2,518
Huyện Thuận Châu - Thuan Chau district 2,865 3,209
"""

    assert [(v, u, r.statement.year) for (_, v, u), r in zip(facts(text), read(text), strict=True)] == [
        (56665, "14", 2008),
        (61877, "14", 2009),
        (2269, "125", 2008),
        (2518, "125", 2009),
        (2865, "119", 2008),
        (3209, "119", 2009),
    ]


def test_this_share_is_the_one_that_the_sentence_before_speaks_of() -> None:
    text = (
        "Dù có nhiều cố gắng, tỷ lệ hồ sơ trực tuyến toàn trình của cả nước vẫn chưa đạt mục tiêu. Đến cuối năm 2023, tỷ lệ "
        "này chỉ đạt 45,8%, trong khi mục tiêu đề ra là 50%."
    )

    assert facts(PROVINCE + text) == [
        ("online_full_process_dossier_rate", 45.8, "VN"),
        ("online_full_process_dossier_rate", 50, "VN"),
    ]


def test_share_of_a_total_is_named_behind_the_total() -> None:
    text = "Trong năm, tỉnh đã xử lý trực tuyến toàn trình 68,54% trong tổng số 168.000 hồ sơ thủ tục hành chính."

    assert [(c, v) for c, v, _ in facts(PROVINCE + text)] == [("online_full_process_dossier_rate", 68.54)]


def test_stamp_of_a_saved_page_dates_it() -> None:
    (reading,) = read(
        "Hạ tầng số\n\ndate 2023-06 Theo báo cáo, tỷ lệ hộ gia đình cả nước có cáp quang đạt 77,1%."
    )

    assert (reading.statement.year, reading.unit and reading.unit.code) == (2023, "VN")


def test_province_that_a_text_speaks_of_wins_over_the_village_it_begins_with() -> None:
    text = (
        "Nỗ lực phủ sóng\n\nỞ thôn Mô Níc, xã Sơn Kỳ (Sơn Hà), người dân đã gọi được điện thoại.\n\n"
        "Đến nay, toàn tỉnh có 3.700 trạm BTS."
    )

    assert facts(text) == [("bts_total_count", 3700, "51")]


def test_month_without_a_year_goes_on_in_the_year_of_the_month_before() -> None:
    text = "Hạ tầng số\n\n10/03/2017\n\nSố thuê bao Internet đến tháng 3/2012 đạt 4 triệu. Đến cuối tháng 6, cả nước có 120 triệu thuê bao di động."
    later = "Hạ tầng số\n\n11/03/2024\n\nTheo thống kê đến hết 2023, 84% hộ có Internet. Đến tháng 2, 80,1% hộ có cáp quang."

    assert [str(r.statement.as_of) for r in read(text)] == ["2012-03-31", "2012-06-30"]
    assert [r.statement.year for r in read(later)] == [2023, 2024]


def test_caption_of_a_picture_is_no_title() -> None:
    text = (
        "Một góc thành phố Sơn La nhìn từ trên cao\n\nTỉnh Sơn La đặt ra những mục tiêu đến năm 2025:\n\n"
        "- 80% hộ gia đình có cáp quang."
    )

    assert facts(text) == [("households_fiber_share", 80, "14")]


def test_communes_at_the_end_of_a_list_share_the_network_before() -> None:
    text = "Hạ tầng mạng băng rộng cáp quang phủ trên 80% hộ gia đình, 100% xã, phổ cập dịch vụ mạng di động 4G/5G."

    assert [(c, v) for c, v, _ in facts(PROVINCE + text)] == [
        ("households_fiber_coverage", 80),
        ("communes_fiber_coverage", 100),
    ]


def test_what_a_work_is_to_secure_is_aimed_at_and_the_next_figure_is_not() -> None:
    text = (
        "Huyện đang đầu tư hạ tầng để đảm bảo 100% thôn có cáp quang. Toàn huyện có 1.990 thuê bao Internet."
    )
    found = [r for r in read(DISTRICT + text) if r.outcome == "fact"]

    assert [(r.statement.value, r.statement.kind) for r in found] == [(100, "target"), (1990, "actual")]


def cells(text: str) -> list[tuple[str, float | None, str | None, int | None]]:
    """(indicator, value, code of the unit, year) of every fact."""
    return [
        (r.match.code, r.statement.value, r.unit.code if r.unit else None, r.statement.year)
        for r in read(text)
        if r.outcome == "fact" and r.match
    ]


def test_undated_page_is_of_the_day_it_begins_with() -> None:
    text = (
        "Sáng ngày 24/4/2024, Ủy ban Quốc gia về chuyển đổi số tổ chức phiên họp. Dự tại điểm cầu tỉnh Sơn La có lãnh đạo "
        "tỉnh.\n\nVề hạ tầng số, có 80,2% số hộ gia đình sử dụng cáp quang."
    )

    assert cells(text) == [("households_fiber_share", 80.2, "VN", 2024)]


def test_now_of_an_undated_text_is_the_latest_year_it_tells_of_as_reached() -> None:
    text = (
        "Hạ tầng số Sơn La\n\nTrong năm 2016, số thuê bao di động của tỉnh đến nay là 900.000 thuê bao. Kế hoạch năm 2017, "
        "tỉnh dự kiến phát triển 50.000 thuê bao di động.\n\nTổng số trạm BTS toàn tỉnh hiện đạt 1.918 trạm."
    )

    assert cells(text) == [
        ("mobile_subs_count", 900_000, "14", 2016),
        ("bts_total_count", 1918, "14", 2016),
    ]


def test_what_a_national_body_reports_is_of_the_country() -> None:
    text = "Tỉnh có 1.200 trạm BTS. Theo báo cáo của Cục Viễn thông, tỷ lệ hộ gia đình có cáp quang đạt 80%."

    assert [(code, unit) for code, _, unit in facts(PROVINCE + text)] == [
        ("bts_total_count", "14"),
        ("households_fiber_share", "VN"),
    ]


def test_paragraph_speaks_of_the_unit_that_opens_it() -> None:
    text = (
        "Đến nay, xã Chiềng Mung (huyện Mai Sơn) đã thành lập 14 tổ công nghệ số cộng đồng. Các tổ được tập huấn. Tỷ lệ hộ "
        "gia đình có cáp quang đạt 80%. Toàn tỉnh có 1.200 trạm BTS."
    )
    units = [unit for _, _, unit in facts(PROVINCE + text)]

    assert units[0] == units[1] != "14"
    assert units[2] == "14"


def test_first_province_of_a_title_is_meant() -> None:
    text = "Internet Sơn La nhanh gấp đôi Hà Nội, TP.HCM\n\nTốc độ băng rộng cố định trong tháng 3/2024 đạt 231,89 Mbps."

    assert facts(text) == [("fixed_broadband_speed_mbps", 231.89, "14")]


def test_list_of_places_with_words_in_the_first_bracket() -> None:
    text = "Tốc độ băng rộng cố định bỏ xa các thành phố như Hà Nội (tốc độ tải xuống 94,08 Mbps), TP.HCM (98,98 Mbps) hay Đà Nẵng (93,03 Mbps)."

    assert [unit for _, _, unit in facts(PROVINCE + text)] == ["01", "79", "48"]


def test_two_labels_of_one_value_make_two_facts() -> None:
    text = "Tỷ lệ phủ băng rộng cố định, tỷ lệ phủ sóng 3G/4G đạt 100% khóm, ấp."

    assert {code for code, _, _ in facts(PROVINCE + text)} == {
        "villages_fixed_broadband_coverage",
        "villages_mobile_broadband_coverage",
    }


def test_opening_of_a_part_makes_its_figures_a_segment() -> None:
    text = "Ở khu vực thành thị, tỷ lệ hộ gia đình có Internet đạt 90%. Với khu vực nông thôn, tỷ lệ hộ gia đình có Internet là 60%."

    assert [r.segment_type for r in read(PROVINCE + text)] == ["area", "area"]


def test_field_that_names_the_indicators_own_subject_is_no_segment() -> None:
    text = "Về lĩnh vực thanh toán không dùng tiền mặt cho các đối tượng bảo trợ xã hội, số được chi trả qua tài khoản đạt 84,3%."

    assert [(r.match and r.match.code, r.segment) for r in read(PROVINCE + text)] == [
        ("social_beneficiaries_paid_cashless", None)
    ]


def test_what_departments_handled_is_not_of_the_province() -> None:
    text = "Các sở, ban, ngành tiếp nhận gần 8.500 hồ sơ, trong đó 7.660 hồ sơ tiếp nhận trực tuyến, đạt tỷ lệ 90%."

    assert facts(PROVINCE + text) == []


def test_operators_own_total_is_not_of_the_province() -> None:
    text = "Giám đốc Viettel Sơn La cho biết: Năm 2023, đơn vị đã lắp đặt thêm 200 trạm 5G, nâng tổng số trạm lên gần 330 trạm."

    assert facts(PROVINCE + text) == []


def test_part_with_words_of_its_own_is_no_total() -> None:
    text = "Hiện có 45.000 vị trí lắp đặt trạm BTS, trong đó có 34.000 vị trí đã được cấp giấy chứng nhận kiểm định."

    assert [value for _, value, _ in facts(PROVINCE + text)] == [45_000]


def test_indicator_called_chi_tieu_is_no_target() -> None:
    (reading,) = read(PROVINCE + "Chỉ tiêu số hóa thành phần hồ sơ đạt 100%.")

    assert reading.statement.kind == "actual"


def test_share_of_all_of_a_list_is_of_each_member() -> None:
    both = "100% hộ gia đình có cáp quang và máy tính bảng công dân."

    assert [code for code, _, _ in facts(PROVINCE + both)] == ["households_fiber_share"]
    assert facts(PROVINCE + both.replace("100%", "90%")) == []


def test_district_named_with_other_marks() -> None:
    text = "Kết quả chuyển đổi số huyện Mù Cang Chải năm 2023\n\nTỷ lệ hộ gia đình có cáp quang đạt 20%."

    assert facts(text) == [("households_fiber_share", 20, "137")]


def test_page_without_a_title_is_of_the_district_that_acts_in_it() -> None:
    text = (
        "Trong quá trình chuyển đổi số, huyện Mai Sơn gặp nhiều khó khăn do địa hình chia cắt, dân cư thưa thớt,"
        " hạ tầng chưa đồng bộ và kinh phí còn hạn chế so với nhu cầu.\n\n"
        "Thời gian qua, huyện triển khai nhiều giải pháp về hạ tầng, nhân lực, an toàn thông tin và dịch vụ công"
        " cho người dân ở tất cả các bản. 20% số hộ có cáp quang."
    )

    assert facts(text) == [("households_fiber_share", 20, "125")]


def test_superior_that_speaks_of_all_its_area_is_meant() -> None:
    text = (
        "Xã Chiềng Mung: chuyển đổi số năm 2023\n\nNhằm nâng cao hạ tầng trên địa bàn huyện, huyện Mai Sơn"
        " đạt 70% hộ gia đình có cáp quang."
    )

    assert facts(text) == [("households_fiber_share", 70, "125")]


def test_what_is_conceded_is_no_segment() -> None:
    text = PROVINCE + "Mặc dù có nhiều xã vùng sâu, vùng xa, nhưng 100% các xã đã có cáp quang đến trung tâm."

    assert [(r.segment, r.match.code) for r in read(text) if r.match] == [(None, "communes_fiber_coverage")]


def test_commune_named_by_its_row_alone() -> None:
    table = "STT | Xã | Tỷ lệ hộ có Internet cáp quang (%)\n1 | Lý Bôn | 46,2\n2 | Nam Cao | 21,5\n"
    title = "Kết quả hạ tầng số huyện Bảo Lâm, tỉnh Cao Bằng năm 2024\n\n"

    assert [(r.unit.name, r.statement.value) for r in read(title + table) if r.unit] == [
        ("xã Lý Bôn", 46.2),
        ("xã Nam Cao", 21.5),
    ]


def test_subject_without_a_verb_takes_the_next_ones() -> None:
    text = PROVINCE + "Đã có 100% xã và 95% số thôn, bản có sóng di động băng rộng."

    assert [(code, value) for code, value, _ in facts(text)] == [
        ("communes_mobile_coverage", 100),
        ("villages_mobile_broadband_coverage", 95),
    ]


def test_two_years_in_turn_go_on_over_a_sentence() -> None:
    text = (
        "Kế hoạch hạ tầng số tỉnh Sơn La giai đoạn 2021-2025\n\nĐến năm 2022 và năm 2025, tỷ lệ hộ gia đình có"
        " cáp quang lần lượt đạt 55% và trên 80%; tỷ lệ dân số được phủ sóng 4G lần lượt đạt 98% và 100%."
    )

    assert [(code, value, year) for code, value, _, year in cells(text)] == [
        ("households_fiber_share", 55, 2022),
        ("households_fiber_share", 80, 2025),
        ("population_4g_coverage", 98, 2022),
        ("population_4g_coverage", 100, 2025),
    ]


def test_each_list_in_turn_has_its_own_figures() -> None:
    text = (
        "Tốc độ mạng Internet cố định tại Việt Nam năm 2024\n\nCụ thể, Hà Nam có tốc độ download/upload lần lượt là"
        " 227 Mb/s và 183 Mb/s, trong khi Quảng Trị đạt tốc độ download/upload lần lượt là 225 Mb/s và 167 Mb/s."
    )

    assert [(value, code) for _, value, code in facts(text)] == [(227, "35"), (225, "45")]


def test_target_without_a_year_takes_that_of_its_repeat() -> None:
    text = (
        "Gia Lai phát triển 5G\n\nVới mục tiêu nâng tỷ lệ phủ sóng 5G lên 50%, tỉnh tạo đột phá.\n\n"
        "Năm 2025, Gia Lai đặt mục tiêu phát triển hạ tầng đồng bộ, nâng tỷ lệ phủ sóng 5G lên 50%."
    )

    assert {year for _, _, _, year in cells(text)} == {2025}


def test_what_three_operators_have_together_is_of_the_whole() -> None:
    text = PROVINCE + "Có {} đã phát sóng."

    assert [v for _, v, _ in facts(text.format("100 trạm 5G của Viettel, VNPT và MobiFone"))] == [100]
    assert reasons(text.format("100 trạm 5G của Viettel")) == ["operator_scope"]


def test_place_that_a_title_is_not_about() -> None:
    text = "Nơi có Internet nhanh nhất Việt Nam: Không phải Hà Nội hay TP HCM\n\nTốc độ Internet cố định tháng 2/2025 đạt 99 Mb/s."

    assert [code for _, _, code in facts(text)] == ["VN"]


def test_unit_that_ended_within_the_year_is_the_former_one() -> None:
    text = "Hạ tầng số tỉnh Lâm Đồng\n\nNgày 30/10/2025\n\nNăm {}, thành phố Đà Lạt có 120 trạm BTS."

    assert [code for _, _, code in facts(text.format(2025))] == ["672"]
    assert reasons(text.format(2026)) == ["place_unknown"]


def test_things_that_something_is_in_are_not_counted() -> None:
    assert facts(PROVINCE + "Đã ứng dụng trí tuệ nhân tạo trong 4/7 nền tảng số.") == []


@pytest.mark.parametrize(
    "words",
    [
        "thuê bao giảm 11.090 (cố định giảm: 7.448 thuê bao, di động giảm: 3.642 thuê bao)",
        "tỉnh sẽ xây mới và chuyển đổi 1.028 trạm BTS 5G",
    ],
)
def test_what_is_added_or_lost_is_no_level(words: str) -> None:
    assert facts(PROVINCE + f"Trong năm, {words}.") == []


def test_density_behind_a_network_and_a_count() -> None:
    text = PROVINCE + "Internet băng rộng di động có 36 nghìn thuê bao, với tỷ lệ 40,1 thuê bao/100 dân."

    assert ("mobile_broadband_subs_per_100", 40.1, "14") in facts(text)


def test_network_behind_con_is_another_one() -> None:
    text = PROVINCE + "Độ phủ 4G đạt 99,8% còn 5G đạt hơn 91% dân số."

    assert [(code, value) for code, value, _ in facts(text)][1:] == [("population_5g_coverage", 91)]


def test_ministry_before_a_province_is_no_township() -> None:
    text = "Theo Sở TT&TT Quảng Ninh, năm 2016 tỉnh có 1.918 trạm BTS.\n"

    assert [code for _, _, code in facts("Hạ tầng số năm 2016\n\n" + text)] == ["22"]


def test_speeds_below_a_caption_of_one_network_are_of_it() -> None:
    table = "Địa phương | Tốc độ tải xuống (Mbps)\nĐà Nẵng | 354,94\nHuế | 613,79\n"

    assert {code for code, _, _ in facts("Tốc độ mạng 5G năm 2024\n\n" + table)} == {"mobile_5g_speed_mbps"}


def test_day_of_a_caption_is_no_figure() -> None:
    assert (
        read("Niên giám tỉnh Hậu Giang 2023\n\nSố thuê bao di động tại thời điểm 31/12 phân theo huyện\n")
        == ()
    )


def test_one_value_of_several_places_is_a_fact_of_each() -> None:
    text = "Kết quả hạ tầng số tỉnh Sơn La năm 2023\n\nCác huyện Mường La, Mai Sơn và Sông Mã đạt tỷ lệ hộ gia đình có cáp quang 80%."

    assert [(r.unit.name, r.statement.value) for r in read(text) if r.unit] == [
        ("huyện Mường La", 80),
        ("huyện Mai Sơn", 80),
        ("huyện Sông Mã", 80),
    ]


def test_parts_beside_a_total_column_are_segments() -> None:
    table = "Đơn vị | Cột ăng ten loại A2a | Cột ăng ten loại A2b | Tổng số cột ăng ten\nHuyện Mai Sơn | 3 | 117 | 120\nHuyện Sông Mã | 0 | 0 | 0\n"

    assert [(r.statement.value, r.segment) for r in read(PROVINCE + table) if r.match][:3] == [
        (3, "Cột ăng ten loại A2a"),
        (117, "Cột ăng ten loại A2b"),
        (120, None),
    ]


def test_horizon_of_a_plan_does_not_date_how_things_stand() -> None:
    text = (
        "Hiện trạng hạ tầng cột ăng ten\n\nTrích quy hoạch tỉnh Sơn La định hướng đến năm 2030\n\n"
        "Đơn vị | Tổng số cột ăng ten | Ghi chú\nHuyện Mai Sơn | 120 | đủ\nHuyện Sông Mã | 90 | đủ\n"
    )

    assert [(value, year) for _, value, _, year in cells(text)] == [(120, None), (90, None)]


def test_districts_of_2025_are_those_that_a_text_names() -> None:
    text = (
        "date 2025-04 Đông Giang đặt mục tiêu chuyển đổi số toàn diện năm 2025\n\nUBND huyện Đông Giang, tỉnh Quảng Nam"
        " ban hành kế hoạch. Huyện hướng đến 80% hộ gia đình có Internet cáp quang.\n"
    )

    assert cells(text) == [("households_fiber_share", 80, "505", 2025)]


def test_figures_of_the_one_village_of_a_story() -> None:
    assert reasons(PROVINCE + "Đến nay, trên 90% hộ dân trong thôn đã có Internet cáp quang.") == [
        "village_scope"
    ]
    assert facts(PROVINCE + "90% hộ dân ở các thôn, bản có Internet cáp quang.") != []


def test_value_far_from_another_is_no_rounded_repeat() -> None:
    text = "Viễn thông Việt Nam năm 2016\n\nViệt Nam có hơn 128,3 triệu thuê bao di động. Trước đó cả nước có 125,7 triệu thuê bao di động."

    assert [value for _, value, _ in facts(text)] == [128_300_000, 125_700_000]


def test_condition_in_brackets_is_no_segment() -> None:
    text = PROVINCE + "Tỷ lệ số hóa hồ sơ đạt 100% (đối với hồ sơ tiếp nhận tại cấp huyện từ ngày 1/12/2023)."

    assert [r.segment for r in read(text) if r.match] == [None]


def test_month_without_a_year_is_of_the_year_that_the_page_prints_beside_it() -> None:
    text = (
        "Tốc độ Internet Việt Nam\n\nTrong tháng 9 vừa qua, tốc độ tải xuống mạng băng rộng cố định đạt 272 Mbps.\n\n"
        "Tốc độ tải xuống của Viettel trong tháng 9-2025 đạt 320 Mbps."
    )

    assert [(value, year) for _, value, _, year in cells(text)] == [(272, 2025)]


def test_unit_that_opens_a_part_wins_over_the_country_before_it() -> None:
    text = (
        "Tốc độ di động Việt Nam năm 2024\n\nTrong các thành phố lớn tại Việt Nam, Đà Nẵng tiếp tục đứng đầu về tốc độ"
        " băng rộng di động khi tốc độ tải về đạt 203 Mbps."
    )

    assert [code for _, _, code in facts(text)] == ["48"]


def test_bare_speed_is_of_the_network_of_its_heading_or_the_sentence_before() -> None:
    text = (
        "Chất lượng mạng 5G năm 2025\n\nSố liệu cho thấy mạng 5G chưa cải thiện. Tốc độ tải xuống trung bình toàn quốc"
        " đạt 287 Mbps.\n\nThị trường băng rộng di động 4G ổn định. Tốc độ trung bình toàn quốc đạt 75 Mbps."
    )

    assert [(code, value) for code, value, _ in facts(text)] == [
        ("mobile_5g_speed_mbps", 287),
        ("mobile_broadband_speed_mbps", 75),
    ]


def test_aim_of_what_was_just_told_is_of_nothing_behind_it() -> None:
    text = (
        "Viễn thông Việt Nam\n\nTháng 4/2023, số thuê bao băng rộng cố định đạt 22 thuê bao/100 dân. Mục tiêu đến tháng"
        " 12/2023 đạt 25 thuê bao/100 dân; Số thuê bao băng rộng di động đạt 85,5 triệu thuê bao."
    )

    assert [(r.statement.value, r.statement.kind) for r in read(text) if r.match] == [
        (22, "actual"),
        (25, "target"),
        (85_500_000, "actual"),
    ]


def test_members_are_counted_whoever_they_are() -> None:
    text = (
        DISTRICT
        + "Toàn huyện có 201 tổ công nghệ số cộng đồng với 1.470 thành viên gồm công an xã, tổ trưởng tổ dân phố."
    )

    assert [value for _, value, _ in facts(text)] == [201, 1470]


def test_unit_named_as_owner_wins_over_the_commune_of_the_page() -> None:
    text = "Kết quả xã Chiềng Mung năm 2023\n\nHiện nay, các thôn của huyện Mai Sơn có 94 tổ công nghệ số cộng đồng."

    assert [code for _, _, code in facts(text)] == ["125"]


@pytest.mark.parametrize("site", ["Thanhhoa.dcs.vn", "baothanhhoa.vn", "www.thanhhoa.gov.vn"])
def test_address_of_a_site_names_its_province(site: str) -> None:
    text = f"Kết quả viễn thông năm 2023\n\n({site}): Trên địa bàn tỉnh có 1.918 trạm BTS."

    assert [code for _, _, code in facts(text)] == ["38"]


def test_news_is_of_the_day_on_which_it_was_told() -> None:
    text = (
        "Hơn 18 triệu chứng thư số đã được cấp\n\nToàn quốc đã cấp 18 triệu chứng thư số.\n\n"
        "Thông tin được công bố ngày 2/7, tại hội nghị giao ban Quý II/2025."
    )

    assert [(value, year) for _, value, _, year in cells(text)] == [(18_000_000, 2025)]


def test_suspended_subscriptions_are_no_total() -> None:
    assert facts(PROVINCE + "Có 1,15 triệu thuê bao di động bị tạm dừng dịch vụ.") == []


def test_title_states_a_fact_where_the_text_tells_nothing_of_it() -> None:
    title = "Sơn La phấn đấu đạt 85% dân số có điện thoại thông minh năm 2023\n\n"

    assert [value for _, value, _ in facts(title + "Tỷ lệ hộ gia đình có cáp quang đạt 75%.")] == [85, 75]
    assert [value for _, value, _ in facts(title + "Tỷ lệ dân số có điện thoại thông minh đạt 84,9%.")] == [
        84.9
    ]


def test_kinds_of_things_are_not_counted_as_the_things() -> None:
    text = DISTRICT + "Viễn thông huyện quản lý 122.180 thuê bao điện thoại sử dụng 5 mạng viễn thông."

    assert [value for _, value, _ in facts(text)] == [122_180]


def test_parts_behind_a_change_in_brackets_are_parts_of_the_level() -> None:
    text = (
        PROVINCE
        + "Toàn tỉnh có 3.412 trạm BTS (tăng 112 trạm so với cuối năm 2022), trong đó 2.890 trạm 4G, 64 trạm 5G."
    )

    assert [value for _, value, _ in facts(text)] == [3412, 2890, 64]


def test_list_of_districts_behind_a_count_is_of_what_was_counted() -> None:
    text = "Kết quả tỉnh Cao Bằng năm 2023\n\nTỉnh còn 71 xóm chưa có sóng, tập trung ở các huyện Bảo Lâm (34 xóm), Bảo Lạc (22 xóm)."

    assert [(r.unit.name, r.statement.value) for r in read(text) if r.unit and r.match] == [
        ("tỉnh Cao Bằng", 71),
        ("huyện Bảo Lâm", 34),
        ("huyện Bảo Lạc", 22),
    ]


def test_digital_society_before_a_count_is_no_document_number() -> None:
    assert [
        v for _, v, _ in facts(DISTRICT + "Xã hội số: 105 tổ công nghệ số cộng đồng với 735 thành viên.")
    ] == [105, 735]


def test_villages_that_were_served_are_no_level() -> None:
    text = PROVINCE + "Toàn tỉnh còn 243 thôn lõm sóng, đã xóa 100 thôn lõm sóng trong năm."

    assert [value for _, value, _ in facts(text)] == [243]


def test_parts_one_after_another_are_parts_of_the_whole() -> None:
    text = PROVINCE + "Tổng số thuê bao điện thoại là 981.220, trong đó cố định 11.020, di động 970.200."

    assert [(code, value) for code, value, _ in facts(text)] == [
        ("phone_subs_count", 981_220),
        ("fixed_phone_subs_count", 11_020),
        ("mobile_subs_count", 970_200),
    ]


def test_bare_stations_are_of_the_network_in_their_own_clause() -> None:
    text = PROVINCE + "Mạng 4G phủ 99% dân số, mạng 5G thử nghiệm 12 trạm tại thành phố Sơn La."

    assert [code for code, _, _ in facts(text)] == ["population_4g_coverage", "bts_5g_count"]


def test_title_opening_with_a_unit_that_the_text_names_in_full() -> None:
    text = (
        "Vũ Thư phấn đấu 55% dân số có điện thoại thông minh\n\nThứ 4, 18/05/2022\n\nBan Chỉ đạo huyện Vũ Thư xây dựng 12"
        " chỉ tiêu năm 2022 như: tỷ lệ dân số có điện thoại thông minh đạt 55% trở lên."
    )

    assert cells(text) == [("population_smartphone_share", 55, "344", 2022)]


def test_issued_is_no_level_of_a_document() -> None:
    text = "Kết quả thành phố Hồ Chí Minh năm 2023\n\nThành phố đã cấp 1.497.360 tài khoản định danh điện tử."

    assert [value for _, value, _ in facts(text)] == [1_497_360]


def test_plan_of_the_coming_year_does_not_date_what_is_now() -> None:
    text = (
        "IPv6 của Việt Nam\n\nNgày 12/12, VNNIC tổng kết công tác năm 2016 và triển khai kế hoạch công tác năm 2017; tỷ lệ sử"
        " dụng IPv6 của Việt Nam hiện nay là 5%."
    )

    assert [year for _, _, _, year in cells(text)] == [2016]


def test_what_is_told_above_all_has_words_of_its_own() -> None:
    text = (
        PROVINCE
        + "Số hộ có cáp quang đứng thứ 15 toàn quốc, và đặc biệt là 75,3% giao dịch không dùng tiền mặt."
    )

    assert facts(text) == []


def test_weak_signal_beside_signal() -> None:
    assert [c for c, _, _ in facts(DISTRICT + "Có hơn 20 thôn có sóng di động nhưng sóng rất yếu.")] == [
        "villages_weak_signal_count"
    ]


def test_superior_mentioned_once_and_meant_once() -> None:
    text = (
        "Xã Chiềng Mung: chuyển đổi số năm 2023\n\nĐược huyện Mai Sơn hỗ trợ, 90% hộ gia đình có cáp quang."
        " Trên địa bàn huyện, huyện Mai Sơn đạt 70% hộ gia đình có cáp quang."
    )

    assert [(value, code == "125") for _, value, code in facts(text)] == [(90, False), (70, True)]
