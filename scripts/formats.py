"""Renders a document's blocks to the formats in which departments send documents.

For the sample and for tests: the same content in every format must give the same facts. Formats of old
Word and Excel, OpenDocument, RTF and PDF are written by LibreOffice, an implementation that is not ours.
"""

from __future__ import annotations

import csv
import html
import io
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from pipelines.reading.blocks import Block


@dataclass
class Cell:
    """A cell of a table to be written; rows and columns count from 1."""

    row: int
    column: int
    text: str
    column_span: int = 1
    row_span: int = 1


@dataclass
class Item:
    """A paragraph, or a table where there are cells."""

    text: str = ""
    cells: list[Cell] = field(default_factory=list)

    @property
    def height(self) -> int:
        """Rows of the table."""
        return max(cell.row + cell.row_span - 1 for cell in self.cells)

    @property
    def width(self) -> int:
        """Columns of the table."""
        return max(cell.column + cell.column_span - 1 for cell in self.cells)


def items_of(blocks: Sequence[Block]) -> list[Item]:
    """A document's paragraphs and tables."""
    items: list[Item] = []
    table_no: int | None = None
    for block in blocks:
        if block.kind == "table_cell":
            if block.table_no != table_no or not items or not items[-1].cells:
                items.append(Item())
                table_no = block.table_no
            items[-1].cells.append(
                Cell(
                    block.table_row or 1,
                    block.table_column or 1,
                    block.text,
                    block.column_span,
                    block.row_span,
                )
            )
        else:
            # A page's list items have a bullet that its text does not hold.
            mark = block.marker or ("-" if block.kind == "list_item" else "")
            items.append(Item(f"{mark} {block.text}".strip()))
    return items


def table(rows: Sequence[Sequence[str]], spans: dict[tuple[int, int], tuple[int, int]] | None = None) -> Item:
    """A table from its rows; `spans` gives (rows, columns) of merged cells by (row, column), from 1."""
    spans = spans or {}
    covered = {
        (row + down, column + right)
        for (row, column), (height, width) in spans.items()
        for down in range(height)
        for right in range(width)
        if down or right
    }
    return Item(
        cells=[
            Cell(row, column, text, *reversed(spans.get((row, column), (1, 1))))
            for row, texts in enumerate(rows, 1)
            for column, text in enumerate(texts, 1)
            if (row, column) not in covered
        ]
    )


def to_text(items: Sequence[Item]) -> bytes:
    """Plain text: a paragraph a line, tables as rows with bars."""
    lines: list[str] = []
    for item in items:
        if not item.cells:
            lines += [item.text, ""]
            continue
        for row in range(1, item.height + 1):
            texts = [""] * item.width
            for cell in item.cells:
                if cell.row <= row < cell.row + cell.row_span:
                    texts[cell.column - 1] = cell.text if cell.row == row else ""
            lines.append(" | ".join(texts))
        lines.append("")
    return "\n".join(lines).encode()


def to_markdown(items: Sequence[Item]) -> bytes:
    """Markdown: paragraphs, and tables with a rule under their first row."""
    parts: list[str] = []
    for part in to_text(items).decode().split("\n\n"):
        rows = part.strip("\n").split("\n")
        if len(rows) > 1 and all(" | " in f"{row} " for row in rows):
            rows = [f"| {row} |" for row in rows]
            rows.insert(1, "|" + "---|" * (rows[0].count(" | ") + 1))
        parts.append("\n".join(rows))
    return "\n\n".join(parts).encode()


def to_zip(items: Sequence[Item]) -> bytes:
    """An archive that holds the Word file, as mail programs send it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("kế hoạch/phụ lục.docx", to_docx(items))
    return out.getvalue()


def to_docx(items: Sequence[Item], *, repeat_header: bool = False) -> bytes:
    """Word, with merged cells as Word merges them; with `repeat_header`, the first row on every page."""
    from docx import Document
    from docx.oxml import OxmlElement
    from docx.shared import Cm, Pt

    document = Document()
    section = document.sections[0]
    section.left_margin = section.right_margin = Cm(2)
    document.styles["Normal"].font.name = "DejaVu Sans"
    document.styles["Normal"].font.size = Pt(10)
    for item in items:
        if not item.cells:
            document.add_paragraph(item.text)
            continue
        made = document.add_table(item.height, item.width, style="Table Grid")
        if repeat_header:
            made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        grid = [[made.cell(row, column) for column in range(item.width)] for row in range(item.height)]
        for cell in item.cells:
            target = grid[cell.row - 1][cell.column - 1]
            if cell.column_span > 1 or cell.row_span > 1:
                target = target.merge(grid[cell.row + cell.row_span - 2][cell.column + cell.column_span - 2])
            target.text = cell.text
        document.add_paragraph("")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def to_xlsx(items: Sequence[Item], *, percent_cells: bool = False) -> bytes:
    """Excel, everything on one sheet; with `percent_cells`, shares are numbers formatted as percent."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Sheet1"
    row = 1
    for item in items:
        if not item.cells:
            sheet.cell(row, 1, item.text)
            row += 1
            continue
        row += 1
        for cell in item.cells:
            target = sheet.cell(row + cell.row - 1, cell.column)
            _write(target, cell.text, percent_cells=percent_cells)
            if cell.column_span > 1 or cell.row_span > 1:
                sheet.merge_cells(
                    start_row=row + cell.row - 1,
                    start_column=cell.column,
                    end_row=row + cell.row + cell.row_span - 2,
                    end_column=cell.column + cell.column_span - 1,
                )
        row += item.height + 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(target: object, text: str, *, percent_cells: bool) -> None:
    """A cell's words, or the number they print."""
    from typing import Any

    cell: Any = target
    figure = text.strip()
    number = figure.rstrip("%").strip().replace(",", ".")
    if percent_cells and figure.endswith("%") and number.replace(".", "", 1).isdigit():
        decimals = len(number.partition(".")[2])
        cell.value = round(float(number) / 100, decimals + 4)
        cell.number_format = "0" + ("." + "0" * decimals if decimals else "") + "%"
    elif percent_cells and figure.isdigit() and not figure.startswith("0"):
        cell.value = int(figure)
    else:
        cell.value = text
        cell.data_type = "s"


