"""Short reports as they are written, from text to facts: each holds one way of saying things."""

from __future__ import annotations

import pytest

from pipelines.matching.readings import Reading
from tests.unit.short_texts import MATCHER, PROVINCE, read

Fact = tuple[str, float | None]


def stated(text: str) -> list[Reading]:
    """The facts of a text, in order."""
    return [reading for reading in read(text) if reading.outcome == "fact" and reading.match]


def facts(text: str) -> list[Fact]:
    """(indicator, value) of every fact."""
    return [(r.match.code, r.statement.value) for r in stated(text) if r.match]


def of_places(text: str) -> list[tuple[str, float | None]]:
    """(unit, value) of every fact."""
    return [(r.unit.name if r.unit else "", r.statement.value) for r in stated(text)]


def of_years(text: str) -> list[tuple[float | None, int | None, str]]:
    """(value, year, kind) of every fact."""
    return [(r.statement.value, r.statement.year, r.statement.kind) for r in stated(text)]


# --- tables ---------------------------------------------------------------------------------


def test_group_of_one_network_names_the_speeds_below_it() -> None:
    text = PROVINCE + (
        "TT | Chỉ tiêu | Đơn vị | Năm 2023\n"
        "I | Hạ tầng băng rộng di động | |\n"
        "1 | Tốc độ tải xuống trung bình | Mbps | 42,1\n"
        "II | Hạ tầng băng rộng cố định | |\n"
        "1 | Tốc độ tải xuống trung bình | Mbps | 93,5\n"
    )

    assert facts(text) == [("mobile_broadband_speed_mbps", 42.1), ("fixed_broadband_speed_mbps", 93.5)]


def test_column_of_shares_is_of_what_the_column_before_counts() -> None:
    text = PROVINCE + (
        "Huyện | Tổng số thôn, bản | Số thôn có sóng 4G | Tỷ lệ (%) | Số thôn có cáp quang | Tỷ lệ (%)\n"
        "Huyện Thuận Châu | 249 | 241 | 96,8 | 215 | 86,3\n"
        "Huyện Mai Sơn | 111 | 96 | 86,5 | 42 | 37,8\n"
    )

    assert facts(text) == [
        ("villages_mobile_broadband_coverage", 96.8),
        ("villages_fixed_broadband_coverage", 86.3),
        ("villages_mobile_broadband_coverage", 86.5),
        ("villages_fixed_broadband_coverage", 37.8),
    ]


def test_day_of_a_caption_dates_its_table_even_where_it_says_until() -> None:
    text = (
        "Bảng: Kết quả phủ sóng theo huyện, tỉnh Sơn La (đến 30/9/2022)\n"
        "Huyện\tSố trạm BTS 4G\tSố trạm BTS 5G\n"
        "Huyện Thuận Châu\t138\t12\n"
        "Huyện Mai Sơn\t111\t14\n"
    )

    assert {year for _, year, _ in of_years(text)} == {2022}


def test_targets_as_rows_of_a_table_of_places_are_of_the_whole() -> None:
    text = (
        "Biểu tổng hợp chỉ tiêu chuyển đổi số của các xã, tỉnh Hưng Yên, tháng 12/2025\n"
        "TT | Xã, phường | Tỷ lệ hồ sơ nộp trực tuyến (%) | Tỷ lệ hộ có Internet cáp quang (%)\n"
        "1 | Phường Phố Hiến | 98,7 | 93,5\n"
        "2 | Xã Lương Bằng | 96,5 | 86,4\n"
        " | Toàn tỉnh | 95,9 | 87,7\n"
        " | Chỉ tiêu năm 2026 | 95 | 90\n"
    )

    assert [(r.unit.name, r.statement.value, r.statement.kind) for r in stated(text)[-2:] if r.unit] == [
        ("tỉnh Hưng Yên", 95, "target"),
        ("tỉnh Hưng Yên", 90, "target"),
    ]


def test_rows_of_a_yearbook_with_their_translation_and_scale() -> None:
    text = (
        "NIÊN GIÁM THỐNG KÊ TỈNH BÌNH PHƯỚC 2022\n"
        " | 2021 | Sơ bộ - Prel. 2022\n"
        "Số thuê bao điện thoại (Nghìn thuê bao) - Number of telephone subscribers (Thous. subscribers) | 1.120,3 | 1.158,9\n"
        "Trong đó: Di động - Of which: Mobile | 1.107,9 | 1.148,2\n"
    )

    assert facts(text) == [
        ("phone_subs_count", 1_120_300),
        ("phone_subs_count", 1_158_900),
        ("mobile_subs_count", 1_107_900),
        ("mobile_subs_count", 1_148_200),
    ]


