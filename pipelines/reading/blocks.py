"""The block: a paragraph, list item, heading or table cell of a document, in reading order.

Every reader returns blocks; nothing here knows a file format.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["heading", "paragraph", "list_item", "table_cell"]


@dataclass(frozen=True, slots=True)
class Block:
    """One block.

    `char_start`/`char_end` are offsets into the document's text in Unicode NFC as the reader
    decoded it. `level` is the depth of a heading or list marker (1 = part, 6 = inner bullet,
    0 = none). `column_span`/`row_span` are above 1 for merged cells, `is_header` is set where
    the format itself marks a header cell. Pages, tables, rows and columns count from 1.
    `confidence` (0 to 1) is set where the words were recognised in a picture, and only there.
    """

    kind: BlockKind
    text: str
    char_start: int
    char_end: int
    level: int = 0
    marker: str | None = None
    page: int | None = None
    table_no: int | None = None
    table_row: int | None = None
    table_column: int | None = None
    column_span: int = 1
    row_span: int = 1
    is_header: bool = False
    confidence: float | None = None
