"""The inventory: every file is a document or a reject with its reason; the folder itself must be usable."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from pipelines.reading.errors import InputError, ReadingError
from pipelines.reading.inventory import document_paths, raw_file, take_inventory
from pipelines.reading.read import detect_format, read_document, read_files
from pipelines.reading.rejection import Rejection

SENTENCE = "Tỷ lệ hộ gia đình có Internet đạt 80%."


def put(folder: Path, name: str, content: str | bytes = SENTENCE) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def only_reject(folder: Path) -> Rejection:
    (reject,) = take_inventory(folder).rejects
    assert "\n" not in reject.reason
    assert reject.reason.startswith(f"{reject.path}")
    return reject


def test_documents_by_path_with_their_hash(tmp_path: Path) -> None:
    put(tmp_path, "b/bao-cao.txt", "Hai")
    put(tmp_path, "a/ke-hoach.txt", "Một")
    put(tmp_path, "a/ke-hoach.txt.yml", "title: Một\n")

    found = take_inventory(tmp_path)

    assert [file.path for file in found.files] == ["a/ke-hoach.txt", "b/bao-cao.txt"]
    assert [file.document_id for file in found.files] == [
        sha256(t.encode()).hexdigest() for t in ("Một", "Hai")
    ]
    assert [file.byte_count for file in found.files] == [len("Một".encode()), len(b"Hai")]
    assert [file.sidecar.title for file in found.files] == ["Một", None]
    assert found.rejects == ()


def test_sidecars_and_hidden_files_are_no_documents(tmp_path: Path) -> None:
    for name in ("a.txt", "a.txt.yml", ".gitkeep", ".cache/b.txt"):
        put(tmp_path, name, name)

    assert [path.name for path in document_paths(tmp_path)] == ["a.txt"]


def test_missing_folder_stops_with_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"raw: the folder of raw documents is missing; .+\.$"):
        take_inventory(tmp_path / "raw")


def test_file_in_place_of_the_folder_stops(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        take_inventory(put(tmp_path, "raw"))


@pytest.mark.parametrize("name", [None, ".gitkeep", "a.txt.yml"])
def test_folder_without_a_document_stops_with_one_sentence(tmp_path: Path, name: str | None) -> None:
    if name:
        put(tmp_path, name, "")

    with pytest.raises(InputError, match=r"holds no document; .+\.$"):
        take_inventory(tmp_path)


def test_same_content_twice_is_read_once(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    put(tmp_path, "b.txt")

    assert [file.path for file in take_inventory(tmp_path).files] == ["a.txt"]
    reject = only_reject(tmp_path)
    assert (reject.path, reject.reason_code) == ("b.txt", "duplicate_file")
    assert "a.txt" in reject.reason


def test_empty_file_is_a_reject(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    put(tmp_path, "b.txt", "")

    assert (only_reject(tmp_path).path, only_reject(tmp_path).reason_code) == ("b.txt", "empty_file")


def test_wrong_sidecar_rejects_its_document_only(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "Một")
    put(tmp_path, "b.txt", "Hai")
    put(tmp_path, "b.txt.yml", "ngày: 2023\n")

    assert [file.path for file in take_inventory(tmp_path).files] == ["a.txt"]
    assert only_reject(tmp_path).reason_code == "sidecar_invalid"


def test_file_that_cannot_be_opened_gives_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, "a.txt")

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(ReadingError, match=r"^a\.txt: cannot be opened \(Permission denied\); .+\.$"):
        raw_file(path, "a.txt")


@pytest.mark.parametrize("target", ["folder", "nowhere"])
def test_link_to_a_folder_or_to_nothing_is_a_reject(tmp_path: Path, target: str) -> None:
    raw = tmp_path / "raw"
    put(raw, "a.txt")
    put(tmp_path, "folder/b.txt", "Hai")
    (raw / "link").symlink_to(tmp_path / target)

    assert [file.path for file in take_inventory(raw).files] == ["a.txt"]
    assert (only_reject(raw).path, only_reject(raw).reason_code) == ("link", "unreadable_file")


def test_link_to_its_own_folder_does_not_loop(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    (tmp_path / "loop").symlink_to(tmp_path)

    assert [file.path for file in take_inventory(tmp_path).files] == ["a.txt"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (SENTENCE.encode(), "text"),
        (b"<!DOCTYPE html><html><body><p>A</p>", "html"),
        (b"\n\n <html lang='vi'>", "html"),
        (b"<div>Tin</div>", "html"),
        (b"<TABLE><TR><TD>1</TD></TR></TABLE>", "html"),
        ("tỷ lệ < 5% và > 3%".encode(), "text"),
        ("giá trị <p1> nhỏ".encode(), "text"),
        (SENTENCE.encode("utf-16"), "text"),
    ],
)
def test_format_is_told_by_content(data: bytes, expected: str) -> None:
    assert detect_format(data, "bat-ky.dat") == expected


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04rest", "zip"),
        (b"\xd0\xcf\x11\xe0rest", "Word"),
        (b"{\\rtf1", "RTF"),
        (b"\x89PNG\r\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"II*\x00", "TIFF"),
        (b"abc\x00\x01\x02", "not a text"),
    ],
)
def test_other_formats_are_refused_by_name_with_a_remedy(data: bytes, what: str) -> None:
    with pytest.raises(ReadingError) as caught:
        detect_format(data, "a.pdf")

    assert caught.value.reason_code == "unsupported_format"
    assert caught.value.sentence.startswith("a.pdf: ")
    assert what in caught.value.sentence
    assert "save it as text or HTML" in caught.value.sentence


def test_document_without_words_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, "a.txt", " \n --- \n")

    with pytest.raises(ReadingError) as caught:
        read_document(path.read_bytes(), raw_file(path, "a.txt"))

    assert caught.value.reason_code == "no_text"


def test_one_bad_document_does_not_stop_the_others(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    put(tmp_path, "b.txt", b"%PDF-1.4")
    put(tmp_path, "c.txt", b"\xc3")
    put(tmp_path, "d.txt", "Hết.")
    put(tmp_path, "e.txt", "Biến mất.")
    files = take_inventory(tmp_path).files
    (tmp_path / "e.txt").unlink()

    read, rejects = read_files(tmp_path, files)

    assert [document.file.path for document in read] == ["a.txt", "d.txt"]
    assert [(r.path, r.reason_code) for r in rejects] == [
        ("b.txt", "unsupported_format"),
        ("c.txt", "unreadable_file"),
        ("e.txt", "unreadable_file"),
    ]