def test_dashes_without_row_numbers_are_parts_of_the_row_above() -> None:
    text = PROVINCE + (
        "Chỉ tiêu | ĐVT | Năm 2022 | Năm 2023\nThuê bao điện thoại | 1.000 TB | 1.869 | 1.902\n"
        "- Cố định | 1.000 TB | 27 | 24\n- Di động | 1.000 TB | 1.842 | 1.878\n"
    )

    assert {code for code, _ in facts(text)} == {
        "phone_subs_count",
        "fixed_phone_subs_count",
        "mobile_subs_count",
    }


def test_total_may_stand_in_the_column_of_row_numbers() -> None:
    text = (
        "Tốc độ Internet các địa phương tháng 7/2025\n"
        "STT | Tỉnh/TP | Cố định - Download (Mbps) | Di động - Download (Mbps)\n"
        "1 | Đà Nẵng | 302,15 | 155,22\n"
        "2 | Hà Nội | 287,66 | 149,10\n"
        "Cả nước | | 261,80 | 118,52\n"
    )

    assert of_places(text)[-2:] == [("Việt Nam", 261.8), ("Việt Nam", 118.52)]


def test_districts_by_their_abbreviation_with_a_point() -> None:
    text = (
        "Hạ tầng viễn thông các huyện tỉnh An Giang năm 2024\n"
        "TT | Địa phương | Trạm 4G\n1 | TX. Tân Châu | 158\n2 | H. An Phú | 120\n3 | H. Chợ Mới | 266\n"
    )

    assert of_places(text) == [("thị xã Tân Châu", 158), ("huyện An Phú", 120), ("huyện Chợ Mới", 266)]


# --- places ---------------------------------------------------------------------------------


def test_places_before_their_label_have_the_figures_in_turn() -> None:
    text = PROVINCE + (
        "Huyện Yên Châu, huyện Mai Sơn và huyện Vân Hồ có tỷ lệ hộ gia đình sử dụng cáp quang lần lượt là "
        "97,1%, 91,3% và 78,5%. Thấp nhất là Sốp Cộp (55,2%) và Bắc Yên (61,4%)."
    )

    assert of_places(text) == [
        ("huyện Yên Châu", 97.1),
        ("huyện Mai Sơn", 91.3),
        ("huyện Vân Hồ", 78.5),
        ("huyện Sốp Cộp", 55.2),
        ("huyện Bắc Yên", 61.4),
    ]


def test_order_of_places_speaks_on_about_the_sentence_before() -> None:
    text = (
        "Hạ tầng số năm 2023\n\nTheo Cục Viễn thông, tỷ lệ hộ gia đình sử dụng cáp quang của cả nước đạt 77,8%. "
        "Dẫn đầu là Cần Thơ với 81,3%, tiếp đến là Long An 80,4%; thấp nhất là Cà Mau chỉ 55,2%."
    )

    assert of_places(text) == [
        ("Việt Nam", 77.8),
        ("thành phố Cần Thơ", 81.3),
        ("tỉnh Long An", 80.4),
        ("tỉnh Cà Mau", 55.2),
    ]


def test_bare_name_behind_a_figure_of_another_place() -> None:
    text = "Internet năm 2023\n\nTốc độ băng rộng cố định của Tiền Giang đạt 96,8 Mbps; Bến Tre 91,5 Mbps."

    assert of_places(text) == [("tỉnh Tiền Giang", 96.8), ("tỉnh Bến Tre", 91.5)]


def test_districts_with_counts_behind_a_list_of_what_is_counted() -> None:
    text = PROVINCE + (
        "Còn 120 thôn, bản chưa có sóng điện thoại, chủ yếu tại các huyện Sốp Cộp (38 bản), Thuận Châu (27 bản)."
    )

    assert of_places(text)[1:] == [("huyện Sốp Cộp", 38), ("huyện Thuận Châu", 27)]


