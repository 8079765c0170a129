"""The documents that ship in data/raw: where they lie, what their sidecars say, and what they may not hold.

Reading them and finding figures in them is tested elsewhere. The tests that compare with the sources need
the folder `shared` beside the project and say so where it is absent.
"""

import json
import re
import unicodedata
from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from scripts import make_sample_formats

PROJECT = Path(__file__).parents[2]
RAW = PROJECT / "data" / "raw"
DECISION = PROJECT / "docs" / "decisions" / "sample-data.md"
SHARED = PROJECT.parent / "shared"
SOURCES = SHARED / "seeds"
LABELS = SHARED / "cases"

DOCUMENTS = sorted(path for path in RAW.rglob("*") if path.is_file() and path.suffix != ".yml")
SIDECARS = sorted(RAW.rglob("*.yml"))
DOCUMENT_NAMES = [path.relative_to(RAW).as_posix() for path in DOCUMENTS]
# Text that people wrote; the others are made from it by scripts/make_sample_formats.py.
TRANSCRIPTIONS = [name for name in DOCUMENT_NAMES if not make_sample_formats.MADE_FROM.get(name)]

FULL_CASES = [f"seed_{number:03}" for number in range(5)]
DOCUMENT_TYPES = {"plan", "report", "decision", "news", "table", "other"}
KEY_TYPES: dict[str, type] = {
    "issuer": str,
    "document_number": str,
    "title": str,
    "document_type": str,
    "issued_on": date,
    "source_url": str,
    "admin_unit": str,
    "received_at": datetime,
    "reference_year": int,
    "adjusts_document_number": str,
    "licence": str,
    "note": str,
}
ALWAYS_KNOWN = {"title", "document_type", "admin_unit", "received_at"}
UNIT_TYPES = r"tỉnh|thành phố|huyện|quận|thị xã|thị trấn|phường|xã"

# A label, a heading or a title is a name and stays as printed. Text of this length without a figure in it
# is more than a name: it is the source's own prose.
PROSE_LENGTH = 60
NAME_LENGTH = 30
LETTERHEAD = "Cộng hòa xã hội chủ nghĩa Việt Nam Độc lập - Tự do - Hạnh phúc"