def to_csv(items: Sequence[Item], delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    """A text table; paragraphs are rows with one cell."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    for item in items:
        if not item.cells:
            writer.writerow([item.text])
            continue
        writer.writerow([])
        for row in range(1, item.height + 1):
            texts = [""] * item.width
            for cell in item.cells:
                if cell.row == row:
                    texts[cell.column - 1] = cell.text
            writer.writerow(texts)
        writer.writerow([])
    return out.getvalue().encode(encoding)


def to_html(items: Sequence[Item]) -> bytes:
    """A page as a portal shows it, with a menu, a list of links and a counter around the article."""
    parts: list[str] = []
    for item in items:
        if not item.cells:
            parts.append(f"<p>{html.escape(item.text)}</p>")
            continue
        rows: list[str] = []
        for row in range(1, item.height + 1):
            cells = "".join(
                f'<td colspan="{cell.column_span}" rowspan="{cell.row_span}">{html.escape(cell.text)}</td>'
                for cell in item.cells
                if cell.row == row
            )
            rows.append(f"<tr>{cells}</tr>")
        parts.append(f"<table>{''.join(rows)}</table>")
    body = "\n".join(parts)
    links = "".join(f'<li><a href="/tin/{n}">Tin số {n} về chuyển đổi số</a></li>' for n in range(5))
    return f"""<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>Cổng thông tin</title><style>p {{color: red}}</style></head>
<body><div class="main-menu"><a href="/">Trang chủ</a> <a href="/1">100% dịch vụ công</a></div>
<div class="noi-dung">
{body}
</div>
<div class="tin-lien-quan"><ul>{links}</ul></div>
<div id="visitor-counter">Lượt truy cập: 1.234.567</div><footer>Điện thoại 0123</footer></body></html>""".encode()


def to_mht(items: Sequence[Item]) -> bytes:
    """The same page saved by a browser as one file."""
    message = EmailMessage()
    message["From"] = "<Saved by a browser>"
    message["Subject"] = "Trang lưu"
    message.set_content(to_html(items).decode(), subtype="html", cte="quoted-printable", charset="utf-8")
    message.make_related()
    message.add_related(b"body {}", "text", "css", cid="style")
    return message.as_bytes()


def has_libreoffice() -> bool:
    """Whether the other formats can be written here."""
    return shutil.which("soffice") is not None


def convert(files: dict[str, bytes], suffix: str, target: str) -> dict[str, bytes]:
    """Files by name (without suffix) converted by LibreOffice, all in one run."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        for name, data in files.items():
            (made / f"{name}.{suffix}").write_bytes(data)
        subprocess.run(  # noqa: S603
            [
                shutil.which("soffice") or "soffice",
                f"-env:UserInstallation=file://{folder}/profile",
                "--headless",
                "--convert-to",
                target,
                "--outdir",
                f"{folder}/out",
                *[str(made / f"{name}.{suffix}") for name in files],
            ],
            check=True,
            capture_output=True,
            timeout=400,
        )
        ending = target.split(":", maxsplit=1)[0]
        return {name: (made / "out" / f"{name}.{ending}").read_bytes() for name in files}


def scanned_pages(pdf: bytes, dpi: int = 200, angle: float = 0.0) -> list[object]:
    """Pages of a PDF as grey pictures, turned by some degrees as a scanner may."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    pages = []
    for number in range(len(document)):
        picture = document[number].render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
        pages.append(picture.rotate(angle, expand=True, fillcolor=255) if angle else picture)
    return pages


def to_scan(pdf: bytes, dpi: int = 200, angle: float = 0.0, kind: str = "PDF") -> bytes:
    """A PDF of pictures, or a TIFF with all pages, or a PNG or JPEG of the first one."""
    from typing import Any

    pages: list[Any] = scanned_pages(pdf, dpi, angle)
    out = io.BytesIO()
    if kind == "PDF":
        pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=dpi, quality=60)
    elif kind == "TIFF":
        pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_deflate")
    else:
        pages[0].save(out, kind)
    return out.getvalue()
