"""Sentences, and which words around a figure name it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction.clauses import figures
from pipelines.extraction.extract import make_lexer
from pipelines.extraction.figure import Figure
from pipelines.extraction.labels import is_empty_label
from pipelines.extraction.sentences import sentences

LEXER = make_lexer(Path(__file__).parents[2] / "data" / "seeds")


def read(text: str) -> list[Figure]:
    """Figures of a one-sentence text."""
    (span,) = sentences(text)
    return figures(text, LEXER.tokens(text), span)


def words(text: str) -> str:
    return text.strip(" ,;:.()")


@pytest.mark.parametrize(
    ("text", "attach", "left", "right"),
    [
        ("Tỷ lệ hộ có Internet đạt 80%.", "left", "Tỷ lệ hộ có Internet đạt", ""),
        ("Số trạm 4G: 120.", "left", "Số trạm 4G", ""),
        ("Tốc độ Internet là 52 Mbps.", "left", "Tốc độ Internet là", ""),
        ("80% hộ gia đình có Internet.", "right", "", "hộ gia đình có Internet"),
        ("Toàn huyện có 120 trạm 4G.", "right", "Toàn huyện có", "trạm 4G"),
        ("Phấn đấu 100% thôn có sóng.", "right", "Phấn đấu", "thôn có sóng"),
        ("Cáp quang phủ đến 100% xã.", "both", "Cáp quang phủ đến", "xã"),
        ("Lắp đặt thiết bị phủ sóng tại 12 thôn.", "both", "Lắp đặt thiết bị phủ sóng tại", "thôn"),
    ],
)
def test_where_the_label_of_a_figure_stands(text: str, attach: str, left: str, right: str) -> None:
    (found,) = read(text)

    assert (found.attach, words(found.left), words(found.right)) == (attach, left, right)


def test_hedge_between_label_and_figure_does_not_move_the_label() -> None:
    assert [
        read(f"Tỷ lệ hộ có Internet đạt {hedge} 80%.")[0].attach
        for hedge in ("trên", "khoảng", "gần", "tối thiểu")
    ] == ["left"] * 4


def test_two_labels_left_keep_their_own_words() -> None:
    first, second = read("Tỷ lệ hộ có Internet đạt 80%, tỷ lệ thôn có sóng đạt 98%.")

    assert (words(first.left), words(second.left)) == ("Tỷ lệ hộ có Internet đạt", "tỷ lệ thôn có sóng đạt")


def test_two_labels_right_keep_their_own_words() -> None:
    first, second = read("Hiện có 120 trạm 4G và 15 trạm 5G.")

    assert (words(first.right), words(second.right)) == ("trạm 4G", "trạm 5G")


def test_label_right_then_label_left_part_at_the_comma() -> None:
    first, second = read("Có 98% thôn phủ sóng di động, tỷ lệ phủ sóng 5G đạt 20%.")

    assert words(first.right) == "thôn phủ sóng di động"
    assert words(second.left) == "tỷ lệ phủ sóng 5G đạt"


def test_figure_without_words_takes_over_those_before_it() -> None:
    _, second = read("Tỷ lệ hộ có cáp quang hiện đạt 70%, phấn đấu đến năm 2025 đạt 80%.")

    assert words(second.context).startswith("Tỷ lệ hộ có cáp quang")


def test_figure_behind_a_semicolon_takes_over_what_its_own_words_leave_open() -> None:
    _, second = read("Tỷ lệ hộ có cáp quang đạt 70%; đến năm 2025 đạt 80%.")

    assert words(second.context).startswith("Tỷ lệ hộ có cáp quang")


def test_change_hands_on_what_it_is_a_change_of() -> None:
    last = read("Thuê bao di động đạt 5.000, tăng 5% so với năm trước, đạt 85%.")[-1]

    assert "Thuê bao di động" in last.context


def test_bracketed_figure_has_the_words_of_its_bracket() -> None:
    first, second = read("Tỷ lệ hộ có cáp quang đạt 80% (mục tiêu 75%), cao nhất vùng.")

    assert first.paren is None
    assert second.paren is not None
    assert words(second.left) == "mục tiêu"
    assert "cao nhất" not in second.right


@pytest.mark.parametrize(
    "text",
    [
        "47/96 xã, đạt 48,96%.",
        "Có 47/96 xã (48,96%) có cáp quang.",
        "Có 47/96 (48,96%) xã có cáp quang.",
        "Có 47/96 xã có cáp quang, chiếm 48,96%.",
        "Có 47/96 xã có cáp quang (đạt tỷ lệ 48,96%).",
    ],
)
def test_fraction_and_its_percentage_are_one_figure(text: str) -> None:
    (found,) = read(text)

    assert (found.token.value, found.token.unit) == (48.96, "percent")
    assert (found.token.numerator, found.token.denominator) == (47, 96)


def test_label_between_fraction_and_percentage_is_kept() -> None:
    (found,) = read("Có 47/96 xã có cáp quang, đạt 48,96%.")

    assert "xã có cáp quang" in found.right


def test_percentage_that_the_fraction_contradicts_is_kept_as_printed() -> None:
    (found,) = read("Có 28/31 (93,2%) xã có cáp quang.")

    assert (found.token.value, found.token.numerator, found.token.denominator) == (93.2, 28, 31)


def test_fraction_without_a_percentage_stands_alone() -> None:
    (found,) = read("Có 28/29 xã có cáp quang.")

    assert (found.token.unit, found.token.value) == ("fraction", 96.55)


def test_percentage_of_another_thing_is_not_taken_for_the_fraction() -> None:
    first, second = read("Có 28/29 xã có cáp quang, tỷ lệ hộ có Internet đạt 71%.")

    assert (first.token.numerator, second.token.value) == (28, 71)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Người từ 15 tuổi trở lên có điện thoại đạt 80%.", ["age", "level"]),
        ("Tỷ lệ này đạt 85%, xếp thứ 4/12 huyện.", ["level", "rank"]),
        ("Tỷ lệ hộ có ít nhất 1 điện thoại thông minh đạt 80%.", ["condition", "level"]),
        ("Thuê bao đạt 5.000, tăng 5% so với năm trước.", ["level", "change"]),
        ("Tốc độ tăng từ 40 Mbps lên 52 Mbps.", ["previous", "level"]),
        ("Ngày chuyển đổi số (10/10) có 5 hội thảo.", ["name", "level"]),
        ("Hồ sơ đạt 90% (trong đó 31 hồ sơ).", ["level", "level"]),
    ],
)
def test_role_of_each_figure_of_a_sentence(text: str, roles: list[str]) -> None:
    assert [figure.role for figure in read(text)] == roles


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Tỉnh có 5 trạm. Huyện có 3 trạm.", 2),
        ("TP. Huế đạt 80.36%. Năm 2023 đạt 5%.", 2),
        ("Đạt 1.234 trạm.", 1),
        ("Đạt 80%; còn lại 20%.", 1),
        ("Đạt 80%! Năm 2024? Chưa rõ", 3),
        ("PGS. TS. Nguyễn Văn A", 1),
        ("mạng v.v. và hơn nữa", 1),
        ("", 0),
    ],
)
def test_number_of_sentences(text: str, parts: int) -> None:
    assert len(sentences(text)) == parts


@given(st.text(alphabet='aăĐT. ;:!?|,12"()', max_size=60))
def test_sentences_cover_any_text_without_overlap(text: str) -> None:
    spans = sentences(text)

    assert "".join(text[start:end] for start, end in spans) == text
    assert all(first[1] == second[0] for first, second in pairwise(spans))


@pytest.mark.parametrize(
    "words_",
    ["", " đạt tỷ lệ ", "mục tiêu đến tháng 12/2023 đạt", "trong đó", "ước đạt khoảng", "hiện nay là", ", "],
)
def test_words_that_name_nothing(words_: str) -> None:
    assert is_empty_label(words_)


@pytest.mark.parametrize("words_", ["số hộ", "trạm", "thuê bao di động", "tỷ lệ phủ sóng"])
def test_words_that_name_something(words_: str) -> None:
    assert not is_empty_label(words_)


@given(
    st.lists(
        st.sampled_from(
            [
                "có ",
                "đạt ",
                "80% ",
                "120 ",
                "47/96 ",
                "hộ ",
                "trạm 4G ",
                ", ",
                "; ",
                "(",
                ") ",
                "và ",
                "tăng ",
                "năm 2025 ",
                "tỷ lệ ",
                "thứ 5 ",
            ]
        ),
        max_size=16,
    )
)
def test_every_figure_and_rank_of_any_sentence_is_read_once(pieces: list[str]) -> None:
    text = "".join(pieces)
    tokens = LEXER.tokens(text)
    found = [figure for span in sentences(text) for figure in figures(text, tokens, span)]
    covered = [(figure.token.start, figure.end) for figure in found]

    assert covered == sorted(covered)
    assert all(first[1] <= second[0] for first, second in pairwise(covered))
    for token in tokens:
        if token.kind in {"figure", "rank"}:
            assert sum(start <= token.start < end for start, end in covered) == 1