def sidecar(document: Path) -> dict[str, Any]:
    loaded = yaml.safe_load(document.with_name(document.name + ".yml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def slug(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    bare = "".join(character for character in bare if not unicodedata.combining(character))
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")


def squeezed(text: str) -> str:
    return " ".join(text.split())


def plain_text(path: Path) -> str:
    content = path.read_text(encoding="utf-8")
    return LexborHTMLParser(content).text(separator=" ") if path.suffix == ".html" else content


def words_only(text: str) -> str:
    """The text without case, punctuation and line ends, so that a moved comma hides no copied sentence."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold()))


def printed_names(source: str) -> set[str]:
    """Headings and titles of a source: numbered lines with their wrapped rest, and runs of lines in capitals.

    A paragraph opens with a capital or a dash, so a lower-case line under a numbered one is still heading.
    """
    numbered = re.findall(
        r"^(?:\d{1,2}(?:\.\d)*\.?|[IVX]+\.|[a-zđ]\)) ([^\n:]+(?:\n(?=[a-zà-ỹđ])[^\n:]+){0,3})",
        source,
        re.MULTILINE,
    )
    capitals = [" ".join(lines) for upper, lines in groupby(source.splitlines(), key=str.isupper) if upper]
    return {words_only(name) for name in [*numbered, *capitals]}


def prose(text: str) -> set[str]:
    """Every stretch of PROSE_LENGTH characters without a figure that is no part of a name."""
    remaining = words_only(text)
    for name in names_longest_first():
        remaining = remaining.replace(name, " 0 ")
    pieces = [piece.strip() for piece in re.split(r"\d+", remaining)]
    return {
        piece[start : start + PROSE_LENGTH]
        for piece in pieces
        for start in range(len(piece) - PROSE_LENGTH + 1)
    }


@cache
def listed_cases() -> dict[str, str]:
    """Document name to case id, from the table in the decision record."""
    rows = re.findall(
        r"^\| ([^|]+\.(?:txt|html)) \| (\w+) \|$", DECISION.read_text(encoding="utf-8"), re.MULTILINE
    )
    return dict(rows)


def labels(case: str) -> dict[str, Any]:
    loaded = json.loads((LABELS / f"{case}.json").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


@cache
def sources() -> dict[str, str]:
    """Case id of each full document to the text it was transcribed from."""
    if not (SOURCES.is_dir() and LABELS.is_dir()):
        pytest.skip("the source documents (../shared/seeds, ../shared/cases) are not on this machine")
    return {
        f"seed_{path.name[:3]}": path.read_text(encoding="utf-8") for path in sorted(SOURCES.glob("*.txt"))
    }


@cache
def names_longest_first() -> tuple[str, ...]:
    """Labels of the labelled facts, headings and titles; the longest first, as one may hold another."""
    names = {words_only(record["label"]) for case in sources() for record in labels(case)["records"]}
    for source in sources().values():
        names |= printed_names(source)
    # A title is cut before its years: prose() looks at the stretches between figures.
    names |= {words_only(re.sub(r"\d.*", "", sidecar(path)["title"])) for path in DOCUMENTS}
    names.add(words_only(LETTERHEAD))
    return tuple(sorted((name for name in names if len(name) >= NAME_LENGTH), key=len, reverse=True))


@cache
def source_prose() -> dict[str, set[str]]:
    return {case: prose(source) for case, source in sources().items()}


def transcription(case: str) -> Path:
    (name,) = [name for name, listed in listed_cases().items() if listed == case]
    return RAW / name


def test_every_document_has_a_sidecar_and_every_sidecar_a_document() -> None:
    assert DOCUMENTS
    assert [path.with_name(path.name + ".yml") for path in DOCUMENTS] == SIDECARS


@pytest.mark.parametrize("name", DOCUMENT_NAMES)
def test_sidecar_holds_only_known_keys_of_the_right_type(name: str) -> None:
    known = sidecar(RAW / name)
    assert known.keys() <= KEY_TYPES.keys()
    assert known.keys() >= ALWAYS_KNOWN
    assert {key: type(value) for key, value in known.items()} == {key: KEY_TYPES[key] for key in known}
    assert all(value.strip() for value in known.values() if isinstance(value, str))
    assert known["document_type"] in DOCUMENT_TYPES
    assert known.get("source_url", "http").startswith("http")


@pytest.mark.parametrize("name", DOCUMENT_NAMES)
def test_receipt_follows_issue_and_says_its_offset(name: str) -> None:
    known = sidecar(RAW / name)
    received_at = known["received_at"]
    assert received_at.utcoffset() == timedelta(hours=7)
    assert (received_at.year, received_at.month) == (2026, 10)
    assert known.get("issued_on", date.min) < received_at.date()


def test_no_two_documents_were_received_at_the_same_time_or_hold_the_same_bytes() -> None:
    assert len({sidecar(path)["received_at"] for path in DOCUMENTS}) == len(DOCUMENTS)
    assert len({sha256(path.read_bytes()).digest() for path in DOCUMENTS}) == len(DOCUMENTS)


@pytest.mark.parametrize("name", DOCUMENT_NAMES)
def test_folders_name_the_unit_and_the_file_its_year_and_topic(name: str) -> None:
    *folders, file_name = name.split("/")
    units = reversed(sidecar(RAW / name)["admin_unit"].split(", "))
    expected = [slug(re.sub(rf"^({UNIT_TYPES}) ", "", unit, flags=re.IGNORECASE)) for unit in units]
    assert folders == (["quoc-gia"] if expected == ["viet-nam"] else expected)
    assert re.fullmatch(r"(\d{4}|nd)(-[a-z0-9]+)+\.(txt|html|docx|xlsx|pdf)", file_name)


@pytest.mark.parametrize("name", TRANSCRIPTIONS)
def test_document_is_readable_text(name: str) -> None:
    text = (RAW / name).read_text(encoding="utf-8")
    assert text.strip()
    assert "\ufffd" not in text


def test_decision_record_lists_every_document_once() -> None:
    assert sorted(listed_cases()) == TRANSCRIPTIONS
    assert max(Counter(listed_cases().values()).values()) == 1


@pytest.mark.parametrize("name", TRANSCRIPTIONS)
def test_document_repeats_no_prose_of_a_source(name: str) -> None:
    repeated = {case: prose(plain_text(RAW / name)) & stretches for case, stretches in source_prose().items()}
    assert {case: sorted(stretches)[:3] for case, stretches in repeated.items() if stretches} == {}


@pytest.mark.parametrize("case", FULL_CASES)
def test_a_copied_sentence_would_be_noticed(case: str) -> None:
    sentences = [words_only(sentence) for sentence in re.split(r"[.;:]\s|\n\n|\n- ", sources()[case])]
    long_ones = [
        sentence
        for sentence in sentences
        if len(sentence) > 2 * PROSE_LENGTH
        and not re.search(r"\d", sentence)
        and not any(sentence in name or name in sentence for name in names_longest_first())
    ]
    assert long_ones
    assert [sentence for sentence in long_ones if not prose(sentence) & source_prose()[case]] == []


@pytest.mark.parametrize("case", FULL_CASES)
def test_transcription_keeps_every_label_and_figure(case: str) -> None:
    source = sources()[case]
    written = plain_text(transcription(case))
    text = squeezed(written)
    for record in labels(case)["records"]:
        assert squeezed(record["label"]) in text
        assert squeezed(record["raw"]) in text
    figure = r"\d+(?:[.,/-]\d+)*"
    assert not Counter(re.findall(figure, source)) - Counter(re.findall(figure, written))


@pytest.mark.parametrize(
    "name", [name for name in TRANSCRIPTIONS if not listed_cases()[name].startswith("seed")]
)
def test_compact_document_is_its_case_byte_for_byte(name: str) -> None:
    if not LABELS.is_dir():
        pytest.skip("the labelled cases (../shared/cases) are not on this machine")
    assert (RAW / name).read_bytes() == (LABELS / f"{listed_cases()[name]}.txt").read_bytes()


@pytest.mark.parametrize("name", DOCUMENT_NAMES)
def test_sidecar_agrees_with_the_labels(name: str) -> None:
    if not LABELS.is_dir():
        pytest.skip("the labelled cases (../shared/cases) are not on this machine")
    transcribed = make_sample_formats.MADE_FROM.get(name, name)
    known, labelled = sidecar(RAW / name), labels(listed_cases()[transcribed])
    issued_on = known.get("issued_on")
    assert (issued_on.isoformat() if issued_on else None) == labelled["issued"]
    url = labelled["source_url"]
    assert known.get("source_url") == (url if url.startswith("http") else None)


@pytest.mark.parametrize("name", make_sample_formats.MADE_FROM)
def test_document_in_another_format_says_the_same_of_itself_and_came_before(name: str) -> None:
    """So that the transcription, received later, decides."""
    made, transcribed = sidecar(RAW / name), sidecar(RAW / make_sample_formats.MADE_FROM[name])
    own = {"title", "received_at", "note"}
    assert {k: v for k, v in made.items() if k not in own} == {
        k: v for k, v in transcribed.items() if k not in own
    }
    assert made["received_at"] < transcribed["received_at"]
    assert f"`{name}`" in DECISION.read_text(encoding="utf-8")


def test_word_and_excel_files_are_what_the_script_makes() -> None:
    for name in (make_sample_formats.PLAN_IN_WORD, make_sample_formats.APPENDIX_IN_EXCEL):
        assert (RAW / name).read_bytes() == make_sample_formats.WRITERS[name](), name
