"""The inventory: every document in data/raw by content hash, before anything is parsed."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from pipelines.reading.errors import InputError, ReadingError
from pipelines.reading.limits import Limits, current_limits
from pipelines.reading.rejection import Rejection
from pipelines.reading.sidecar import Sidecar, read_sidecar
from pipelines.reading.source import read_file, read_inside, shown_name

_SIDECAR_SUFFIX = ".yml"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# A file may change again within the same tick of its times; only times that have passed are trusted.
_SETTLED_NS = 2_000_000_000


class Listed(NamedTuple):
    """One file of the raw folder before it is opened.

    `stamp` holds inode, size and times of the file and of its sidecar; empty where they say nothing (a link,
    or a change so recent that another may follow unseen).
    """

    path: str
    stamp: str


class Seen(NamedTuple):
    """What an earlier night found in a file whose stamp it noted: one for each document in it."""

    file: str
    stamp: str
    path: str
    document_id: str
    byte_count: int
    sidecar_id: str | None
    sidecar_received_at: datetime | None


@dataclass(frozen=True, slots=True)
class RawFile:
    """One document as received; `path` is relative to the raw folder, with forward slashes.

    A document inside an archive has the path `archive.zip!member` and the sidecar of its archive. Of a
    file that was recognised by its stamp, `sidecar` holds sidecar_id and received_at only: reading opens it again.
    """

    path: str
    document_id: str
    byte_count: int
    sidecar: Sidecar


@dataclass(frozen=True, slots=True)
class Inventory:
    """All documents of a night, in the order of their paths, and the files that cannot be taken.

    `seen` is what the next night may recognise by stamps; `opened` counts the files that were hashed.
    """

    files: tuple[RawFile, ...]
    rejects: tuple[Rejection, ...]
    seen: tuple[Seen, ...] = ()
    opened: int = 0


def list_files(raw_dir: Path) -> list[Listed]:
    """Every file under the raw folder that is a document, sorted by path; sidecars and hidden files are not."""
    now = time.time_ns()
    found = [
        Listed(path, _stamp(entry, sidecar, now)) for path, entry, sidecar in _documents(str(raw_dir), "")
    ]
    return sorted(found, key=lambda listed: listed.path.split("/"))


def folder_state(raw_dir: Path) -> str:
    """Names, sizes and times of all files as one fingerprint; a file that grows gives another one at every look.

    Unlike a stamp it holds of files that have just changed, too: whoever looks twice compares for himself.
    """
    looked = (
        (path, *map(_size_and_times, (entry, sidecar)))
        for path, entry, sidecar in _documents(str(raw_dir), "")
    )
    lines = sorted(" ".join(parts) for parts in looked)
    return hashlib.sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()


def holds_a_document(raw_dir: Path) -> bool:
    """Whether there is any document under the raw folder; looks no further than the first."""
    return next(iter(_documents(str(raw_dir), "")), None) is not None


def _documents(folder: str, prefix: str) -> Iterator[tuple[str, os.DirEntry[str], os.DirEntry[str] | None]]:
    """(path, entry, entry of the sidecar) of each document; folders that cannot be listed hold none."""
    try:
        with os.scandir(folder) as scan:
            entries = {entry.name: entry for entry in scan if not entry.name.startswith(".")}
    except OSError:
        return
    for name, entry in entries.items():
        if entry.is_dir(follow_symlinks=False):
            yield from _documents(entry.path, f"{prefix}{name}/")
        elif not name.endswith(_SIDECAR_SUFFIX):
            yield prefix + name, entry, entries.get(name + _SIDECAR_SUFFIX)


def _stamp(entry: os.DirEntry[str], sidecar: os.DirEntry[str] | None, now: int) -> str:
    parts = []
    for one in (entry, sidecar):
        if one is None:
            parts.append("-")
            continue
        try:
            found = one.stat(follow_symlinks=False)
        except OSError:
            return ""
        if one.is_symlink() or max(found.st_mtime_ns, found.st_ctime_ns) > now - _SETTLED_NS:
            return ""
        parts.append(_written(found))
    return " ".join(parts)


def _size_and_times(entry: os.DirEntry[str] | None) -> str:
    try:
        return "-" if entry is None else _written(entry.stat(follow_symlinks=False))
    except OSError:
        return "?"


def _written(found: os.stat_result) -> str:
    return f"{found.st_ino}:{found.st_size}:{found.st_mtime_ns}:{found.st_ctime_ns}"


def take_inventory(raw_dir: Path, seen: Iterable[Seen] = ()) -> Inventory:
    """Hash every document, those inside archives too, and read its sidecar.

    A file with the very stamp under which an earlier night saw it is not opened. A file whose content
    came already under an earlier path is a reject (duplicate_file), so that documents = read + rejected
    holds. Raises InputError where the folder is missing or empty.
    """
    if not raw_dir.is_dir():
        raise InputError(
            f"{raw_dir}: the folder of raw documents is missing; create it and put documents there."
        )
    listed = list_files(raw_dir)
    if not listed:
        raise InputError(f"{raw_dir}: the folder holds no document; put at least one there.")
    by_file: dict[str, list[Seen]] = {}
    for one in seen:
        by_file.setdefault(one.file, []).append(one)
    limits = current_limits()
    found: dict[str, list[RawFile | Rejection]] = {}
    archives: dict[str, RawFile] = {}
    remembered: list[Seen] = []
    opened: list[Listed] = []
    for name, stamp in listed:
        before = by_file.get(name)
        if before and stamp and before[0].stamp == stamp:
            found[name] = [_recognised(one) for one in before]
            remembered += before
            continue
        opened.append(Listed(name, stamp))
        try:
            if name != shown_name(name):
                raise ReadingError(
                    "unsafe_path",
                    f"{shown_name(name)}: a file name with characters that no name should have; rename the file.",
                )
            data = read_inside(raw_dir, name, limits)
            file = _raw_file(data, raw_dir / name, name)
            if data.startswith(_ZIP):
                archives[name] = file
            found[name] = [file]
        except ReadingError as error:
            found[name] = [Rejection(shown_name(name), None, error.reason_code, error.sentence)]
    for name, stamp in opened:
        if not stamp and _has_grown(raw_dir, name, found[name]):
            archives.pop(name, None)
            sentence = (
                f"{name}: the file is still being written; it is read the next night, once it is complete."
            )
            found[name] = [Rejection(name, None, "changed_while_read", sentence)]
    members, unlisted = _members(raw_dir, archives, limits)
    found |= members
    remembered += _to_remember([one for one in opened if one.path not in unlisted], found)
    return _without_copies(
        [one for inside in found.values() for one in inside], tuple(remembered), len(opened)
    )


def _has_grown(raw_dir: Path, name: str, inside: list[RawFile | Rejection]) -> bool:
    """Whether a file that changed just now has another size than when it was hashed."""
    (one,) = inside
    try:
        return isinstance(one, RawFile) and (raw_dir / name).stat().st_size != one.byte_count
    except OSError:
        return True


def _recognised(seen: Seen) -> RawFile:
    sidecar = Sidecar(sidecar_id=seen.sidecar_id, received_at=seen.sidecar_received_at)
    return RawFile(seen.path, seen.document_id, seen.byte_count, sidecar)


def _to_remember(opened: list[Listed], found: Mapping[str, list[RawFile | Rejection]]) -> Iterator[Seen]:
    """The documents of every file whose stamp can be trusted and of which nothing had to be rejected."""
    for name, stamp in opened:
        inside = found[name]
        if not stamp or any(isinstance(one, Rejection) for one in inside):
            continue
        for one in inside:
            if isinstance(one, RawFile):
                sidecar = one.sidecar
                yield Seen(
                    name,
                    stamp,
                    one.path,
                    one.document_id,
                    one.byte_count,
                    sidecar.sidecar_id,
                    sidecar.received_at,
                )


def _members(
    raw_dir: Path, archives: Mapping[str, RawFile], limits: Limits
) -> tuple[dict[str, list[RawFile | Rejection]], set[str]]:
    """The documents in each archive; and the archives that could not be listed, of which reading says why."""
    if not archives:
        return {}, set()
    from pipelines.reading.worker import WorkerPool

    members: dict[str, list[RawFile | Rejection]] = {}
    unlisted: set[str] = set()
    with WorkerPool(limits, min(2, len(archives))) as pool:
        asked = [(file.path, file.document_id) for file in archives.values()]
        for (name, archive), answer in zip(archives.items(), pool.ask("list", raw_dir, asked), strict=True):
            if "error" in answer:
                unlisted.add(name)
            if not answer.get("ok"):
                continue
            members[name] = [
                RawFile(path, document_id, byte_count, archive.sidecar)
                if document_id
                else Rejection(path, None, reason_code, sentence)
                for path, document_id, byte_count, reason_code, sentence in answer["ok"]
            ]
    return members, unlisted


def _without_copies(found: list[RawFile | Rejection], seen: tuple[Seen, ...], opened: int) -> Inventory:
    files: dict[str, RawFile] = {}
    rejects: list[Rejection] = []
    for one in found:
        if isinstance(one, Rejection):
            rejects.append(one)
            continue
        first = files.setdefault(one.document_id, one)
        if first is not one:
            rejects.append(
                Rejection(
                    one.path,
                    one.document_id,
                    "duplicate_file",
                    f"{one.path}: the same content as {first.path}; that one is read, remove this copy.",
                )
            )
    return Inventory(tuple(files.values()), tuple(rejects), seen, opened)


def is_zip(path: Path) -> bool:
    """Whether a file begins as zip containers do."""
    with path.open("rb") as file:
        return file.read(4).startswith(_ZIP)


def raw_file(path: Path, name: str, limits: Limits | None = None) -> RawFile:
    """One file with its hash and sidecar. Raises ReadingError with a sentence for a person."""
    return _raw_file(read_file(path, name, limits or Limits()), path, name)


def _raw_file(data: bytes, path: Path, name: str) -> RawFile:
    if not data:
        raise ReadingError("empty_file", f"{name}: the file is empty; send it again.")
    return RawFile(name, hashlib.sha256(data).hexdigest(), len(data), read_sidecar(path, name))