def test_units_within_the_superior_are_the_superiors() -> None:
    text = (
        "Xã Mường Khoa (huyện Tân Uyên, Lai Châu) chuyển mình\n20/11/2024\n"
        "Đồng chí Chủ tịch UBND huyện cho biết, hiện 100% xã, thị trấn trong huyện có cáp quang."
    )

    assert of_places(text) == [("huyện Tân Uyên", 100)]


def test_district_that_a_page_tells_of_as_a_whole_wins_over_one_of_its_communes() -> None:
    text = (
        "Tiêu chí Thông tin và Truyền thông\nCập nhật ngày 18/5/2023. Huyện Yên Định (Thanh Hóa) đến nay có 100% thôn "
        "có cáp quang. Toàn huyện có 120 trạm 4G.\nXã Định Long có 95% hộ dùng cáp quang."
    )

    assert of_places(text) == [("huyện Yên Định", 100), ("huyện Yên Định", 120), ("xã Định Long", 95)]


def test_several_provinces_together_are_no_unit() -> None:
    text = "Hạ tầng số\n10/2023\nTheo Cục Viễn thông, tỷ lệ hộ gia đình sử dụng cáp quang của vùng đạt 68%."

    assert facts(text) == []


def test_what_an_operator_tells_of_the_whole_is_of_the_whole() -> None:
    text = (
        "VNPT Đồng Tháp: 15 năm\n21/05/2024\nÔng Nguyễn Thanh Tùng, Giám đốc VNPT Đồng Tháp cho biết: "
        '"Toàn tỉnh đang có khoảng 286.000 thuê bao Internet cáp quang."'
    )

    assert of_places(text) == [("tỉnh Đồng Tháp", 286_000)]


def test_places_alone_before_their_figures_in_turn() -> None:
    text = (
        "Hạ tầng số năm 2024\n\nVề mạng di động, An Giang và Sóc Trăng lần lượt có 2.914 và 1.873 trạm BTS."
    )

    assert of_places(text) == [("tỉnh An Giang", 2914), ("tỉnh Sóc Trăng", 1873)]


def test_last_place_of_a_list_may_stand_behind_while() -> None:
    text = (
        "Hạ tầng số năm 2024\n\nTỷ lệ hộ gia đình dùng cáp quang ở Cần Thơ là 84,2%, Hậu Giang 76,5%, "
        "còn Sóc Trăng chỉ 63,4%. Mức bình quân cả nước cùng thời điểm là 80,6%."
    )

    assert of_places(text) == [
        ("thành phố Cần Thơ", 84.2),
        ("tỉnh Hậu Giang", 76.5),
        ("tỉnh Sóc Trăng", 63.4),
        ("Việt Nam", 80.6),
    ]


def test_place_that_opens_a_sentence_is_of_what_goes_on_behind_a_comma() -> None:
    text = (
        "Tốc độ Internet\n01/5/2022\nĐà Nẵng vẫn là địa phương dẫn đầu về Internet di động, với tốc độ tải xuống đạt "
        "41,75 Mb/giây."
    )

    assert of_places(text) == [("thành phố Đà Nẵng", 41.75)]


def test_unit_of_a_letter_head_lies_in_the_province_that_the_letter_names() -> None:
    text = (
        "ỦY BAN NHÂN DÂN XÃ TIÊN LỮ\nTiên Lữ, ngày 10 tháng 12 năm 2025\nBÁO CÁO\nKết quả chuyển đổi số năm 2025\n"
        "Thực hiện Công văn số 1462/SKHCN-CĐS của Sở Khoa học và Công nghệ tỉnh Hưng Yên, UBND xã báo cáo:\n"
        "- 96,2% hộ gia đình có điện thoại thông minh.\n"
    )

    (fact,) = stated(text)
    assert fact.unit
    assert fact.unit.name == "xã Tiên Lữ"
    assert MATCHER.gazetteer.province_of(fact.unit) == "33"


def test_what_some_districts_reach_is_not_of_the_province() -> None:
    sentence = "Mạng 4G phủ 99,2% dân số; riêng 6 huyện miền núi cao tỷ lệ này mới ở mức 93,5%."

    assert facts(PROVINCE + sentence) == [("population_4g_coverage", 99.2)]


# --- periods and kinds ----------------------------------------------------------------------


