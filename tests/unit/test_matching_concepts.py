"""Words to concepts: one alias covers many wordings, and enumerations of one thing are that thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.matching.catalog import load_catalog
from pipelines.matching.concepts import Tagger

TAGGER = Tagger(load_catalog(Path(__file__).parents[2] / "data" / "seeds"))


@pytest.mark.parametrize(
    "wordings",
    [
        [
            "thôn",
            "bản",
            "ấp",
            "khóm",
            "khu phố",
            "tổ dân phố",
            "tiểu khu",
            "buôn",
            "làng",
            "xóm",
            "sóc",
            "khu dân cư",
            "thôn, bản",
            "ấp, khóm",
        ],
        ["cáp quang", "FTTH", "mạng cáp quang"],
        ["điện thoại thông minh", "smartphone"],
        ["hộ gia đình", "hộ", "hộ dân"],
        ["xã", "phường", "xã, phường, thị trấn"],
    ],
    ids=lambda wordings: wordings[0],
)
def test_wordings_of_one_concept(wordings: list[str]) -> None:
    assert len({TAGGER.tags(words).concepts for words in wordings}) == 1
    assert all(TAGGER.tags(words).concepts for words in wordings)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hộ gia đình", "người dân"),
        ("thôn", "xã"),
        ("thuê bao", "người sử dụng"),
        ("người dân", "người trưởng thành"),
        ("băng rộng di động", "băng rộng cố định"),
        ("cột ăng ten", "cột treo cáp"),
        ("4G", "5G"),
        ("điện thoại thông minh", "điện thoại cơ bản"),
    ],
)
def test_wordings_of_two_concepts(one: str, other: str) -> None:
    assert TAGGER.tags(one).concepts != TAGGER.tags(other).concepts


def test_longest_wording_wins() -> None:
    assert TAGGER.tags("điện thoại thông minh").concepts != TAGGER.tags("điện thoại").concepts


@pytest.mark.parametrize("words", ["2G, 3G, 4G", "3G và 4G", "3G/4G"])
def test_generations_in_a_row_are_mobile_networks_and_not_one_of_them(words: str) -> None:
    assert TAGGER.tags(f"trạm {words}").concepts not in {
        TAGGER.tags(f"trạm {one}").concepts for one in ("2G", "3G", "4G", "5G")
    }


def test_words_without_a_meaning_are_counted() -> None:
    tags = TAGGER.tags("hộ gia đình trồng cam sành")

    assert (tags.unexplained, tags.words) == (3, 6)


def test_numbers_are_no_words() -> None:
    assert TAGGER.tags("hộ gia đình 2023").unexplained == 0


@pytest.mark.parametrize(
    ("words", "role"), [("Viettel", "operator"), ("khu công nghiệp", "zone"), ("cả nước", "country")]
)
def test_scope_words_are_told(words: str, role: str) -> None:
    assert [TAGGER.concepts[concept].role for concept, _ in TAGGER.tags(words).scopes] == [role]


def test_concept_implies_what_it_is_made_of() -> None:
    (adult,) = TAGGER.tags("người trưởng thành").concepts
    (population,) = TAGGER.tags("dân số").concepts

    assert {adult, population} <= TAGGER.closure(frozenset({adult}))
    assert adult not in TAGGER.closure(frozenset({population}))
