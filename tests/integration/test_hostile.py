"""Files that would hurt: each ends with its reason in bounded time and memory, and the others are read."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections import Counter
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest

from pipelines.reading.errors import ReadingError
from pipelines.reading.inventory import Inventory, RawFile, take_inventory
from pipelines.reading.limits import Limits
from pipelines.reading.read import read_files
from pipelines.reading.sidecar import Sidecar
from pipelines.reading.source import read_file, read_source
from pipelines.reading.worker import WorkerPool
from tests.integration import hostile_files

SENTENCE = "Tỉnh Cà Mau năm 2024: tỷ lệ hộ gia đình có kết nối Internet đạt 81,5%."
# Seconds for one document; the slowest takes 3 on an idle machine.
LIMITS = Limits(seconds=20, scan_seconds=20)


def put_odd_files(raw: Path) -> dict[str, str]:
    """What is no document, though it lies among documents; its reason by name."""
    (raw / "link-out.txt").symlink_to("/etc/passwd")
    (raw / "link-nowhere.txt").symlink_to(raw / "nothing")
    (raw / "link-loop.txt").symlink_to(raw / "link-loop.txt")
    (raw / "link-folder").symlink_to("/etc")
    (raw / "device.txt").symlink_to("/dev/zero")
    os.mkfifo(raw / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(raw / "s.txt"))
    (raw / "two\nlines.txt").write_text(SENTENCE + " A", encoding="utf-8")
    Path(os.fsdecode(os.fsencode(raw) + b"/\xff\xfe.txt")).write_text(SENTENCE + " B", encoding="utf-8")
    with (raw / "large.txt").open("wb") as file:
        file.truncate(300 * 2**20)
    (raw / "sidecar.txt").write_text(SENTENCE + " C", encoding="utf-8")
    (raw / "sidecar.txt.yml").write_text("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", encoding="utf-8")
    (raw / "sidecar-out.txt").write_text(SENTENCE + " D", encoding="utf-8")
    (raw / "sidecar-out.txt.yml").symlink_to("/etc/hostname")
    return {
        "link-out.txt": "unsafe_path",
        "link-nowhere.txt": "unreadable_file",
        "link-loop.txt": "unreadable_file",
        "link-folder": "unsafe_path",
        "device.txt": "unsafe_path",
        "pipe.txt": "unreadable_file",
        "s.txt": "unreadable_file",
        "two\\nlines.txt": "unsafe_path",
        "\\xff\\xfe.txt": "unsafe_path",
        "large.txt": "limit_exceeded",
        "sidecar.txt": "sidecar_invalid",
        "sidecar-out.txt": "sidecar_invalid",
    }


@pytest.fixture(scope="module")
def outcome(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Inventory, dict[str, str | None], dict[str, float]]:
    """Every hostile file read in one run: reasons by path, None where it was read."""
    raw = tmp_path_factory.mktemp("hostile")
    for name, (data, _) in hostile_files.files().items():
        (raw / name).write_bytes(data)
    (raw / "good.txt").write_text(SENTENCE, encoding="utf-8")
    put_odd_files(raw)
    started = time.monotonic()
    inventory = take_inventory(raw)
    reasons: dict[str, str | None] = {reject.path: reject.reason_code for reject in inventory.rejects}
    slowest = 0.0
    with WorkerPool(LIMITS, 2) as pool:
        asked = [(file.path, file.document_id) for file in inventory.files]
        for file, answer in zip(inventory.files, pool.read(raw, asked), strict=True):
            reasons[file.path] = answer["error"][0] if "error" in answer else None
            if "error" in answer:
                assert answer["error"][1].startswith(file.path), answer
        slowest, peak = pool.slowest[0], pool.peak_bytes
    figures = {"seconds": time.monotonic() - started, "slowest": slowest, "peak_mib": peak / 2**20}
    return inventory, reasons, figures


def test_the_set_is_large_enough() -> None:
    assert len(hostile_files.files()) >= 60


@pytest.mark.parametrize("name", sorted(hostile_files.files()))
def test_each_ends_with_its_reason(
    outcome: tuple[Inventory, dict[str, str | None], dict[str, float]], name: str
) -> None:
    _, reasons, _ = outcome
    expected = hostile_files.files_expected()[name]
    found = {path: reason for path, reason in reasons.items() if path == name or path.startswith(f"{name}!")}
    assert found, "no row at all"
    assert expected in {reason or "read" for reason in found.values()}, found


def test_odd_files_end_with_their_reason(
    outcome: tuple[Inventory, dict[str, str | None], dict[str, float]], tmp_path: Path
) -> None:
    _, reasons, _ = outcome
    expected = put_odd_files(tmp_path)
    assert {name: reasons.get(name, "no row") for name in expected} == expected


def test_the_others_are_read_in_bounded_time_and_memory(
    outcome: tuple[Inventory, dict[str, str | None], dict[str, float]],
) -> None:
    _, reasons, figures = outcome
    assert reasons["good.txt"] is None
    assert reasons["traversal.zip!ok.txt"] is None
    assert figures["slowest"] < LIMITS.seconds
    assert figures["peak_mib"] <= LIMITS.memory_mib
    counted = Counter(reason or "read" for reason in reasons.values())
    print(f"\nhostile: {len(reasons)} tried, {dict(counted)}, {figures}")  # noqa: T201 -- figures for the note


def test_a_document_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE, encoding="utf-8")
    (tmp_path / "b.txt").write_text(SENTENCE + " Hai.", encoding="utf-8")
    monkeypatch.setattr(
        "pipelines.reading.worker._START",
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pipelines.reading import worker\n"
        "done = worker._done\n"
        "def slow(question, name, limits):\n"
        "    while name == 'a.txt': pass\n"
        "    return done(question, name, limits)\n"
        "worker._done = slow\n"
        "worker.serve()",
    )
    with WorkerPool(Limits(seconds=1), 1) as pool:
        first, second = pool.read(tmp_path, [("a.txt", None), ("b.txt", None)])
    assert first["error"][0] == "limit_exceeded"
    assert "1 seconds" in first["error"][1]
    assert second["ok"][0] == "text"


def read_by_a_reader_that(does: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Answers of a reader for a.txt and b.txt that does this instead of reading; ``done`` reads."""
    (folder / "a.txt").write_text(SENTENCE, encoding="utf-8")
    (folder / "b.txt").write_text(SENTENCE + " Hai.", encoding="utf-8")
    monkeypatch.setattr(
        "pipelines.reading.worker._START",
        "import os, resource, sys; sys.path.insert(0, sys.argv[1])\n"
        "from pipelines.reading import worker\n"
        "done = worker._done\n"
        "def instead(question, name, limits):\n"
        f"{indent(does, '    ')}\n"
        "worker._done = instead\n"
        "worker.serve()",
    )
    with WorkerPool(Limits(), 1) as pool:
        return list(pool.read(folder, [("a.txt", None), ("b.txt", None)]))


