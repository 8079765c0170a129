"""The inventory: every file is a document or a reject with its reason; the folder itself must be usable."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from pipelines.reading.errors import InputError, ReadingError
from pipelines.reading.inventory import list_files, raw_file, take_inventory
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

    assert [listed.path for listed in list_files(tmp_path)] == ["a.txt"]


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

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pipelines.reading.source.os.open", refuse)
    with pytest.raises(ReadingError, match=r"^a\.txt: cannot be opened \(Permission denied\); .+\.$"):
        raw_file(path, "a.txt")


@pytest.mark.parametrize(("target", "reason"), [("folder", "unsafe_path"), ("nowhere", "unreadable_file")])
def test_link_to_a_folder_or_to_nothing_is_a_reject(tmp_path: Path, target: str, reason: str) -> None:
    raw = tmp_path / "raw"
    put(raw, "a.txt")
    put(tmp_path, "folder/b.txt", "Hai")
    (raw / "link").symlink_to(tmp_path / target)

    assert [file.path for file in take_inventory(raw).files] == ["a.txt"]
    assert (only_reject(raw).path, only_reject(raw).reason_code) == ("link", reason)


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
        (b"Rar!\x1a\x07\x01\x00", "RAR"),
        (b"7z\xbc\xaf\x27\x1c\x00", "7-Zip"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"GIF89a", "GIF"),
        (b"BM\x00\x00", "BMP"),
        (b"\x7fELF\x02", "program"),
        (b"abc\x00\x01\x02", "not a text"),
    ],
)
def test_other_formats_are_refused_by_name_with_a_remedy(data: bytes, what: str) -> None:
    with pytest.raises(ReadingError) as caught:
        detect_format(data, "a.pdf")

    assert caught.value.reason_code == "unsupported_format"
    assert caught.value.sentence.startswith("a.pdf: ")
    assert what in caught.value.sentence
    assert caught.value.sentence.endswith(".")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"%PDF-1.7", "pdf"),
        (b"\n%PDF-1.4 behind a line", "pdf"),
        (b"{\\rtf1", "rtf"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"II*\x00", "image"),
        (b"From: a\nMIME-Version: 1.0\nContent-Type: multipart/related\n\n", "mht"),
        ("TT;Tên;2024\n1;Hộ có Internet;80,5\n2;Dân số;1.234\n".encode(), "csv"),
        ("TT\tTên\t2024\n1\tHộ có Internet\t80,5\n2\tDân số\t1.234\n".encode("utf-16"), "csv"),
        (SENTENCE.encode("utf-16-le"), "text"),
    ],
)
def test_formats_are_told_by_their_first_bytes(data: bytes, expected: str) -> None:
    assert detect_format(data, "bat-ky.txt") == expected


@pytest.mark.parametrize("data", [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"])
def test_broken_containers_are_refused(data: bytes) -> None:
    with pytest.raises(ReadingError) as caught:
        detect_format(data, "a.docx")

    assert caught.value.reason_code == "broken_file"


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
        ("b.txt", "broken_file"),
        ("c.txt", "unreadable_file"),
        ("e.txt", "unreadable_file"),
    ]


def settle(folder: Path) -> None:
    """Have every file of a folder look as if nobody had touched it for a while."""
    import time

    time.sleep(0.01)
    assert all(path.stat().st_mtime_ns < time.time_ns() for path in folder.iterdir())


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the times of files from their first moment on."""
    monkeypatch.setattr("pipelines.reading.inventory._SETTLED_NS", 0)


@pytest.mark.usefixtures("settled")
def test_a_file_as_it_was_seen_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a.txt")
    put(tmp_path, "a.txt.yml", "issuer: UBND\n")
    put(tmp_path, "b.txt", "Hai")
    settle(tmp_path)
    first = take_inventory(tmp_path)
    assert (first.opened, len(first.seen)) == (2, 2)
    again = take_inventory(tmp_path, first.seen)
    assert again.opened == 0
    assert [(f.path, f.document_id, f.sidecar.sidecar_id) for f in again.files] == [
        (f.path, f.document_id, f.sidecar.sidecar_id) for f in first.files
    ]
    assert again.seen == first.seen


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("change", ["content", "sidecar", "time", "replaced"])
def test_whatever_differs_of_a_file_has_it_opened(tmp_path: Path, change: str) -> None:
    path = put(tmp_path, "a.txt", "Mot")
    put(tmp_path, "a.txt.yml", "issuer: UBND\n")
    settle(tmp_path)
    first = take_inventory(tmp_path)
    times = path.stat()
    if change == "content":
        # The same size, and the time of modification set back to what it was.
        path.write_text("Hai", encoding="utf-8")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    elif change == "sidecar":
        put(tmp_path, "a.txt.yml", "issuer: HĐND\n")
    elif change == "time":
        os.utime(path)
    else:
        (tmp_path / "new").write_text("Mot", encoding="utf-8")
        (tmp_path / "new").replace(path)
    again = take_inventory(tmp_path, first.seen)
    assert again.opened == 1
    assert (again.files[0].document_id != first.files[0].document_id) == (change == "content")


def test_a_file_that_changed_just_now_is_not_trusted(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    first = take_inventory(tmp_path)
    assert first.seen == ()
    assert take_inventory(tmp_path, first.seen).opened == 1


@pytest.mark.usefixtures("settled")
def test_copies_and_rejects_are_told_again_from_memory(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    put(tmp_path, "b.txt")
    put(tmp_path, "c.txt", "")
    settle(tmp_path)
    first = take_inventory(tmp_path)
    again = take_inventory(tmp_path, first.seen)
    assert again.rejects == first.rejects
    assert [reject.reason_code for reject in again.rejects] == ["duplicate_file", "empty_file"]
    # Only what had to be rejected is opened again.
    assert again.opened == 1


def test_a_file_that_grows_while_it_is_hashed_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipelines.reading import inventory

    path = put(tmp_path, "a.txt", "Mot")
    read = inventory.read_inside

    def read_and_grow(*arguments: Any) -> bytes:
        data = read(*arguments)
        path.write_text("Một, hai", encoding="utf-8")
        return data

    monkeypatch.setattr(inventory, "read_inside", read_and_grow)
    (reject,) = take_inventory(tmp_path).rejects
    assert (reject.path, reject.reason_code) == ("a.txt", "changed_while_read")
