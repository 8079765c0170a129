"""Bytes to text: every way in which Vietnamese arrives ends as the same NFC text."""

from __future__ import annotations

import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reading.errors import ReadingError
from pipelines.reading.unicode import decode, normalize

SENTENCE = "Tỷ lệ thuê bao băng rộng ở Đắk Lắk đạt 80,5%."


@pytest.mark.parametrize(
    "data",
    [
        SENTENCE.encode(),
        codecs.BOM_UTF8 + SENTENCE.encode(),
        SENTENCE.encode("utf-16"),
        codecs.BOM_UTF16_LE + SENTENCE.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + SENTENCE.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + SENTENCE.encode("utf-32-le"),
        codecs.BOM_UTF32_BE + SENTENCE.encode("utf-32-be"),
        unicodedata.normalize("NFD", SENTENCE).encode(),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "nfd"],
)
def test_same_text_from_every_encoding(data: bytes) -> None:
    assert decode(data, "a.txt") == SENTENCE


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("Ðà Nẵng", "Đà Nẵng"),
        ("80\u00a0%", "80 %"),
        ("1\u202f234", "1 234"),
        ("a\tb", "a b"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\u2028b\u2029c", "a\nb\nc"),
        ("trang 1\x0ctrang 2", "trang 1\ntrang 2"),
        ("8\u200b0%", "80%"),
        ("\ufeffTỉnh", "Tỉnh"),
        ("\u202bTỉnh\u202c", "Tỉnh"),
        ("mềm\u00admại", "mềmmại"),
        ("a\x00b\x07", "ab"),
        ("\uff17\uff18\uff0c3\uff05", "78,3%"),
        ("s\u043e h\u1ed9 c\u0430\u0301p qu\u0430ng", "so hộ cáp quang"),
        ("\u0421\u0420\u0421\u0420", "\u0421\u0420\u0421\u0420"),
    ],
)
def test_look_alikes_spaces_and_invisible_marks(printed: str, read: str) -> None:
    assert normalize(printed) == read


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfeA", SENTENCE.encode("cp1258", errors="replace"), b"T\xe1\xbb", b"80% \x80"],
    ids=["half utf-16", "cp1258", "cut", "stray"],
)
def test_bytes_of_no_known_encoding_are_refused_with_a_remedy(data: bytes) -> None:
    with pytest.raises(ReadingError) as caught:
        decode(data, "so-tttt/bao-cao.txt")

    assert caught.value.reason_code == "unreadable_file"
    assert caught.value.sentence.startswith("so-tttt/bao-cao.txt: ")
    assert "UTF-8" in caught.value.sentence
    assert caught.value.sentence.endswith(".")


@given(st.text(max_size=60))
def test_normal_text_stays_as_it_is(text: str) -> None:
    once = normalize(text)

    assert normalize(once) == once


@given(st.text(alphabet=st.characters(categories=["L", "M", "Nd", "Zs"]), max_size=40))
def test_composed_and_decomposed_text_read_the_same(text: str) -> None:
    assert normalize(unicodedata.normalize("NFD", text)) == normalize(unicodedata.normalize("NFC", text))
