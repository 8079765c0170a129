"""Writes the sample documents of data/raw that are not text: Word, Excel, PDF and a scan, from the transcriptions.

Run with `.venv/bin/python -m scripts.make_sample_formats` after a transcription changed; needs LibreOffice. The same
transcription gives the same bytes again where LibreOffice and its fonts are the same. Sidecars are written by hand.
"""

from __future__ import annotations

import io
import re
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipelines.reading.inventory import raw_file
from pipelines.reading.read import read_document
from scripts import formats
from scripts.formats import Cell, Item

RAW = Path(__file__).resolve().parents[1] / "data" / "raw"
PLAN = "ca-mau/2023-ke-hoach-ha-tang-so.txt"
PORTAL_PAGE = "son-la/thuan-chau/2023-ket-qua-chuyen-doi-so.html"
REPORT = "thanh-hoa/vinh-loc/2024-bao-cao-ha-tang-so.txt"

PLAN_IN_WORD = "ca-mau/2023-ke-hoach-ha-tang-so.docx"
APPENDIX_IN_EXCEL = "ca-mau/2023-phu-luc-chi-tieu.xlsx"
REPORT_AS_PDF = "son-la/thuan-chau/2023-ket-qua-chuyen-doi-so.pdf"
REPORT_AS_SCAN = "thanh-hoa/vinh-loc/2024-bao-cao-ha-tang-so-ban-quet.pdf"

MADE_FROM = {
    PLAN_IN_WORD: PLAN,
    APPENDIX_IN_EXCEL: PLAN,
    REPORT_AS_PDF: PORTAL_PAGE,
    REPORT_AS_SCAN: REPORT,
}
APPENDIX_TITLE = "PHỤ LỤC: CHỈ TIÊU PHÁT TRIỂN HẠ TẦNG SỐ TỈNH CÀ MAU GIAI ĐOẠN 2023 - 2025"
SCAN_DPI = 200
INK = 160
_MADE_AT = (2026, 10, 1, 0, 0, 0)
_PDF_DATE = rb"(/(?:CreationDate|ModDate)\s*\(D:)\d{14}[^)]*\)"
_PDF_ID = rb"(?<=<)[0-9A-F]{32}(?=>)"
_PDF_CHECKSUM = rb"(/DocChecksum\s*/)[0-9A-F]{32}"


def items(transcription: str) -> list[Item]:
    """Paragraphs and tables of a transcription; a page's title is printed in capitals."""
    path = RAW / transcription
    blocks = read_document(path.read_bytes(), raw_file(path, transcription)).blocks
    return formats.items_of(
        [
            replace(block, text=block.text.upper()) if block.kind == "heading" and not block.marker else block
            for block in blocks
        ]
    )


def plan_in_word() -> bytes:
    """The plan with its appendix, as a province sends it."""
    return with_fixed_times(formats.to_docx(items(PLAN)))


def appendix_in_excel() -> bytes:
    """The appendix alone: a title above it, "Mục tiêu" merged over its years, shares as percent cells."""
    (table,) = [item for item in items(PLAN) if item.cells]
    target = "Mục tiêu năm "
    columns = [cell.column for cell in table.cells if cell.row == 1 and cell.text.startswith(target)]
    cells: list[Cell] = []
    for cell in table.cells:
        if cell.row > 1:
            cells.append(Cell(cell.row + 2, cell.column, cell.text, cell.column_span, cell.row_span))
        elif cell.column in columns:
            cells.append(Cell(3, cell.column, "Năm " + cell.text.removeprefix(target)))
        else:
            cells.append(Cell(2, cell.column, cell.text, row_span=2))
    cells += [
        Cell(1, 1, APPENDIX_TITLE, column_span=table.width),
        Cell(2, columns[0], "Mục tiêu", column_span=len(columns)),
    ]
    return with_fixed_times(formats.to_xlsx([Item(cells=cells)], percent_cells=True))


def report_as_pdf() -> bytes:
    """The report behind the portal's page, as a PDF with text."""
    return _as_pdf(PORTAL_PAGE)


def report_as_scan() -> bytes:
    """The report printed and scanned in black and white."""
    import pypdfium2
    from PIL import Image

    document = pypdfium2.PdfDocument(_as_pdf(REPORT))
    pages = []
    for number in range(len(document)):
        page = document[number].render(scale=SCAN_DPI / 72, grayscale=True).to_pil().convert("L")
        pages.append(page.point(lambda grey: 255 * (grey > INK)).convert("1", dither=Image.Dither.NONE))
    out = io.BytesIO()
    made_at = time.struct_time((*_MADE_AT, 0, 0, 0))
    pages[0].save(
        out,
        "PDF",
        save_all=True,
        append_images=pages[1:],
        resolution=SCAN_DPI,
        creationDate=made_at,
        modDate=made_at,
    )
    return out.getvalue()


def _as_pdf(transcription: str) -> bytes:
    made = formats.convert({"a": formats.to_docx(items(transcription))}, "docx", "pdf")["a"]
    made = re.sub(
        _PDF_DATE,
        lambda found: found[1] + b"20261001000000Z" + b" " * (len(found[0]) - len(found[1]) - 16) + b")",
        made,
    )
    made = re.sub(_PDF_ID, b"0" * 32, made)
    return re.sub(_PDF_CHECKSUM, lambda found: found[1] + b"0" * 32, made)


def with_fixed_times(container: bytes) -> bytes:
    """A Word or Excel file without the moment it was written."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(container)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            data = source.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-10-01T00:00:00Z", data)
            info = zipfile.ZipInfo(name, _MADE_AT)
            info.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(info, data)
    return out.getvalue()


WRITERS: dict[str, Any] = {
    PLAN_IN_WORD: plan_in_word,
    APPENDIX_IN_EXCEL: appendix_in_excel,
    REPORT_AS_PDF: report_as_pdf,
    REPORT_AS_SCAN: report_as_scan,
}


def main() -> None:
    """Write them all."""
    for name, write in WRITERS.items():
        data = write()
        (RAW / name).write_bytes(data)
        print(f"{name}: {len(data)} bytes")


if __name__ == "__main__":
    main()