def test_plan_in_brackets_behind_what_was_reached() -> None:
    text = (
        "Chuyển đổi số tỉnh Hòa Bình\n02/4/2025\nTỷ lệ hộ gia đình có Internet cáp quang đạt 83,2% (kế hoạch: 90%); "
        "số trạm phát sóng 5G là 87 trạm (kế hoạch giao 150 trạm)."
    )

    assert of_years(text) == [
        (83.2, 2025, "actual"),
        (90, 2025, "target"),
        (87, 2025, "actual"),
        (150, 2025, "target"),
    ]


def test_plan_that_was_exceeded_ends_with_its_bracket() -> None:
    text = (
        "Viễn thông Việt Nam\n30/12/2024\nTỷ lệ hộ gia đình sử dụng Internet cáp quang đạt 82,3%, vượt kế hoạch năm (80%). "
        "Tốc độ băng rộng di động đạt 86,96 Mbps, tăng 83% so với năm 2023 (47,4 Mbps)."
    )

    assert of_years(text) == [
        (82.3, 2024, "actual"),
        (80, 2024, "target"),
        (86.96, 2024, "actual"),
        (47.4, 2023, "actual"),
    ]


def test_aim_that_was_exceeded_makes_no_aims_of_what_follows() -> None:
    text = (
        "Viễn thông Việt Nam\n30/12/2024\nĐã có 26% dân số được phủ sóng 5G, vượt mục tiêu 20% đề ra. "
        "Tốc độ băng rộng di động đạt 86,96 Mbps."
    )

    assert of_years(text) == [(26, 2024, "actual"), (20, None, "target"), (86.96, 2024, "actual")]


def test_section_about_the_months_to_come_is_of_the_reports_year() -> None:
    text = (
        "BÁO CÁO\nKết quả chuyển đổi số thành phố Cần Thơ 6 tháng đầu năm 2024\n"
        "II. NHIỆM VỤ 6 THÁNG CUỐI NĂM\n- Phấn đấu tỷ lệ hộ gia đình có Internet cáp quang đạt 85%.\n"
    )

    assert of_years(text) == [(85, 2024, "target")]


def test_articles_of_a_decision_lead_in_what_stands_below_them() -> None:
    text = (
        "QUYẾT ĐỊNH\nBan hành Chương trình chuyển đổi số tỉnh Đắk Nông giai đoạn 2021-2025\n"
        "Đắk Nông, ngày 02/11/2021\nĐiều 1. Mục tiêu cụ thể đến năm 2025:\n1. Phát triển xã hội số\n"
        "- Hạ tầng mạng băng rộng cáp quang phủ trên 80% hộ gia đình, 100% xã;\n"
        "Điều 2. Đến năm 2030: 80% dân số có tài khoản thanh toán điện tử.\n"
    )

    assert of_years(text) == [(80, 2025, "target"), (100, 2025, "target"), (80, 2030, "target")]


def test_results_in_a_resolution_of_the_coming_year_are_no_targets() -> None:
    text = (
        "NGHỊ QUYẾT\nVề kế hoạch phát triển kinh tế - xã hội tỉnh Tuyên Quang năm 2024\n"
        "Điều 1. Đánh giá kết quả năm 2023\nMật độ thuê bao điện thoại ước đạt 98,5 máy/100 dân.\n"
        "Điều 2. Chỉ tiêu chủ yếu năm 2024\n1. Tỷ lệ dân số được phủ sóng 4G đạt 99,5%; phủ sóng 5G đạt 12%.\n"
    )

    assert of_years(text) == [(98.5, 2023, "estimate"), (99.5, 2024, "target"), (12, 2024, "target")]
    assert facts(text)[-1] == ("population_5g_coverage", 12)


def test_outlook_is_a_section_of_its_own_horizon() -> None:
    text = (
        "KẾ HOẠCH\nChuyển đổi số tỉnh Lai Châu giai đoạn 2022-2025, tầm nhìn đến năm 2030\n"
        "Lai Châu, ngày 11 tháng 5 năm 2022\nII. MỤC TIÊU CỤ THỂ ĐẾN NĂM 2025\n- 65% hộ gia đình có Internet cáp quang.\n"
        "III. TẦM NHÌN ĐẾN NĂM 2030\n- 90% hộ gia đình có Internet cáp quang.\n"
    )

    assert of_years(text) == [(65, 2025, "target"), (90, 2030, "target")]


