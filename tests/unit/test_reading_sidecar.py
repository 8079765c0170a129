"""Sidecars: what a person states about a document, and the one sentence for each mistake."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from pipelines.reading.errors import ReadingError
from pipelines.reading.sidecar import Sidecar, read_sidecar


def sidecar_of(folder: Path, content: str | bytes) -> Sidecar:
    document = folder / "plan.txt"
    document.write_text("Kế hoạch", encoding="utf-8")
    data = content if isinstance(content, bytes) else content.encode()
    (folder / "plan.txt.yml").write_bytes(data)
    return read_sidecar(document, "ca-mau/plan.txt")


def test_document_without_sidecar_has_an_empty_one(tmp_path: Path) -> None:
    assert read_sidecar(tmp_path / "plan.txt", "plan.txt") == Sidecar()


def test_every_key_is_read_with_its_type(tmp_path: Path) -> None:
    found = sidecar_of(
        tmp_path,
        "issuer: UBND tỉnh Cà Mau\ndocument_number: 250/KH-UBND\ntitle: Kế hoạch\ndocument_type: plan\nissued_on: 2023-10-12\n"
        "source_url: https://example.vn/a\nadmin_unit: tỉnh Cà Mau\nreceived_at: 2026-10-01T08:00:00+07:00\nreference_year: 2023\n"
        "adjusts_document_number: 12/KH-UBND\nlicence: null\nnote: ''\n",
    )

    assert found.issued_on == date(2023, 10, 12)
    assert found.received_at == datetime(2026, 10, 1, 8)  # noqa: DTZ001 - stored as Vietnamese local time
    assert (found.document_type, found.reference_year, found.licence) == ("plan", 2023, None)
    assert (found.issuer, found.adjusts_document_number) == ("UBND tỉnh Cà Mau", "12/KH-UBND")
    assert found.sidecar_id


@pytest.mark.parametrize(
    ("printed", "local"),
    [
        ("2026-10-01T08:00:00+07:00", datetime(2026, 10, 1, 8)),  # noqa: DTZ001
        ("2026-10-01T01:00:00Z", datetime(2026, 10, 1, 8)),  # noqa: DTZ001
        ("2026-10-01 08:00:00", datetime(2026, 10, 1, 8)),  # noqa: DTZ001
        ("2026-10-01", datetime(2026, 10, 1)),  # noqa: DTZ001
    ],
)
def test_time_of_receipt_is_vietnamese_local_time(tmp_path: Path, printed: str, local: datetime) -> None:
    assert sidecar_of(tmp_path, f"received_at: {printed}\n").received_at == local


def test_empty_sidecar_states_nothing_but_is_known(tmp_path: Path) -> None:
    found = sidecar_of(tmp_path, "# nothing yet\n")

    assert found == Sidecar(sidecar_id=found.sidecar_id)
    assert found.sidecar_id


def test_changed_sidecar_has_another_identity(tmp_path: Path) -> None:
    assert sidecar_of(tmp_path, "title: A\n").sidecar_id != sidecar_of(tmp_path, "title: B\n").sidecar_id


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("title: A\nissued: 2023-10-12\n", 2, ("'issued'", "issued_on")),
        ("title: A\n\nissued_on: 12/10/2023\n", 3, ("12/10/2023", "2023-10-12")),
        ("issued_on: 2023\n", 1, ("issued_on", "2023-10-12")),
        ("issued_on: [2023-10-12]\n", 1, ("issued_on", "2023-10-12")),
        ("title: A\nreference_year: '2023'\n", 2, ("reference_year", "year")),
        ("reference_year: 23\n", 1, ("23", "year")),
        ("document_type: kế hoạch\n", 1, ("kế hoạch", "plan")),
        ("note: B\ntitle:\n  - A\n", 2, ("title", "one value")),
        ("received_at: hôm qua\n", 1, ("hôm qua", "2026-10-01T08:00:00")),
    ],
)
def test_wrong_value_gives_one_sentence_with_file_line_and_remedy(
    tmp_path: Path, content: str, line: int, words: tuple[str, ...]
) -> None:
    with pytest.raises(ReadingError) as caught:
        sidecar_of(tmp_path, content)

    sentence = caught.value.sentence
    assert caught.value.reason_code == "sidecar_invalid"
    assert sentence.startswith(f"ca-mau/plan.txt.yml, line {line}: ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    for word in words:
        assert word in sentence


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("title: 'A\n", "line"),
        ("title: A\n bad: B\n", "line 2"),
        ("- A\n- B\n", "key: value"),
        ("chỉ là chữ\n", "key: value"),
        (b"title: \xff\xfe\n", "UTF-8"),
    ],
)
def test_file_that_is_no_sidecar_gives_one_sentence(tmp_path: Path, content: str | bytes, words: str) -> None:
    with pytest.raises(ReadingError) as caught:
        sidecar_of(tmp_path, content)

    assert caught.value.reason_code == "sidecar_invalid"
    assert caught.value.sentence.startswith("ca-mau/plan.txt.yml")
    assert words in caught.value.sentence
    assert "\n" not in caught.value.sentence
