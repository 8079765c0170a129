"""The bytes of a document: from a regular file inside the raw folder, or from a member of an archive in it.

`archive.zip!folder/report.docx` names the member of an archive. Nothing here follows a link out of the
folder, waits on a pipe, or reads more than the limit.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from pipelines.reading.errors import ReadingError
from pipelines.reading.limits import Limits

SEPARATOR = "!"


def read_source(raw_dir: Path, name: str, limits: Limits) -> bytes:
    """Bytes of a document by its name below the raw folder."""
    container, members = split_name(raw_dir, name)
    data = read_inside(raw_dir, container, limits)
    if members:
        from pipelines.reading.archive import read_member

        for member in members:
            data = read_member(data, member, name, limits)
    return data


def split_name(raw_dir: Path, name: str) -> tuple[str, list[str]]:
    """(file, members) of a name; a real file whose name holds "!" comes first."""
    if SEPARATOR not in name or os.path.lexists(raw_dir / name):
        return name, []
    parts = name.split(SEPARATOR)
    for count in range(len(parts) - 1, 0, -1):
        container = SEPARATOR.join(parts[:count])
        if (raw_dir / container).is_file():
            return container, parts[count:]
    return name, []


def read_inside(raw_dir: Path, name: str, limits: Limits) -> bytes:
    """Bytes of a file that lies inside the folder, whatever links its path holds."""
    try:
        real = (raw_dir / name).resolve(strict=True)
        inside = real.is_relative_to(raw_dir.resolve())
    except FileNotFoundError:
        raise ReadingError(
            "unreadable_file",
            f"{name}: not a regular file, or gone since the night began; put the document itself there.",
        ) from None
    except (OSError, RuntimeError) as error:
        raise ReadingError(
            "unreadable_file", f"{name}: cannot be opened ({_said(error)}); check the file."
        ) from None
    if not inside:
        raise ReadingError(
            "unsafe_path", f"{name}: a link out of the raw folder; put the document itself there."
        )
    return read_file(real, name, limits)


def read_file(path: Path, name: str, limits: Limits) -> bytes:
    """Bytes of a regular file up to the limit. Raises ReadingError for anything else."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise ReadingError(
            "unreadable_file",
            f"{name}: cannot be opened ({_said(error)}); check the file and its permissions.",
        ) from None
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise ReadingError(
                "unreadable_file", f"{name}: not a regular file; put the document itself there."
            )
        if found.st_size > limits.file_bytes:
            raise _too_large(name, limits)
        pieces: list[bytes] = []
        left = limits.file_bytes + 1
        while left and (piece := os.read(descriptor, min(left, 2**20))):
            pieces.append(piece)
            left -= len(piece)
        if not left:
            raise _too_large(name, limits)
        return b"".join(pieces)
    except OSError as error:
        raise ReadingError(
            "unreadable_file", f"{name}: reading failed ({_said(error)}); check the disk and the file."
        ) from None
    finally:
        os.close(descriptor)


def _too_large(name: str, limits: Limits) -> ReadingError:
    return ReadingError(
        "limit_exceeded", f"{name}: larger than {limits.file_mib} MiB; split the document or raise the limit."
    )


def _said(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).split("\n")[0]


def shown_name(name: str) -> str:
    r"""A name as people and UTF-8 files can hold it.

    >>> shown_name("kế hoạch.txt"), shown_name("a\nb\udcff.txt")
    ('kế hoạch.txt', 'a\\nb\\xff.txt')
    """
    raw = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in raw)
