"""The form in which labels and place names are compared."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.matching.normal_form import normal_form, without_marks


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoà Bình", "hòa bình"),
        ("Thanh Hoá", "Thanh Hóa"),
        ("Uỷ ban", "Ủy ban"),
        ("thuỷ sản", "thủy sản"),
        ("khoẻ", "khỏe"),
        ("Tỷ lệ  hộ", "tỷ lệ hộ"),
        ("di động[1]", "di động"),
        ("thôn, bản", "thôn bản"),
        ("xã/phường", "xã phường"),
        ("Bà Rịa - Vũng Tàu", "Bà Rịa-Vũng Tàu"),
        (unicodedata.normalize("NFD", "Điện thoại"), "điện thoại"),
    ],
)
def test_two_spellings_of_one_thing(one: str, other: str) -> None:
    assert normal_form(one) == normal_form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("quý", "qúy"), ("hòa", "họa"), ("má", "mà"), ("Đắk Lắk", "Đăk Lăk"), ("toàn", "tòan x"), ("4G", "5G")],
)
def test_two_words_stay_two(one: str, other: str) -> None:
    assert normal_form(one) != normal_form(other)


@pytest.mark.parametrize(
    "word", ["quý", "quỳnh", "thoải", "hoàn", "toàn", "khoảng", "loại", "ngoài", "huyện"]
)
def test_words_whose_mark_has_one_place_only_are_untouched(word: str) -> None:
    assert normal_form(word) == word


@given(st.text(max_size=60))
def test_normal_form_of_a_normal_form_is_itself(text: str) -> None:
    once = normal_form(text)

    assert normal_form(once) == once
    assert once == once.strip()
    assert "  " not in once


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Đà Nẵng", "danang"),
        ("Bà Rịa - Vũng Tàu", "bariavungtau"),
        ("Thừa Thiên Huế", "thuathienhue"),
        ("", ""),
    ],
)
def test_name_as_in_a_web_address(name: str, slug: str) -> None:
    assert without_marks(name) == slug