@pytest.mark.parametrize(
    ("harm", "reason"),
    [("os.abort()", "reader_failed"), ("bytearray(3 * 2**30)", "limit_exceeded")],
    ids=["dies", "too much memory"],
)
def test_a_reader_that_dies_or_grows_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str, reason: str
) -> None:
    does = f"if name == 'a.txt': {harm}\nreturn done(question, name, limits)"

    first, second = read_by_a_reader_that(does, tmp_path, monkeypatch)

    assert first["error"][0] == reason
    assert second["ok"][0] == "text"


def test_memory_that_others_hold_is_not_held_against_a_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first document leaves a process that has no room for the second one, which needs little."""
    does = (
        "if name == 'b.txt': bytearray(100 * 2**20)\n"
        "answer = done(question, name, limits)\n"
        "resource.setrlimit(resource.RLIMIT_AS, (100 * 2**20, 100 * 2**20))\n"
        "return answer"
    )

    answers = read_by_a_reader_that(does, tmp_path, monkeypatch)

    assert [answer["ok"][1] for answer in answers] == [SENTENCE, f"{SENTENCE} Hai."]


def test_a_file_that_changes_or_vanishes_is_a_reject(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(f"{SENTENCE} {name}", encoding="utf-8")
    files = take_inventory(tmp_path).files
    with (tmp_path / "a.txt").open("a", encoding="utf-8") as file:
        file.write("còn nữa")
    (tmp_path / "b.txt").unlink()
    read, rejects = read_files(tmp_path, files)
    assert [document.file.path for document in read] == ["c.txt"]
    assert [(reject.path, reject.reason_code) for reject in rejects] == [
        ("a.txt", "changed_while_read"),
        ("b.txt", "unreadable_file"),
    ]


def test_a_file_that_keeps_growing_ends_as_a_reject(tmp_path: Path) -> None:
    grown, stop = tmp_path / "a.txt", threading.Event()
    grown.write_text(SENTENCE, encoding="utf-8")
    (tmp_path / "b.txt").write_text(f"{SENTENCE} Hai.", encoding="utf-8")

    def grow() -> None:
        with grown.open("a", encoding="utf-8") as file:
            while not stop.wait(0.001):
                file.write(SENTENCE)
                file.flush()

    growing = threading.Thread(target=grow)
    growing.start()
    try:
        inventory = take_inventory(tmp_path)
        read, rejects = read_files(tmp_path, inventory.files, Limits(file_mib=1))
    finally:
        stop.set()
        growing.join()
    assert [document.file.path for document in read] == ["b.txt"]
    # Whether the listing or the reading sees it first is a matter of luck.
    (reject,) = (*inventory.rejects, *rejects)
    assert reject.path == "a.txt"
    assert reject.reason_code in {"changed_while_read", "limit_exceeded"}


def test_a_device_is_not_read() -> None:
    with pytest.raises(ReadingError) as caught:
        read_file(Path("/dev/zero"), "zero.txt", Limits())
    assert caught.value.reason_code == "unreadable_file"


def test_settings_give_the_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HATANGSO_LIMIT_FILE_MIB", "1")
    (tmp_path / "a.txt").write_bytes(SENTENCE.encode() * 40_000)
    (tmp_path / "b.txt").write_text(SENTENCE, encoding="utf-8")
    inventory = take_inventory(tmp_path)
    assert [reject.reason_code for reject in inventory.rejects] == ["limit_exceeded"]
    assert [file.path for file in inventory.files] == ["b.txt"]


def test_members_of_an_archive_are_documents_with_its_sidecar(tmp_path: Path) -> None:
    inner = hostile_files.zipped({"c/d.txt": f"{SENTENCE} Trong.".encode()})
    data = hostile_files.zipped(
        {"kế hoạch.txt": SENTENCE.encode(), "b.zip": inner, "copy.txt": SENTENCE.encode()}
    )
    (tmp_path / "a.zip").write_bytes(data)
    (tmp_path / "a.zip.yml").write_text("issuer: UBND tỉnh Cà Mau\n", encoding="utf-8")
    inventory = take_inventory(tmp_path)
    assert [file.path for file in inventory.files] == ["a.zip!kế hoạch.txt", "a.zip!b.zip!c/d.txt"]
    assert [(r.path, r.reason_code) for r in inventory.rejects] == [("a.zip!copy.txt", "duplicate_file")]
    assert {file.sidecar.issuer for file in inventory.files} == {"UBND tỉnh Cà Mau"}
    read, rejects = read_files(tmp_path, inventory.files)
    assert ([document.text for document in read], rejects) == ([SENTENCE, f"{SENTENCE} Trong."], [])


def test_nothing_outside_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "secret.txt").write_text("80%", encoding="utf-8")
    for name in ("../secret.txt", str(tmp_path / "secret.txt"), "raw/../../secret.txt"):
        with pytest.raises(ReadingError):
            read_source(tmp_path / "raw", name, Limits())


def test_the_answer_of_a_process_is_data(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "=HYPERLINK(80) <script>alert(1)</script> '; drop table 80%", encoding="utf-8"
    )
    (document,), _ = read_files(tmp_path, [RawFile("a.txt", _hash(tmp_path / "a.txt"), 1, Sidecar())])
    assert "<script>" in document.text


def _hash(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()
