"""Documents to blocks: what a file is decides its reader; a file that fails is a reject and no more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.reading.blocks import Block
from pipelines.reading.errors import ReadingError
from pipelines.reading.inventory import RawFile
from pipelines.reading.rejection import Rejection
from pipelines.reading.text import text_blocks
from pipelines.reading.unicode import decode

READER_VERSION = "1"

_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|table|div|p|h[1-6]|ul|article)\b", re.IGNORECASE)
_BINARY = (
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "a zip container (Word, Excel or an archive)"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
)


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """One document's blocks in reading order. `text` is the text the offsets refer to."""

    file: RawFile
    file_format: str
    text: str
    blocks: tuple[Block, ...]


def read_files(raw_dir: Path, files: Iterable[RawFile]) -> tuple[list[ReadDocument], list[Rejection]]:
    """Read every file; the second list says why the others could not be read."""
    read: list[ReadDocument] = []
    rejects: list[Rejection] = []
    for file in files:
        try:
            data = (raw_dir / file.path).read_bytes()
            read.append(read_document(data, file))
        except ReadingError as error:
            rejects.append(Rejection(file.path, file.document_id, error.reason_code, error.sentence))
        except OSError as error:
            rejects.append(
                Rejection(
                    file.path,
                    file.document_id,
                    "unreadable_file",
                    f"{file.path}: cannot be opened ({error.strerror}); check the file and its permissions.",
                )
            )
    return read, rejects


def read_document(data: bytes, file: RawFile) -> ReadDocument:
    """Blocks of one document. Raises ReadingError with a sentence for a person."""
    file_format = detect_format(data, file.path)
    text = decode(data, file.path)
    blocks: Sequence[Block]
    if file_format == "html":
        from pipelines.reading.html import html_blocks

        text, blocks = html_blocks(text)
    else:
        blocks = text_blocks(text)
    if not blocks:
        raise ReadingError(
            "no_text", f"{file.path}: no words were found in it; check that it is the right file."
        )
    return ReadDocument(file, file_format, text, tuple(blocks))


def detect_format(data: bytes, name: str) -> str:
    """Whether the content is "text" or "html", whatever the file's name says.

    Raises ReadingError("unsupported_format") for anything else.
    """
    for magic, what in _BINARY:
        if data.startswith(magic):
            raise ReadingError(
                "unsupported_format",
                f"{name}: this is {what}, which is not read yet; save it as text or HTML.",
            )
    head = data[:4096]
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ReadingError("unsupported_format", f"{name}: not a text file; save it as text or HTML.")
    return "html" if _HTML.search(head.decode("utf-8", errors="replace")) else "text"