@pytest.mark.parametrize(
    "line",
    ["(BDO) Ngày 3-4-2023", "(Số 45/NQ-HĐND ngày 08 tháng 12 năm 2023)", "Kỳ báo cáo: Tháng 12/2023"],
)
def test_lines_that_date_a_page(line: str) -> None:
    text = f"Hạ tầng số tỉnh Sơn La\n{line}\nTỷ lệ hộ gia đình có cáp quang đạt 80%."

    assert of_years(text) == [(80, 2023, "actual")]


def test_plan_of_the_superior_beside_the_result_is_of_the_same_year() -> None:
    text = PROVINCE + "Hồ sơ trực tuyến toàn trình đạt 69% (chỉ tiêu tỉnh giao 65%)."

    assert of_years(text) == [(69, 2023, "actual"), (65, 2023, "target")]


def test_aim_and_result_of_a_label_that_opens_an_item() -> None:
    text = PROVINCE + (
        "- Chỉ tiêu 1: Tỷ lệ hộ dùng Internet cáp quang. Mục tiêu đến 2025: 70%. Thực hiện đến hết năm 2022: 58,9%.\n"
        "- Chỉ tiêu 2: Tỷ lệ bản có sóng 4G. Thực hiện: 97,6%.\n"
    )

    assert of_years(text) == [(70, 2025, "target"), (58.9, 2022, "actual"), (97.6, 2023, "actual")]


def test_year_before_all_that_is_read_leaves_its_figure_without_one() -> None:
    text = PROVINCE + "Năm 1986, tỷ lệ hộ gia đình có cáp quang đạt 1%. Hiện nay đạt 80%."

    assert of_years(text)[0] == (1, None, "actual")


def test_year_of_before_is_not_that_of_now() -> None:
    text = (
        "Hạ tầng tỉnh Đắk Lắk\n17/08/2012\nNếu như năm 2005, cả tỉnh mới có 97 trạm phát sóng di động thì nay con số này "
        "đã là 1.986 trạm."
    )

    assert of_years(text)[-1] == (1986, 2012, "actual")


def test_year_behind_the_one_with_whose_same_period_is_compared() -> None:
    text = (
        "Hà Nội dẫn đầu tốc độ mạng\nTốc độ Internet tăng so với cùng kỳ năm 2024.\n"
        "Tháng 7, Hà Nội có tốc độ tải xuống Internet cố định 330 Mbps."
    )

    assert of_years(text) == [(330, 2025, "actual")]


def test_what_was_done_in_one_part_of_an_aim_does_not_end_the_aim() -> None:
    text = (
        "Hạ tầng số Đà Nẵng\n15/09/2025\nMục tiêu đến năm 2027: số trạm 5G đạt tối thiểu 50% so với số lượng trạm 4G đã "
        "phát sóng; tối thiểu 30% dân số trưởng thành có chữ ký số."
    )

    assert of_years(text) == [(50, 2027, "target"), (30, 2027, "target")]


def test_rank_between_two_figures_names_neither() -> None:
    text = "Việt Nam và IPv6\n30/12/2024\nTỷ lệ sử dụng IPv6 đạt 65,5%, xếp thứ 7 thế giới, mục tiêu 2025: 70-80%."

    assert of_years(text) == [(65.5, 2024, "actual"), (70, 2025, "target")]


