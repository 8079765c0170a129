"""Text that no office would send: it costs bounded time, states no wrong figure and stops nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pipelines.extraction.extract import extract, make_lexer
from pipelines.matching.catalog import load_catalog
from pipelines.matching.match import Matcher, match_extracted
from pipelines.matching.readings import Reading
from pipelines.reading.errors import ReadingError
from pipelines.reading.inventory import RawFile
from pipelines.reading.read import read_document
from pipelines.reading.sidecar import Sidecar

SEEDS = Path(__file__).parents[2] / "data" / "seeds"
LEXER = make_lexer(SEEDS)
MATCHER = Matcher(load_catalog(SEEDS))
FACT = "Tỷ lệ hộ gia đình sử dụng cáp quang đạt 78,3%."
REPORT = f"Báo cáo tỉnh Sơn La năm 2024\n{FACT}\n"
# A document takes a hundredth of this; a machine busy with other work may take ten times as long.
SECONDS = 20.0


def readings_of(data: bytes) -> tuple[Reading, ...]:
    document = read_document(data, RawFile("x.txt", "0" * 64, len(data), Sidecar()))
    return match_extracted(extract(document, LEXER), MATCHER).readings


def facts_of(text: str) -> list[tuple[str, float | None]]:
    return [(r.match.code, r.statement.value) for r in readings_of(text.encode()) if r.match is not None]


@pytest.mark.parametrize(
    "text",
    [
        REPORT,
        REPORT.replace("78,3", "\u202e78,3\u202c").replace("cáp", "c\u200fáp"),
        REPORT.replace("cáp quang", "cáp\u200b quang"),
        REPORT.replace("78,3", "７８，３"),
        REPORT.replace("a", "\u0430").replace("o", "\u043e"),
        REPORT.replace("đạt", "đạt\x07\x1b"),
        REPORT.replace(" ", "\u00a0"),
    ],
    ids=["plain", "right to left", "zero width", "full width", "look-alike", "control", "no-break"],
)
def test_strange_letters_change_no_figure(text: str) -> None:
    assert facts_of(text) == [("households_fiber_share", 78.3)]


@pytest.mark.parametrize(
    "text",
    [
        "The network had 45% of 3,200 users in 2024. " * 50,
        "移动电话用户达到1234万户，增长5.6%。" * 50,
        "Сеть имеет 45% из 3 200 абонентов в 2024 году. " * 50,
        "١٢٣ ٤٥٪ " * 100,
    ],
    ids=["English", "Chinese", "Russian", "Arabic digits"],
)
def test_text_without_vietnamese_states_nothing(text: str) -> None:
    assert facts_of(text) == []


@pytest.mark.parametrize(
    "data", [b"", b" \n" * 500, b"\x89PNG" + bytes(range(256)) * 4], ids=["empty", "blank", "bytes"]
)
def test_nothing_to_read_has_a_reason(data: bytes) -> None:
    with pytest.raises(ReadingError) as raised:
        readings_of(data)
    assert raised.value.sentence.startswith("x.txt: ")


@pytest.mark.parametrize(
    "text",
    [
        f"{FACT[:-1]}, số trạm BTS là 1.234 trạm, " * 300,
        "1" * 200_000,
        "1," * 40_000,
        "(" * 40_000 + "5%",
        "đạt 5%; " * 1_500,
        "năm 2024 " * 8_000,
        " " * 400_000 + "5%",
        "\n".join(f"- Trạm số {number}: 5%" for number in range(2_000)),
        "\n".join(" " * depth + f"- mục {depth}: đạt {depth}%" for depth in range(600)),
        "| " * 5_000 + "\n" + "| 5% " * 5_000,
    ],
    ids=["line", "digits", "commas", "brackets", "semicolons", "years", "spaces", "items", "nested", "bars"],
)
def test_endless_text_takes_bounded_time(text: str) -> None:
    started = time.process_time()

    facts_of(text)

    assert time.process_time() - started < SECONDS


def test_time_grows_with_the_length_of_a_line() -> None:
    sentence = f"{FACT[:-1]}, số trạm BTS là 1.234 trạm, "
    spent = []
    for times in (150, 600):
        started = time.process_time()
        facts_of(sentence * times)
        spent.append(time.process_time() - started)

    assert spent[1] < 12 * spent[0]
