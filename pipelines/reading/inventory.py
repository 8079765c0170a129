"""The inventory: every document in data/raw by content hash, before anything is parsed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pipelines.reading.errors import InputError, ReadingError
from pipelines.reading.rejection import Rejection
from pipelines.reading.sidecar import Sidecar, read_sidecar

_SIDECAR_SUFFIX = ".yml"


@dataclass(frozen=True, slots=True)
class RawFile:
    """One document as received; `path` is relative to the raw folder, with forward slashes."""

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
    """Hash every document and read its sidecar.

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
    files: dict[str, RawFile] = {}
    rejects: list[Rejection] = []
    for path in paths:
        name = path.relative_to(raw_dir).as_posix()
        try:
            file = raw_file(path, name)
        except ReadingError as error:
            rejects.append(Rejection(name, None, error.reason_code, error.sentence))
            continue
        first = files.setdefault(file.document_id, file)
        if first is not file:
            rejects.append(
                Rejection(
                    name,
                    file.document_id,
                    "duplicate_file",
                    f"{name}: the same content as {first.path}; that one is read, remove this copy.",
                )
            )
    return Inventory(tuple(files.values()), tuple(rejects))


def raw_file(path: Path, name: str) -> RawFile:
    """One file with its hash and sidecar. Raises ReadingError with a sentence for a person."""
    if not path.is_file():
        raise ReadingError("unreadable_file", f"{name}: not a regular file; put the document itself there.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReadingError(
            "unreadable_file", f"{name}: cannot be opened ({error.strerror}); check its permissions."
        ) from None
    if not data:
        raise ReadingError("empty_file", f"{name}: the file is empty; send it again.")
    document_id = hashlib.sha256(data).hexdigest()
    return RawFile(name, document_id, len(data), read_sidecar(path, name))