# --- words ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        (
            "Toàn tỉnh có 1.215 hộ thì 1.020 hộ sử dụng điện thoại thông minh, chiếm gần 84%.",
            [("households_smartphone_share", 84)],
        ),
        (
            "Tỷ lệ hồ sơ trực tuyến toàn trình quý III đạt 87,9%.",
            [("online_full_process_dossier_rate", 87.9)],
        ),
        (
            "Tỷ lệ dùng chung vị trí trạm BTS đạt 20%; ngầm hóa 50% cáp viễn thông.",
            [("bts_site_sharing", 20)],
        ),
        (
            "89% thôn, bản có hạ tầng cáp quang; 52,6% hộ gia đình sử dụng, phấn đấu năm 2025 đạt 85%.",
            [
                ("villages_fixed_broadband_coverage", 89),
                ("households_fiber_share", 52.6),
                ("households_fiber_share", 85),
            ],
        ),
        (
            "Tổ công nghệ số cộng đồng: 36 tổ/252 thành viên.",
            [("community_digital_teams_count", 36), ("community_digital_team_members_count", 252)],
        ),
        (
            "Toàn tỉnh có 20 tổ công nghệ số cộng đồng cấp xã và 204 tổ ở thôn, tổ dân phố với tổng cộng 1.036 thành viên.",
            [("community_digital_teams_count", 20), ("community_digital_team_members_count", 1036)],
        ),
        (
            "95% hộ dùng cáp quang, 100% nhà văn hóa thôn được lắp wifi miễn phí.",
            [("households_fiber_share", 95), ("village_houses_with_wifi", 100)],
        ),
        (
            "84% người dân trưởng thành có điện thoại thông minh, 30% được cấp chữ ký số cá nhân.",
            [("adult_smartphone_share", 84), ("digital_signature_adults", 30)],
        ),
        (
            "106/106 xã, phường, thị trấn và 756/756 ấp, khóm được phủ sóng 3G, 4G.",
            [("communes_mobile_coverage", 100), ("villages_mobile_broadband_coverage", 100)],
        ),
        (
            "Tỷ lệ dùng chung vị trí trạm BTS trên 20%, cột treo cáp 70%, cống bể cáp 15%.",
            [("bts_site_sharing", 20), ("cable_pole_sharing", 70), ("cable_duct_sharing", 15)],
        ),
        (
            "Internet tăng nhanh với 78.215 thuê bao (chưa tính 3G), đạt 5,37 thuê bao/100 dân.",
            [("internet_subs_count", 78_215), ("internet_subs_per_100", 5.37)],
        ),
        (
            "71 xã có sóng di động, đạt 93,3%; 100% thôn bản có sóng di động, mật độ điện thoại đạt 110 máy/100 dân.",
            [
                ("communes_mobile_coverage", 93.3),
                ("villages_mobile_broadband_coverage", 100),
                ("phone_subs_per_100", 110),
            ],
        ),
        (
            "Toàn tỉnh có 6.350 trạm BTS (2G, 3G, 4G), bảo đảm phủ sóng 98% dân số.",
            [("bts_total_count", 6350), ("population_mobile_coverage", 98)],
        ),
        (
            "Tốc độ mạng băng rộng cố định không thấp hơn 100 Mbps.",
            [("fixed_broadband_speed_mbps", 100)],
        ),
        ("Hiện tỉnh có khoảng 8.500 trạm phát sóng BTS 3G, 4G.", [("bts_total_count", 8500)]),
        (
            "Mạng 5G phủ 99% dân số, sẵn sàng thử nghiệm 6G.",
            [("population_5g_coverage", 99)],
        ),
        (
            "Mật độ điện thoại đạt trên 130 máy/100 dân, Internet đạt 10 thuê bao/100 dân.",
            [("phone_subs_per_100", 130), ("internet_subs_per_100", 10)],
        ),
        (
            "Tỷ lệ hồ sơ trực tuyến toàn trình trên tổng hồ sơ giải quyết thủ tục hành chính đạt 39,98%.",
            [("online_full_process_dossier_rate", 39.98)],
        ),
        (
            "Toàn tỉnh có 1.200 trạm BTS (86% trong số đó là thiết bị 4G), với 58% hộ gia đình có cáp quang.",
            [("bts_total_count", 1200), ("households_fiber_share", 58)],
        ),
        (
            "Hiện còn 21 bản lõm sóng và 4 bản chưa có sóng di động, đều thuộc các xã Ea Trang, Cư Pui và Phú Mỡ.",
            [("villages_weak_signal_count", 21), ("villages_without_mobile_signal_count", 4)],
        ),
        (
            "Về hạ tầng, nền tảng số và dữ liệu dùng chung, chương trình yêu cầu, mở rộng phủ sóng 5G đạt 70% dân số.",
            [("population_5g_coverage", 70)],
        ),
    ],
)
def test_ways_of_saying(sentence: str, found: list[Fact]) -> None:
    assert facts(PROVINCE + sentence) == found


@pytest.mark.parametrize(
    "sentence",
    [
        "Số tỉnh có tỷ lệ xã có cáp quang đạt 100% là 18/63.",
        "13/17 dịch vụ dữ liệu có trên Nền tảng tích hợp, chia sẻ dữ liệu được đưa vào sử dụng.",
        "Một phần ba số người sử dụng Internet còn đi học và 40% là nhân viên văn phòng.",
        "Tỉnh hỗ trợ 3,6 tỷ đồng tiền điện cho 18 trạm dùng pin mặt trời.",
    ],
)
def test_what_is_no_level_of_an_indicator(sentence: str) -> None:
    assert facts(PROVINCE + sentence) == []
