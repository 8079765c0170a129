"""Archives (.zip) of documents: which members are documents, and the bytes of one. Nothing is unpacked to disk."""

from __future__ import annotations

import hashlib
import stat
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipelines.reading.detect import ARCHIVE, detect_format
from pipelines.reading.errors import ReadingError
from pipelines.reading.limits import Limits
from pipelines.reading.packaging import Package
from pipelines.reading.source import SEPARATOR, shown_name

_UTF8_NAME = 0x800
_SIDECAR_SUFFIX = ".yml"


@dataclass(frozen=True, slots=True)
class Member:
    """A document of an archive, or why it cannot be taken (`reason_code` and `sentence`)."""

    name: str
    document_id: str | None = None
    byte_count: int = 0
    reason_code: str | None = None
    sentence: str | None = None


def list_members(data: bytes, name: str, limits: Limits) -> list[Member]:
    """The documents of an archive, those of archives inside it too.

    Raises ReadingError where the archive as a whole cannot be used.
    """
    package = Package(data, name, limits)
    members = _members(package, name, limits, 1)
    if not members:
        raise ReadingError(
            "no_text", f"{name}: the archive holds no document; check that it is the right one."
        )
    return members


def _members(package: Package, name: str, limits: Limits, depth: int) -> list[Member]:
    members: list[Member] = []
    seen: set[str] = set()
    for info in package.zip.infolist():
        inner = _inner_name(info)
        if info.is_dir() or _is_aside(inner):
            continue
        full = f"{name}{SEPARATOR}{shown_name(inner)}"
        try:
            _check(info, inner, full, seen)
            seen.add(inner)
            data = package.read(info.filename)
            if not data:
                raise ReadingError("empty_file", f"{full}: the file is empty; send it again.")
            if data.startswith(b"PK") and detect_format(data, full, limits) == ARCHIVE:
                if depth >= limits.archive_depth:
                    raise ReadingError(
                        "limit_exceeded",
                        f"{full}: archives inside archives more than {limits.archive_depth} deep; unpack them.",
                    )
                nested = Package(data, full, limits)
                nested.left = package.left
                members += _members(nested, full, limits, depth + 1)
                package.left = nested.left
            else:
                members.append(Member(full, hashlib.sha256(data).hexdigest(), len(data)))
        except ReadingError as error:
            if error.reason_code == "limit_exceeded" and package.left < 0:
                raise
            members.append(Member(full, None, 0, error.reason_code, error.sentence))
    return members


def _check(info: zipfile.ZipInfo, inner: str, full: str, seen: set[str]) -> None:
    path = PurePosixPath(inner.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or inner[1:2] == ":" or SEPARATOR in inner:
        raise ReadingError(
            "unsafe_path", f"{full}: a name that leads out of the archive; pack it again without paths."
        )
    if stat.S_ISLNK(info.external_attr >> 16):
        raise ReadingError("unsafe_path", f"{full}: a link inside an archive; pack the document itself.")
    if inner in seen:
        raise ReadingError("unsafe_path", f"{full}: the archive holds this name twice; pack it again.")


def _inner_name(info: zipfile.ZipInfo) -> str:
    """The member's name; many programs write UTF-8 without saying so."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _is_aside(inner: str) -> bool:
    parts = inner.replace("\\", "/").split("/")
    hidden = any(part.startswith(".") and part not in {".", ".."} for part in parts)
    return hidden or parts[0] == "__MACOSX" or inner.endswith(_SIDECAR_SUFFIX) or parts[-1] == "Thumbs.db"


def read_member(data: bytes, member: str, name: str, limits: Limits) -> bytes:
    """Bytes of a member by its name as `list_members` gives it."""
    package = Package(data, name, limits)
    for info in package.zip.infolist():
        if not info.is_dir() and shown_name(_inner_name(info)) == member:
            return package.read(info.filename)
    raise ReadingError("unreadable_file", f"{name}: gone from its archive since the night began.")
