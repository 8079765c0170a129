"""Figures of other walks of life are never facts, however near their words come to the catalog's."""

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

SENTENCES = [
    # sport
    "Đội tuyển Việt Nam thắng 3-1 trong trận chung kết, bàn mở tỷ số được ghi ở phút 17.",
    "Giải chạy năm nay thu hút 4.500 vận động viên, tăng 12% so với mùa trước.",
    "Câu lạc bộ Nam Định có 41 điểm sau 20 vòng, hơn đội xếp thứ hai 5 điểm.",
    "Cô về đích sau 2 giờ 43 phút, phá kỷ lục quốc gia tồn tại 18 năm.",
    "Sân vận động tỉnh có sức chứa 30.000 chỗ, khán giả phủ kín 90% khán đài.",
    "Đoàn thể thao Thanh Hóa giành 105 huy chương, trong đó có 36 huy chương vàng.",
    "Tỷ lệ kiểm soát bóng của đội khách đạt 64%.",
    # weather
    "Nhiệt độ thấp nhất tại Mẫu Sơn xuống 2,4 độ C, băng giá phủ trắng 80% ngọn cây.",
    "Lượng mưa đo được ở Hương Khê là 312 mm trong 24 giờ.",
    "Bão số 4 cách bờ 250 km, sức gió mạnh nhất cấp 11, giật cấp 14.",
    "Đến năm 2050, nước biển có thể dâng thêm 23 cm.",
    "Các hồ chứa ở Ninh Thuận chỉ còn 35% dung tích thiết kế.",
    "Trạm khí tượng Sơn La ghi nhận 41,2 độ C vào ngày 7/5/2023.",
    "Có 12 xã bị cô lập do sạt lở, 1.200 hộ phải di dời.",
    # prices and trade
    "Giá xăng RON 95 tăng 410 đồng, lên 23.540 đồng mỗi lít.",
    "Chỉ số giá tiêu dùng tháng 6/2024 tăng 4,34% so với cùng kỳ năm trước.",
    "Giá vàng miếng đạt 92,5 triệu đồng một lượng.",
    "Xuất khẩu gạo 7 tháng đầu năm đạt 5,3 triệu tấn, trị giá 3,3 tỷ USD.",
    "Siêu thị giảm giá 30% cho 2.000 mặt hàng.",
    "Chợ đầu mối tiêu thụ 450 tấn rau mỗi đêm.",
    "Giá thuê mặt bằng tại quận 1 cao hơn 15% so với năm 2022.",
    # budgets
    "Thu ngân sách tỉnh Quảng Ninh năm 2023 đạt 55.600 tỷ đồng, bằng 103% dự toán.",
    "Giải ngân vốn đầu tư công đến ngày 30/9/2024 đạt 47,3% kế hoạch.",
    "Nợ thuế giảm còn 1.250 tỷ đồng.",
    "Dự án cao tốc dài 121 km có tổng mức đầu tư 14.331 tỷ đồng.",
    "Chi thường xuyên chiếm 62% tổng chi ngân sách huyện Vĩnh Lộc.",
    "Mỗi xã nông thôn mới được hỗ trợ 1,5 tỷ đồng.",
    # health
    "Tỷ lệ bao phủ bảo hiểm y tế đạt 93,35% dân số.",
    "Toàn tỉnh có 204 trạm y tế xã, 100% trạm có bác sĩ làm việc.",
    "Bệnh viện tiếp nhận 1.850 bệnh nhân sốt xuất huyết trong tuần thứ 32.",
    "Tỷ lệ trẻ em dưới 5 tuổi suy dinh dưỡng thể thấp còi giảm còn 18,2%.",
    "Đã tiêm 2,6 triệu liều vắc xin cho người từ 12 đến 17 tuổi.",
    "Cả nước có 12,5 bác sĩ và 32 giường bệnh trên 10.000 dân.",
    "Tuổi thọ trung bình của người dân đạt 74,5 tuổi.",
    "Khoảng 45% nam giới trưởng thành hút thuốc lá.",
    # education
    "Năm học 2023-2024, huyện Thuận Châu có 78 trường với 42.000 học sinh.",
    "Tỷ lệ tốt nghiệp trung học phổ thông đạt 99,1%.",
    "Điểm chuẩn ngành công nghệ thông tin là 27,5 điểm.",
    "Có 85% giáo viên đạt chuẩn trình độ, 12% trên chuẩn.",
    "Thư viện trường có 15.000 đầu sách và 60 chỗ ngồi.",
    "Cuộc thi nhận 3.420 bài dự thi của học sinh 63 tỉnh, thành phố.",
    "Tỷ lệ người trưởng thành biết chữ đạt 97,8%.",
    # farming, forests, water
    "Năng suất lúa đông xuân đạt 68,5 tạ/ha, sản lượng 412 nghìn tấn.",
    "Tỷ lệ che phủ rừng của Điện Biên đạt 43,5%.",
    "Đàn lợn có 215.000 con, giảm 4% do dịch bệnh.",
    "Tỷ lệ hộ gia đình dùng nước sạch đạt 71%.",
    "98% hộ dân nông thôn được sử dụng điện lưới quốc gia.",
    "Toàn huyện có 36 sản phẩm OCOP từ 3 sao trở lên.",
    "Tỷ lệ hộ nghèo giảm còn 5,2%, hộ cận nghèo 6,8%.",
    # roads, tourism, population, work
    "Tỷ lệ đường xã được cứng hóa đạt 88%, đường thôn đạt 74%.",
    "Trong 6 tháng đầu năm 2024, Huế đón 1,9 triệu lượt khách.",
    "Công suất phòng khách sạn ở Đà Nẵng đạt 65%.",
    "Dân số tỉnh Cà Mau năm 2023 là 1.207.600 người, mật độ 229 người/km2.",
    "Tỷ lệ lao động qua đào tạo đạt 70%, có chứng chỉ đạt 28,5%.",
    "Xảy ra 212 vụ tai nạn giao thông, làm 96 người chết.",
    "Thu nhập bình quân đầu người đạt 61,4 triệu đồng/năm.",
    "Tuyến xe buýt số 12 chạy 15 phút một chuyến, giá vé 8.000 đồng.",
    # culture and daily life
    "Lễ hội kéo dài 5 ngày, có 40 gian hàng và 18 tiết mục.",
    "Phim thu 120 tỷ đồng sau 10 ngày công chiếu.",
    "Đội văn nghệ của thôn có 25 diễn viên, tuổi từ 16 đến 70.",
    "Trận mưa đêm 12/8 làm ngập 320 hộ ở phường 7.",
    "Tòa nhà cao 35 tầng, có 420 căn hộ và 3 tầng hầm.",
]


