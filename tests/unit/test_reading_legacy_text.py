"""Vietnamese from before Unicode: every old encoding gives the same NFC text, and Unicode is never touched."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.reading import legacy_text
from pipelines.reading.content import Content
from pipelines.reading.docx import read_docx
from pipelines.reading.legacy_text import converted, is_suspect
from pipelines.reading.limits import Limits
from pipelines.reading.unicode import decode

RAW = Path(__file__).parents[2] / "data" / "raw"
LINES = [
    "Tỷ lệ hộ gia đình có kết nối Internet đạt 81,5%",
    "Ủy ban nhân dân huyện Vĩnh Lộc báo cáo kết quả năm 2009",
    "Mật độ thuê bao điện thoại cố định: 15,2 máy/100 dân",
    "Đến hết quý III, toàn tỉnh có 1.234 trạm thu phát sóng",
    "Khu vực nông thôn, miền núi: 45 xã có điểm bưu điện văn hóa",
]
TEXT = "\n".join(LINES)
_TO_TCVN = {letter: code for code, letter in legacy_text._TCVN_TABLE.items()}
_TO_VISCII = {letter: code for code, letter in legacy_text._VISCII_TABLE.items()}
_TO_VNI = {letter: pair for pair, letter in legacy_text._vni_pairs().items()}


def by_table(text: str, table: dict[str, int]) -> str:
    """Letters that share their bytes with Latin-1. TCVN has no capitals with tones: people wrote them small."""
    return "".join(chr(table.get(letter, table.get(letter.lower(), ord(letter)))) for letter in text)


def tcvn3(text: str) -> str:
    return by_table(text, _TO_TCVN)


def viscii(text: str) -> str:
    return by_table(text, _TO_VISCII)


def vni(text: str) -> str:
    return "".join(_TO_VNI.get(letter, letter) for letter in text)


def windows_1258(text: str) -> bytes:
    """Letters with their tones apart, as Windows stored them."""
    pieces = []
    for letter in text:
        try:
            pieces.append(letter.encode("cp1258"))
        except UnicodeEncodeError:
            bare, tone = unicodedata.normalize("NFD", letter)[:-1], unicodedata.normalize("NFD", letter)[-1]
            if unicodedata.combining(bare[-1]) and tone in "\u0302\u0306\u031b":
                bare, tone = bare[:-1] + tone, bare[-1]
            pieces.append((unicodedata.normalize("NFC", bare) + tone).encode("cp1258"))
    return b"".join(pieces)


@pytest.mark.parametrize(
    "data",
    [
        tcvn3(TEXT).encode("latin-1"),
        vni(TEXT).encode("cp1252"),
        viscii(TEXT).encode("latin-1"),
        windows_1258(TEXT),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        unicodedata.normalize("NFD", TEXT).encode(),
    ],
    ids=["TCVN3", "VNI", "VISCII", "windows-1258", "UTF-16", "UTF-16 without mark", "NFD"],
)
def test_bytes_of_every_old_encoding(data: bytes) -> None:
    assert decode(data, "a.txt").lower() == TEXT.lower()


@pytest.mark.parametrize("write", [tcvn3, vni, viscii], ids=["TCVN3", "VNI", "VISCII"])
@pytest.mark.parametrize("line", LINES)
def test_letters_of_old_fonts_inside_unicode(write: Callable[[str], str], line: str) -> None:
    assert converted(write(line)).lower() == line.lower()


def test_old_and_new_lines_mixed_in_one_document() -> None:
    mixed = [
        LINES[0],
        tcvn3(LINES[1]),
        vni(LINES[2]),
        unicodedata.normalize("NFD", LINES[3]),
        viscii(LINES[4]),
    ]
    assert decode("\n".join(mixed).encode(), "a.txt").lower() == TEXT.lower()


@pytest.mark.parametrize(
    "text",
    [
        *LINES,
        "© 2023 Müller & Söhne, Straße 5",
        "Đường Ðiện Biên Phủ",
        "hoà, hòa, thuỷ, thủy",
        "25 °C ± 2 × 3 ÷ 4",
        "façade, naïve, El Niño",
    ],
)
def test_text_that_is_no_old_font_stays(text: str) -> None:
    assert converted(text) == text


def test_documents_in_unicode_are_suspected_seldom_and_never_changed() -> None:
    texts = [path.read_text(encoding="utf-8") for path in RAW.rglob("*.txt")]
    assert all(converted(text) == text for text in texts)
    lines = [line for text in texts for line in text.splitlines()]
    assert sum(map(is_suspect, lines)) <= len(lines) // 50


def test_icelandic_letter_and_old_tone_marks() -> None:
    assert decode("Ðài truyền thanh xã Hoà Bình".encode(), "a.txt") == "Đài truyền thanh xã Hoà Bình"


def test_words_in_a_font_of_old_times_beside_words_in_unicode() -> None:
    document = Document()
    paragraph = document.add_paragraph()
    old = paragraph.add_run(tcvn3("Tỷ lệ hộ gia đình "))
    old.font.name = ".VnTime"
    paragraph.add_run("có Internet: ")
    other = paragraph.add_run(vni("năm mươi phần trăm"))
    other.font.name = "VNI-Times"
    table = document.add_table(2, 2)
    for number, words in enumerate(("Chỉ tiêu", "Năm 2009", "Số hộ", "1.234")):
        cell = table.cell(number // 2, number % 2)
        run = cell.paragraphs[0].add_run(tcvn3(words))
        run.font.name = ".VnTime"
        run._element.rPr.rFonts.set(qn("w:hAnsi"), ".VnTime")
    out = io.BytesIO()
    document.save(out)
    content = Content("a.docx", Limits())
    read_docx(out.getvalue(), content)
    assert [block.text.lower() for block in content.blocks] == [
        "tỷ lệ hộ gia đình có internet: năm mươi phần trăm",
        "chỉ tiêu",
        "năm 2009",
        "số hộ",
        "1.234",
    ]


@settings(max_examples=60)
@given(st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạếềểễệốồổỗộớờởỡợ 0123456789%,.", max_size=60))
def test_text_in_unicode_is_its_own_conversion(text: str) -> None:
    assert converted(text) == text or not any(letter in text for letter in "ăđơư")
