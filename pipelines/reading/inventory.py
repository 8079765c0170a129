"""The inventory: every document in data/raw by content hash, before anything is parsed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pipelines.reading.errors import InputError, ReadingError
from pipelines.reading.limits import Limits, current_limits
from pipelines.reading.rejection import Rejection
from pipelines.reading.sidecar import Sidecar, read_sidecar
from pipelines.reading.source import read_file, read_inside, shown_name

_SIDECAR_SUFFIX = ".yml"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True, slots=True)
class RawFile:
    """One document as received; `path` is relative to the raw folder, with forward slashes.

    A document inside an archive has the path `archive.zip!member` and the sidecar of its archive.
    """

    path: str
    document_id: str
    byte_count: int
    sidecar: Sidecar


@dataclass(frozen=True, slots=True)
class Inventory:
    """All documents of a night, in the order of their paths, and the files that cannot be taken."""

    files: tuple[RawFile, ...]
    rejects: tuple[Rejection, ...]


def document_paths(raw_dir: Path) -> list[Path]:
    """Every file under the raw folder that is a document, sorted; sidecars and hidden files are not."""
    return sorted(
        path
        for path in raw_dir.rglob("*")
        if not any(part.startswith(".") for part in path.relative_to(raw_dir).parts)
        and path.suffix != _SIDECAR_SUFFIX
        and (path.is_symlink() or not path.is_dir())
    )


def take_inventory(raw_dir: Path) -> Inventory:
    """Hash every document, those inside archives too, and read its sidecar.

    A file whose content came already under an earlier path is a reject (duplicate_file), so that
    documents = read + rejected holds. Raises InputError where the folder is missing or empty.
    """
    if not raw_dir.is_dir():
        raise InputError(
            f"{raw_dir}: the folder of raw documents is missing; create it and put documents there."
        )
    paths = document_paths(raw_dir)
    if not paths:
        raise InputError(f"{raw_dir}: the folder holds no document; put at least one there.")
    limits = current_limits()
    found: list[RawFile | Rejection] = []
    archives: dict[int, RawFile] = {}
    for path in paths:
        name = path.relative_to(raw_dir).as_posix()
        try:
            if name != shown_name(name):
                raise ReadingError(
                    "unsafe_path",
                    f"{shown_name(name)}: a file name with characters that no name should have; rename the file.",
                )
            data = read_inside(raw_dir, name, limits)
            file = _raw_file(data, path, name)
            if data.startswith(_ZIP):
                archives[len(found)] = file
            found.append(file)
        except ReadingError as error:
            found.append(Rejection(shown_name(name), None, error.reason_code, error.sentence))
    return _without_copies(_with_members(raw_dir, found, archives, limits))


def _with_members(
    raw_dir: Path, found: list[RawFile | Rejection], archives: dict[int, RawFile], limits: Limits
) -> list[RawFile | Rejection]:
    """The files with every archive replaced by the documents in it.

    An archive that cannot be listed stays, and reading says why.
    """
    if not archives:
        return found
    from pipelines.reading.worker import WorkerPool

    members: dict[int, list[RawFile | Rejection]] = {}
    with WorkerPool(limits, min(2, len(archives))) as pool:
        asked = [(file.path, file.document_id) for file in archives.values()]
        for (position, archive), answer in zip(
            archives.items(), pool.ask("list", raw_dir, asked), strict=True
        ):
            if not answer.get("ok"):
                continue
            members[position] = [
                RawFile(path, document_id, byte_count, archive.sidecar)
                if document_id
                else Rejection(path, None, reason_code, sentence)
                for path, document_id, byte_count, reason_code, sentence in answer["ok"]
            ]
    return [one for position, file in enumerate(found) for one in members.get(position, [file])]


def _without_copies(found: list[RawFile | Rejection]) -> Inventory:
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
    return Inventory(tuple(files.values()), tuple(rejects))


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
