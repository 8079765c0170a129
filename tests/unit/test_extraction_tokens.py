"""The lexer: what each number of a real line is, and that no digit is read twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction.extract import make_lexer

LEXER = make_lexer(Path(__file__).parents[2] / "data" / "seeds")

# Text, then "kind:printed" of each token from left to right.
REAL_STRINGS: list[tuple[str, list[str]]] = [
    ("Kế hoạch số 250/KH-UBND ngày 12/10/2023", ["reference:Kế hoạch số 250/KH-UBND", "period:12/10/2023"]),
    ("Quyết định số 380/QĐ- UBND", ["reference:Quyết định số 380/QĐ- UBND"]),
    ("Nghị định 104/2022/NĐ-CP", ["reference:Nghị định 104/2022/NĐ-CP"]),
    ("Đề án 06/CP", ["reference:Đề án 06/CP"]),
    ("Luật Cư trú 2020", ["reference:Luật Cư trú 2020"]),
    ("Thông tư 35/2024/TT-BTTTT", ["reference:Thông tư 35/2024/TT-BTTTT"]),
    ("Số: 77/BC-STTTT", ["reference:Số: 77"]),
    ("Nghị quyết 52-NQ/TW", ["reference:Nghị quyết 52"]),
    ("Phụ lục 2", ["reference:Phụ lục 2"]),
    ("Điều 5, khoản 2", ["reference:Điều 5", "reference:khoản 2"]),
    ("phủ sóng 4G", ["name:4G"]),
    ("mạng 3G/4G/5G", ["name:3G/4G/5G"]),
    ("công nghệ 2G, 3G", ["name:2G, 3G"]),
    ("chuyển sang IPv6", ["name:IPv6"]),
    ("trực 24/7", ["name:24/7"]),
    ("dịch vụ công mức độ 3, 4", ["name:mức độ 3, 4"]),
    ("an toàn cấp độ 2", ["name:cấp độ 2"]),
    ("Phường 12, Quận 5", ["name:Phường 12", "name:Quận 5"]),
    ("cách mạng công nghiệp 4.0", ["name:công nghiệp 4.0"]),
    ("đại dịch COVID-19", ["name:COVID-19"]),
    ("xếp thứ 4/12 huyện", ["rank:xếp thứ 4/12"]),
    ("đứng thứ 18/63 tỉnh", ["rank:đứng thứ 18/63"]),
    ("hạng 45", ["rank:hạng 45"]),
    ("85 thuê bao/100 dân", ["figure:85", "per_100:/100 dân"]),
    ("85,7 thuê bao trên 100 dân", ["figure:85,7", "per_100:trên 100 dân"]),
    ("di động[1] đạt 80%", ["list_number:[1]", "figure:80%"]),
    ("(1) quy hoạch; (2) đất đai", ["list_number:(1)", "list_number:(2)"]),
    ("chiếm 68% số hộ. 3. Ứng dụng", ["figure:68%", "list_number:3."]),
    ("www.camau.gov.vn/tin-2023-12", ["code:www.camau.gov.vn/tin-2023-12"]),
    ("hotro1@camau.vn", ["code:hotro1@camau.vn"]),
    ("mã HSMT2023 và QL1A", ["code:HSMT2023", "code:QL1A"]),
    ("80.36%", ["figure:80.36%"]),
    ("tăng 1,2 %/năm", ["figure:1,2 %"]),
    ("47/96 xã, đạt 48,96%", ["figure:47/96", "figure:48,96%"]),
    ("1.533/1.562 (98%) thôn", ["figure:1.533/1.562", "figure:98%"]),
    ("265/400 TTHC", ["figure:265/400"]),
    ("100% thôn, bản", ["figure:100%"]),
    ("hơn 22,3 triệu thuê bao", ["figure:22,3 triệu"]),
    ("1.250 tỷ đồng", ["figure:1.250 tỷ đồng"]),
    ("từ 15 tuổi trở lên", ["figure:15 tuổi"]),
    ("40-50 Mbps", ["figure:40-50 Mbps"]),
    ("từ 40 đến 50 Mbps", ["figure:40 đến 50 Mbps"]),
    ("dùng 80% – 85%", ["figure:80% – 85%"]),
    ("sử d61.408 tài khoản", ["figure:61.408"]),
    ("đạt 70%;đến năm 2025", ["figure:70%", "period:năm 2025"]),
    ("giai đoạn 2023-2025 đạt 80%", ["period:2023-2025", "figure:80%"]),
    ("Năm 2024: 133 xã", ["period:Năm 2024", "figure:133"]),
    ("quý II/2023 có 12 trạm", ["period:quý II/2023", "figure:12"]),
    ("31/7/2023 - 10/9/2023", ["period:31/7/2023", "period:10/9/2023"]),
    ("lúc 20:59, Thứ Hai, 9-10-2023", ["period:20:59", "period:9-10-2023"]),
    ("tháng 12/2023 tăng 3.522 hồ sơ", ["period:tháng 12/2023", "figure:3.522"]),
    ("6 tháng đầu năm 2024 có 5 trạm", ["period:6 tháng đầu năm 2024", "figure:5"]),
    ("tọa độ 105.1234, 21.5678", ["figure:105.1234", "figure:21.5678"]),
    ("2.024 trạm phát sóng", ["figure:2.024"]),
    ("10 trạm 5G", ["figure:10", "name:5G"]),
    ("dài 12.345,6 km", ["figure:12.345,6 km"]),
    ("12 km2 rừng", ["figure:12 km2"]),
    ("mỗi hộ ít nhất 1 chiếc", ["figure:1"]),
    ("theo Chỉ thị số 14/CT-TTg ngày 25/5/2018", ["reference:Chỉ thị số 14/CT-TTg", "period:25/5/2018"]),
    ("ISO 27001:2013", ["name:ISO 27001:2013"]),
    ("phiên bản 2.0", ["name:phiên bản 2.0"]),
    ("đại hội lần thứ 10", ["name:lần thứ 10"]),
    ("đạt 0%", ["figure:0%"]),
    ("không có số nào", []),
]


@pytest.mark.parametrize(("text", "expected"), REAL_STRINGS, ids=[text for text, _ in REAL_STRINGS])
def test_tokens_of_a_real_string(text: str, expected: list[str]) -> None:
    assert [f"{token.kind}:{token.text}" for token in LEXER.tokens(text)] == expected


PIECES = st.lists(
    st.sampled_from(
        [
            " ", " ", ", ", "; ", "/", "-", ".", ",", "(", ")", "%", "%", "0", "1", "2", "5", "12", "100", "2023", "2025", "1.234",
            "80,5", "4G", "5G", "IPv6", "năm ", "tháng ", "quý II", "ngày ", "thứ ", "Quyết định số ", "QĐ-UBND", "triệu", " tỷ đồng",
            "Mbps", "km", "dân", "trên 100 dân", "đến", "từ ", "mức độ ", "xã", "[1]", "Số: ", "a@b.vn", "www.vn", "tuổi", "d",
        ]
    ),
    max_size=14,
).map("".join)  # fmt: skip
ANY = st.text(alphabet="0123456789.,/%-–() aănmđGKbps:;thnguyêQĐUB", max_size=60)


@given(PIECES | ANY)
def test_tokens_of_any_text_do_not_overlap_and_print_what_they_span(text: str) -> None:
    tokens = LEXER.tokens(text)
    taken = [position for token in tokens for position in range(token.start, token.start + len(token.text))]

    assert len(taken) == len(set(taken)), "a character belongs to two tokens"
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)
    for token in tokens:
        assert text[token.start : token.end].rstrip() == token.text.rstrip()
        assert any(char.isdigit() or char in "IVX" for char in token.text) or token.kind in {
            "name",
            "rank",
            "period",
            "reference",
            "code",
        }


@given(st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxy ,;.()", max_size=80))
def test_text_without_digits_has_no_figure(text: str) -> None:
    assert [token for token in LEXER.tokens(text) if token.kind == "figure"] == []


@given(PIECES)
def test_every_figure_has_a_value_unless_it_divides_by_nothing(text: str) -> None:
    for token in LEXER.tokens(text):
        if token.kind == "figure":
            assert token.value is not None or token.denominator == 0


WORDS = ("đạt", "có", "trong đó", "thuê bao", "hộ", "xã", "và")


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.integers(2, 1899)), min_size=1, max_size=8))
def test_every_plain_number_between_words_is_one_figure(pairs: list[tuple[str, int]]) -> None:
    text = " ".join(f"{word} {number} trạm" for word, number in pairs)

    assert [token.value for token in LEXER.tokens(text)] == [float(number) for _, number in pairs]


def test_long_run_of_digits_is_read_in_linear_time() -> None:
    assert len(LEXER.tokens("1" * 20_000 + " " + "1.234," * 5_000)) >= 1
