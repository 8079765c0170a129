"""What a file is, by its content alone: its name and suffix decide nothing."""

from __future__ import annotations

import re

from pipelines.reading.errors import ReadingError
from pipelines.reading.limits import Limits
from pipelines.reading.packaging import Package

ARCHIVE = "zip"
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|table|div|p|h[1-6]|ul|article)\b", re.IGNORECASE)
_MIME = re.compile(
    rb"\A\s*(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){0,40}?(?:MIME-Version:|Content-Type:\s*multipart/related)",
    re.IGNORECASE,
)
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_REFUSED = (
    (b"Rar!\x1a\x07", "a RAR archive", "unpack it, or pack it as zip"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it, or pack it as zip"),
    (b"\x1f\x8b", "a gzip archive", "unpack it, or pack it as zip"),
    (b"GIF8", "a GIF picture", "save it as PNG"),
    (b"BM", "a BMP picture", "save it as PNG"),
    (b"\x7fELF", "a program", "remove it"),
    (b"MZ", "a program", "remove it"),
)
_XML_OFFICE = re.compile(rb"<(?:\w+:)?(?:wordDocument|Workbook)\b")
_NOTHING = b" \t\r\n\x0b\x0c\x00"
_CSV_DELIMITERS = ";\t,"


def detect_format(data: bytes, name: str, limits: Limits | None = None) -> str:
    """One of schemas.closed_lists.FILE_FORMATS, or "zip" for an archive of documents.

    Raises ReadingError: unsupported_format, password_protected, or broken_file for a container that
    cannot be opened.
    """
    # A failed copy leaves a file of zeros.
    if not data.strip(_NOTHING):
        raise ReadingError("empty_file", f"{name}: the file holds nothing; send it again.")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_ZIP):
        return _zip_format(data, name, limits or Limits())
    if data.startswith(_OLE):
        return _ole_format(data, name)
    if data.lstrip()[:6].startswith(b"{\\rt"):
        return "rtf"
    if data.startswith(_PICTURES):
        return "image"
    for magic, what, remedy in _REFUSED:
        if data.startswith(magic):
            raise ReadingError("unsupported_format", f"{name}: this is {what}, which is not read; {remedy}.")
    head = data[:4096]
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")) and not _is_wide(head):
        raise ReadingError("unsupported_format", f"{name}: not a text file; save it as text or HTML.")
    if _MIME.search(head) and b"\n" in head:
        return "mht"
    if _XML_OFFICE.search(head) and b"<?xml" in head[:200]:
        raise ReadingError(
            "unsupported_format", f"{name}: Word or Excel XML of 2003; save it as .docx or .xlsx."
        )
    if _HTML.search(_shown(head)):
        return "html"
    return "csv" if csv_delimiter(_shown(data[:65536])) else "text"


def _is_wide(head: bytes) -> bool:
    half = max(2, len(head) // 8)
    nulls = (head[::2].count(0), head[1::2].count(0))
    return max(nulls) >= half and min(nulls) <= max(nulls) // 8


def _shown(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
    if b"\x00" in head:
        return head.replace(b"\x00", b"").decode("utf-8", errors="replace")
    return head.decode("utf-8", errors="replace")


def _zip_format(data: bytes, name: str, limits: Limits) -> str:
    package = Package(data, name, limits)
    if "word/document.xml" in package:
        return "docx"
    if "xl/workbook.xml" in package:
        return "xlsx"
    if "mimetype" in package and "content.xml" in package:
        kind = package.read("mimetype")[:200].decode("ascii", errors="replace")
        if "opendocument.text" in kind:
            return "odt"
        if "opendocument.spreadsheet" in kind:
            return "ods"
        raise ReadingError("unsupported_format", f"{name}: {kind[:80]}, which is not read; save it as .odt.")
    if "[Content_Types].xml" in package:
        main = next((part for part in package.members if part.endswith("document.xml")), None)
        if main and main.startswith("word/"):
            return "docx"
        raise ReadingError(
            "unsupported_format", f"{name}: an Office file that is neither text nor sheets; save it as .docx."
        )
    return ARCHIVE


def _ole_format(data: bytes, name: str) -> str:
    import olefile

    try:
        container = olefile.OleFileIO(data)
        streams = {"/".join(entry) for entry in container.listdir()}
    except Exception as error:
        raise ReadingError(
            "broken_file", f"{name}: a broken Word or Excel file ({_in_short(error)}); ask for it again."
        ) from None
    if {"EncryptedPackage", "EncryptionInfo"} & streams:
        raise ReadingError("password_protected", f"{name}: protected by a password; ask for it without one.")
    if "WordDocument" in streams:
        return "doc"
    if {"Workbook", "Book"} & streams:
        return "xls"
    raise ReadingError(
        "unsupported_format", f"{name}: an old Office file that is neither Word nor Excel; save it as .docx."
    )


def _in_short(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__


def csv_delimiter(text: str) -> str | None:
    r"""The character between the cells of a text table, None where the text is no such table.

    Nearly every line must have the same number of cells; of prose that does not hold.

    >>> csv_delimiter("TT;Chỉ tiêu;2024\n1;Hộ có Internet;80,5\n2;Dân số;1.234\n")
    ';'
    >>> csv_delimiter("Năm 2023, tỉnh có 5 xã.\nNăm 2024, tỉnh có 6 xã, 7 thôn.\n") is None
    True
    """
    import csv
    from collections import Counter

    text = text[: text.rfind("\n") + 1] or text
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines or "|" in lines[0] or 2 * sum("|" in line for line in lines) > len(lines):
        return None  # Bars stand between the cells; the commas are those of decimals.
    for delimiter in _CSV_DELIMITERS:
        if text.count(delimiter) < 2:
            continue
        try:
            rows = [
                row for row in csv.reader(text.splitlines(), delimiter=delimiter) if any(map(str.strip, row))
            ]
        except csv.Error:
            continue
        # A list item that ends with a semicolon is no row of two cells.
        widths = Counter(len(row) if any(row[1:]) else 1 for row in rows)
        narrow = widths.pop(1, 0)
        if not widths:
            continue
        width, count = widths.most_common(1)[0]
        least = 2 if delimiter != "," and narrow < count else 3
        if width < least or count < 2 or count + narrow < 0.95 * len(rows) or count < min(5, len(rows) // 2):
            continue
        cells = [cell.strip() for row in rows if len(row) == width for cell in row]
        figures = sum(any(letter.isdigit() for letter in cell) for cell in cells)
        long = sum(len(cell) > 200 or cell.endswith(".") for cell in cells)
        if figures >= count // 2 and long <= len(cells) // 10:
            return delimiter
    return None
