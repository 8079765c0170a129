"""Documents to blocks: what a file is decides its reader; a file that fails is a reject and no more."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.reading.blocks import Block
from pipelines.reading.content import Content, Omission
from pipelines.reading.detect import ARCHIVE, csv_delimiter, detect_format
from pipelines.reading.errors import ReadingError
from pipelines.reading.limits import Limits, current_limits
from pipelines.reading.rejection import Rejection
from pipelines.reading.text import text_blocks
from pipelines.reading.unicode import decode

if TYPE_CHECKING:
    from pipelines.reading.inventory import RawFile
    from pipelines.reading.worker import WorkerPool

READER_VERSION = "7"


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """One document's blocks in reading order. `text` is the text the offsets refer to.

    `omissions` are what was left out of it (hidden rows, formulas without a value), each with its reason.
    """

    file: RawFile
    file_format: str
    text: str
    blocks: tuple[Block, ...]
    omissions: tuple[Omission, ...] = ()


def read_files(
    raw_dir: Path, files: Iterable[RawFile], limits: Limits | None = None, pool: WorkerPool | None = None
) -> tuple[list[ReadDocument], list[Rejection]]:
    """Read every file in processes of their own; the second list says why others could not be read.

    What was left out of a document that could be read is in that list too, as rejects of blocks. Without
    a ``pool``, which goes on after this, processes are started for these files alone.
    """
    files = list(files)
    if not files:
        return [], []
    read: list[ReadDocument] = []
    rejects: list[Rejection] = []
    with contextlib.ExitStack() as ends:
        if pool is None:
            from pipelines.reading.worker import WorkerPool
            from pipelines.settings import get_settings

            size = min(get_settings().reading_processes or os.cpu_count() or 1, len(files))
            pool = ends.enter_context(WorkerPool(limits or current_limits(), size))
        answers = pool.read(raw_dir, [(file.path, file.document_id) for file in files])
        for file, answer in zip(files, answers, strict=True):
            if "ok" in answer:
                document = document_of(file, answer["ok"])
                read.append(document)
                rejects += rejections_of(document)
            else:
                code, sentence = answer["error"]
                rejects.append(Rejection(file.path, file.document_id, code, sentence))
    return read, rejects


def read_path(path: Path, name: str, limits: Limits | None = None) -> Iterator[ReadDocument | ReadingError]:
    """One file, wherever it lies, in a process of its own; of an archive, each document in it.

    What cannot be read comes as the error that says why. Raises ReadingError where the file itself
    cannot be opened.
    """
    from pipelines.reading.inventory import RawFile, is_zip, raw_file
    from pipelines.reading.worker import WorkerPool

    limits = limits or current_limits()
    file = raw_file(path, name, limits)
    real = path.resolve()
    with WorkerPool(limits, 1) as pool:
        if is_zip(real):
            (listed,) = pool.ask("list", real.parent, [(real.name, file.document_id)])
            members = listed.get("ok") or []
        else:
            members = []
        files = [file]
        for inner, document_id, byte_count, code, sentence in members:
            shown = name + inner[len(real.name) :]
            if document_id is None:
                yield ReadingError(code, sentence)
            else:
                files.append(RawFile(shown, document_id, byte_count, file.sidecar))
        if members:
            files.pop(0)
        asked = [(real.name + one.path[len(name) :], one.document_id) for one in files]
        for one, answer in zip(files, pool.read(real.parent, asked), strict=True):
            if "ok" in answer:
                yield document_of(one, answer["ok"])
            else:
                code, sentence = answer["error"]
                yield ReadingError(code, sentence.replace(real.name, name, 1))


def document_of(file: RawFile, answer: Sequence[Any]) -> ReadDocument:
    """A document as a reading process hands it over."""
    file_format, text, blocks, omissions = answer
    return ReadDocument(
        file,
        file_format,
        text,
        tuple(Block(*block) for block in blocks),
        tuple(Omission(*omission) for omission in omissions),
    )


def rejections_of(document: ReadDocument) -> list[Rejection]:
    """What was left out of a document, as rejects."""
    return [
        Rejection(
            document.file.path,
            document.file.document_id,
            omission.reason_code,
            omission.sentence,
            omission.block_no,
            omission.quote,
        )
        for omission in document.omissions
    ]


def read_document(data: bytes, file: RawFile, limits: Limits | None = None) -> ReadDocument:
    """Blocks of one document, read in this process. Raises ReadingError with a sentence for a person."""
    file_format, text, blocks, omissions = read_content(data, file.path, limits or Limits())
    return ReadDocument(file, file_format, text, tuple(blocks), tuple(omissions))


def read_content(
    data: bytes, name: str, limits: Limits
) -> tuple[str, str, Sequence[Block], Sequence[Omission]]:
    """(format, text, blocks, omissions) of a document. Raises ReadingError."""
    file_format = detect_format(data, name, limits)
    if file_format == ARCHIVE:
        from pipelines.reading.archive import list_members

        list_members(data, name, limits)
        raise ReadingError("unsupported_format", f"{name}: an archive; its members are read one by one.")
    content = Content(name, limits)
    try:
        text, blocks = _read(file_format, data, content)
    except (ReadingError, MemoryError, RecursionError):
        raise
    except Exception as error:
        # A broken file makes libraries fail in every way; none of them may stop the night.
        said = " ".join(f"{type(error).__name__}: {error}".split())[:160]
        raise ReadingError(
            "broken_file", f"{name}: the {file_format} file is broken ({said}); ask for it again."
        ) from error
    if not blocks:
        raise ReadingError("no_text", f"{name}: no words were found in it; check that it is the right file.")
    if len(text) > limits.characters:
        raise ReadingError(
            "limit_exceeded", f"{name}: more than {limits.characters} characters of text; split the document."
        )
    return file_format, text, blocks, content.omissions


def _read(file_format: str, data: bytes, content: Content) -> tuple[str, Sequence[Block]]:
    if file_format in {"text", "html", "mht"}:
        if file_format == "mht":
            from pipelines.reading.mht import page_of

            data = page_of(data, content.name, content.limits)
        text = decode(data, content.name)
        if file_format == "text":
            return text, text_blocks(text)
        from pipelines.reading.html import html_blocks

        return html_blocks(text, content)
    if file_format == "csv":
        from pipelines.reading.text_table import read_csv

        text = decode(data, content.name, keep_tabs=True)
        read_csv(text, csv_delimiter(text) or ";", content)
    else:
        _reader(file_format)(data, content)
    return content.text, content.blocks


def _reader(file_format: str) -> Callable[[bytes, Content], None]:
    """The reader of a format; its libraries are loaded here, so that text needs none of them."""
    if file_format == "docx":
        from pipelines.reading.docx import read_docx as reader
    elif file_format == "pdf":
        from pipelines.reading.pdf import read_pdf as reader
    elif file_format == "xlsx":
        from pipelines.reading.spreadsheet import read_xlsx as reader
    elif file_format == "xls":
        from pipelines.reading.old_excel import read_xls as reader
    elif file_format == "doc":
        from pipelines.reading.old_word import read_doc as reader
    elif file_format == "rtf":
        from pipelines.reading.rtf import read_rtf as reader
    elif file_format == "odt":
        from pipelines.reading.opendocument import read_odt as reader
    elif file_format == "ods":
        from pipelines.reading.opendocument import read_ods as reader
    else:
        from pipelines.reading.scan import read_image as reader
    return reader
