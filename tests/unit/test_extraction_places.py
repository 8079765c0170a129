"""Which words of a clause name a place."""

from __future__ import annotations

import re

import pytest

from pipelines.extraction.places import NAME, clause_place


@pytest.mark.parametrize(
    ("before", "after", "place", "rule"),
    [
        ("Huyện Thuận Châu có ", " trạm", "Huyện Thuận Châu", "clause"),
        ("tại thành phố Đà Nẵng đạt ", "", "thành phố Đà Nẵng", "clause"),
        ("TP. Hồ Chí Minh đạt ", "", "TP. Hồ Chí Minh", "clause"),
        ("TP Huế có ", "", "TP Huế", "clause"),
        ("tỉnh Bà Rịa - Vũng Tàu đạt ", "", "tỉnh Bà Rịa - Vũng Tàu", "clause"),
        ("thị trấn Tam Đường có ", "", "thị trấn Tam Đường", "clause"),
        ("xã Sinh Long có ", "", "xã Sinh Long", "clause"),
        ("thôn Phiêng Ngàm có ", " hộ", "thôn Phiêng Ngàm", "clause"),
        ("huyện Xín Mần và huyện Quản Bạ có ", "", "huyện Quản Bạ", "clause"),
        ("cả nước có ", "", "cả nước", "whole"),
        ("Toàn tỉnh có ", "", "Toàn tỉnh", "whole"),
        ("Việt Nam đạt ", "", "Việt Nam", "whole"),
        ("Nam Định đạt ", "", "Nam Định", "subject"),
        ("trong đó Nam Định đạt ", "", "Nam Định", "subject"),
        ("có ", " trạm tại huyện Mường La", "huyện Mường La", "clause"),
        ("đạt ", " toàn tỉnh", "toàn tỉnh", "whole"),
        ("đạt ", "% số hộ", None, None),
        ("UBND tỉnh Sơn La giao ", " chỉ tiêu", None, None),
        ("Công an huyện thu nhận ", " hồ sơ", None, None),
        ("Sở Thông tin và Truyền thông tỉnh Sơn La có ", " hồ sơ", None, None),
        ("các huyện, thị xã có ", "", None, None),
    ],
)
def test_place_that_a_clause_names(before: str, after: str, place: str | None, rule: str | None) -> None:
    assert clause_place(before, after) == (place, rule)


@pytest.mark.parametrize("name", ["Cà Mau", "Bà Rịa - Vũng Tàu", "Thừa Thiên Huế", "Ea H'leo", "Đắk Lắk"])
def test_printed_name_of_a_place(name: str) -> None:
    assert re.fullmatch(NAME, name)


@pytest.mark.parametrize("words", ["cà mau", "hộ gia đình", "5G"])
def test_words_that_are_no_name(words: str) -> None:
    assert not re.fullmatch(NAME, words)