def labels_of_facts(text: str) -> list[tuple[str, float | None]]:
    """(indicator, value) of every fact that a text gives."""
    file = RawFile("bai-bao.txt", "0" * 64, 1, Sidecar())
    readings = match_extracted(extract(read_document(text.encode(), file), LEXER), MATCHER).readings
    return [(r.match.code, r.statement.value) for r in readings if r.outcome == "fact" and r.match]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_unrelated_sentence_states_no_fact(sentence: str) -> None:
    assert labels_of_facts(f"Thông tin trong tuần ở tỉnh Sơn La\n\nNgày đăng: 12/06/2024\n\n{sentence}") == []


def test_unrelated_sentences_one_after_another_state_no_fact() -> None:
    assert (
        labels_of_facts(
            "Thông tin trong tuần ở tỉnh Sơn La\n\nNgày đăng: 12/06/2024\n\n" + "\n\n".join(SENTENCES)
        )
        == []
    )


def test_unrelated_sentences_in_one_paragraph_state_no_fact() -> None:
    assert (
        labels_of_facts(
            "Thông tin trong tuần ở tỉnh Sơn La\n\nNgày đăng: 12/06/2024\n\n" + " ".join(SENTENCES)
        )
        == []
    )


def test_unrelated_sentences_hold_figures_that_could_have_been_taken() -> None:
    text = "\n\n".join(SENTENCES)
    file = RawFile("bai-bao.txt", "0" * 64, 1, Sidecar())

    assert len(extract(read_document(text.encode(), file), LEXER).statements) > 80


TITLE = "Thông tin trong tuần ở tỉnh Sơn La"
DOCUMENTS = [
    *SENTENCES,
    *(Path(__file__).parent / "unrelated_prose.txt").read_text(encoding="utf-8").splitlines(),
]


def test_two_hundred_unrelated_documents_state_next_to_nothing() -> None:
    found = [
        (facts, document)
        for document in DOCUMENTS
        if (facts := labels_of_facts(f"{TITLE}\n\nNgày đăng: 12/06/2024\n\n{document}"))
    ]

    assert len(DOCUMENTS) >= 200
    assert sum(len(facts) for facts, _ in found) <= len(DOCUMENTS) // 100, found


def test_a_fact_among_unrelated_sentences_is_found() -> None:
    text = f"{TITLE}\n\nNgày đăng: 12/06/2024\n\n{DOCUMENTS[0]}\n\nTỷ lệ hộ gia đình sử dụng cáp quang đạt 78,3%."

    assert labels_of_facts(text) == [("households_fiber_share", 78.3)]
