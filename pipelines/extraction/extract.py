"""A document's blocks to its statements."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from pipelines.extraction.dateline import is_only_dateline
from pipelines.extraction.discourse import Discourse
from pipelines.extraction.header import Header, read_header
from pipelines.extraction.numbers import UNIT_SPELLINGS, read_unit_spellings
from pipelines.extraction.prose import prose_statements
from pipelines.extraction.statement import Statement
from pipelines.extraction.tables import table_statements
from pipelines.extraction.tokens import Lexer
from pipelines.reading.blocks import Block
from pipelines.reading.read import ReadDocument

EXTRACTOR_VERSION = "6"

_UNIT_LINE = re.compile(r"^\(?\s*(?:ĐVT|Đơn vị(?: tính)?)\s*:", re.IGNORECASE)
_SENTENCE_OR_DATE = re.compile(r"[.;]\s*$|\d\s*%|\d,\d|^(?:Đăng|Ngày|Thứ|Cập nhật|\d)|\s\|\s", re.IGNORECASE)
# What a yearbook says once more below its Vietnamese words.
_ENGLISH = re.compile(r"(?=.*[a-z]{3} [a-z]{2})[ -~]+")


@dataclass(frozen=True, slots=True)
class Extracted:
    """What one document says of itself, and its candidate figures in reading order."""

    document: ReadDocument
    header: Header
    statements: tuple[Statement, ...]


def extractor_version(seeds_dir: Path) -> str:
    """The version stored with a document: this program's, and the spellings of units that it reads by.

    A document is read again when either has changed; all other seeds are asked only by matching.
    """
    spellings = (seeds_dir / UNIT_SPELLINGS).read_bytes()
    return f"{EXTRACTOR_VERSION}+{hashlib.sha256(spellings).hexdigest()[:8]}"


def make_lexer(seeds_dir: Path) -> Lexer:
    """The lexer for the catalog's spellings of units."""
    return Lexer(read_unit_spellings(seeds_dir))


def extract(document: ReadDocument, lexer: Lexer) -> Extracted:
    """Statements of one document, block by block; tables are read whole at their first cell."""
    blocks = document.blocks
    header = read_header(blocks, document.file.sidecar)
    discourse = Discourse(header)
    discourse.look_ahead(block.text for block in blocks)
    statements: list[Statement] = []
    cells_of: dict[int | None, list[tuple[int, Block]]] = defaultdict(list)
    for block_no, block in enumerate(blocks):
        if block.kind == "table_cell":
            cells_of[block.table_no].append((block_no, block))
    for block_no, block in enumerate(blocks):
        if block_no in header.date_blocks:
            continue
        if block.kind != "table_cell":
            is_title = block_no in header.title_blocks
            statements.extend(prose_statements(block_no, block, lexer, discourse, is_title=is_title))
        elif cells := cells_of.pop(block.table_no, []):
            statements.extend(table_statements(cells, lexer, discourse, _caption(blocks, block_no)))
    return Extracted(document, header, tuple(statements))


def _caption(blocks: tuple, first_cell: int) -> str:  # type: ignore[type-arg]
    """The words right above a table: its title and its unit line."""
    above: list[str] = []
    for block in reversed(blocks[max(0, first_cell - 6) : first_cell]):
        if block.kind == "table_cell":
            break
        text = block.text.strip()
        if _ENGLISH.fullmatch(text) or is_only_dateline(text):
            continue
        is_unit = bool(_UNIT_LINE.search(text))
        if is_unit or (len(text) <= 250 and not _SENTENCE_OR_DATE.search(text)):
            above.append(text)
            if not is_unit:
                break
    return " ¦ ".join(reversed(above))
