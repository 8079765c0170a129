"""Files that would hurt a reader, made on the spot; nothing dangerous is stored.

Each entry is a name, the bytes, and how it must end: with that reason code, or read.
"""

from __future__ import annotations

import io
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache

from scripts import formats

ITEMS = [
    formats.Item("Tỉnh Cà Mau năm 2024: tỷ lệ hộ gia đình có kết nối Internet đạt 81,5%."),
    formats.table(
        [
            ["TT", "Chỉ tiêu", "Năm 2024", "Năm 2025"],
            ["1", "Tỷ lệ hộ gia đình có kết nối Internet", "81,5%", "90%"],
            ["2", "Tỷ lệ sử dụng chung cột treo cáp", "11,74%", "13%"],
        ]
    ),
]
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MIB = 2**20


def zipped(members: dict[str, bytes], *, change: Callable[[zipfile.ZipInfo], None] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if change:
                change(info)
            archive.writestr(info, data)
    return out.getvalue()


def replaced(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[part] = change(members.get(part, b""))
    return zipped(members)


def document_xml(body: str, prolog: str = "") -> bytes:
    return f'<?xml version="1.0"?>{prolog}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'.encode()


def docx(body: str, prolog: str = "", **parts: bytes) -> bytes:
    return zipped(
        {"[Content_Types].xml": b"<Types/>", "word/document.xml": document_xml(body, prolog), **parts}
    )


def xlsx(sheet: str, prolog: str = "") -> bytes:
    book = f'<workbook xmlns="{S}"><sheets><sheet name="A" sheetId="1"/></sheets></workbook>'.encode()
    return zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "xl/workbook.xml": book,
            "xl/worksheets/sheet1.xml": f'<?xml version="1.0"?>{prolog}<worksheet xmlns="{S}"><sheetData>{sheet}</sheetData></worksheet>'.encode(),
        }
    )


def odt(body: str, **parts: bytes) -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": f'<o:document-content xmlns:o="{office}" xmlns:t="{text}"><o:body><o:text>{body}</o:text></o:body></o:document-content>'.encode(),
            **parts,
        }
    )


def pdf(*objects: bytes, pages: int = 1) -> bytes:
    """A small PDF; the first object is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    return bytes(
        out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    )


def one_page(extra: bytes = b"", content: bytes = b"BT ET", catalogue: bytes = b"") -> bytes:
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R %s >>" % extra,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    )


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
        + chunk(b"IEND", b"")
    )


def encrypted_zip(data: bytes) -> bytes:
    """The same container with every member marked as encrypted."""
    out = bytearray(data)
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = out.find(sign)
        while at >= 0:
            out[at + offset] |= 1
            at = out.find(sign, at + 4)
    return bytes(out)


def nested(depth: int) -> bytes:
    data = zipped({"a.txt": b"T\xe1\xbb\x89nh 80%"})
    for _ in range(depth):
        data = zipped({"b.zip": data})
    return data


LOL = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
XXE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
PARAGRAPH = "<w:p><w:r><w:t>Tỷ lệ hộ gia đình có Internet đạt 80%</w:t></w:r></w:p>"


def _symlink(info: zipfile.ZipInfo) -> None:
    info.external_attr = 0o120777 << 16


def files_expected() -> dict[str, str]:
    """The reason with which each must end, or `read`."""
    return {name: reason for name, (_, reason) in files().items()}


@cache
def files() -> dict[str, tuple[bytes, str]]:
    """All hostile files by name."""
    good_docx, good_xlsx = formats.to_docx(ITEMS), formats.to_xlsx(ITEMS)
    zeros = b"\x00" * (260 * MIB)
    made: dict[str, tuple[bytes, str]] = {
        # bombs
        "bomb.zip": (zipped({"a.txt": zeros}), "limit_exceeded"),
        "bomb-docx.docx": (
            zipped({"[Content_Types].xml": b"x", "word/document.xml": zeros}),
            "limit_exceeded",
        ),
        "bomb-xlsx.xlsx": (zipped({"[Content_Types].xml": b"x", "xl/workbook.xml": zeros}), "limit_exceeded"),
        "bomb-odt.odt": (
            zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": zeros}),
            "limit_exceeded",
        ),
        "many-members.zip": (zipped({f"{n}.txt": b"x" for n in range(1500)}), "limit_exceeded"),
        "many-parts.docx": (
            zipped({"word/document.xml": b"x", **{f"{n}": b"" for n in range(1500)}}),
            "limit_exceeded",
        ),
        "nested.zip": (nested(8), "limit_exceeded"),
        "nested-100.zip": (nested(100), "limit_exceeded"),
        "lol.docx": (docx("<w:p><w:r><w:t>&j;</w:t></w:r></w:p>", LOL), "unsafe_content"),
        "lol.xlsx": (xlsx("<row><c t='str'><v>&j;</v></c></row>", LOL), "unsafe_content"),
        "xxe.docx": (docx("<w:p><w:r><w:t>&a;</w:t></w:r></w:p>", XXE), "unsafe_content"),
        "xxe.xlsx": (xlsx("<row><c t='str'><v>&a;</v></c></row>", XXE), "unsafe_content"),
        "xxe-utf16.docx": (
            replaced(
                good_docx, "word/document.xml", lambda _: document_xml("&a;", XXE).decode().encode("utf-16")
            ),
            "unsafe_content",
        ),
        "external-dtd.docx": (
            docx(PARAGRAPH, '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'),
            "unsafe_content",
        ),
        "deep.docx": (
            docx("<w:sdt><w:sdtContent>" * 150 + PARAGRAPH + "</w:sdtContent></w:sdt>" * 150),
            "limit_exceeded",
        ),
        "deep-10000.docx": (docx("<w:sdt>" * 10_000 + "</w:sdt>" * 10_000), "limit_exceeded"),
        "deep-tables.docx": (
            docx("<w:tbl><w:tr><w:tc>" * 60 + PARAGRAPH + "</w:tc></w:tr></w:tbl>" * 60),
            "limit_exceeded",
        ),
        "deep.odt": (odt("<t:section>" * 300 + "<t:p>80%</t:p>" + "</t:section>" * 300), "limit_exceeded"),
        "deep.rtf": (b"{\\rtf1 " + b"{" * 100_000 + b"}" * 100_000 + b"}", "limit_exceeded"),
        "deep.html": (b"<html><body>" + b"<div>" * 100_000 + b"80%" + b"</div>" * 100_000, "limit_exceeded"),
        "span.html": (
            b"<table><tr><td rowspan=99999999 colspan=99999999>80%</td><td>1</td></tr><tr><td>2</td></tr></table>",
            "read",
        ),
        "wide.xlsx": (
            xlsx(
                "<row r='1'><c r='XFD1' t='str'><v>80%</v></c><c r='A1' t='str'><v>Internet</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c><c r='A1048576'><v>1</v></c></row>"
            ),
            "read",
        ),
        "cells.xlsx": (
            xlsx("".join(f"<row>{'<c><v>1</v></c>' * 1000}</row>" for _ in range(250))),
            "limit_exceeded",
        ),
        "address.xlsx": (
            xlsx("<row r='99999999999999999999'><c r='ZZZZZZ9999999999'><v>1</v></c></row>"),
            "read",
        ),
        "repeat.ods": (
            zipped(
                {
                    "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                    "content.xml": _repeating_ods(),
                }
            ),
            "limit_exceeded",
        ),
        "pages.pdf": (
            pdf(
                b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Kids [%s] /Count 3000 >>" % b" ".join([b"3 0 R"] * 3000),
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
            ),
            "limit_exceeded",
        ),
        "huge-page.pdf": (
            one_page(content=b"q Q").replace(b"[0 0 600 800]", b"[0 0 9999999 9999999]"),
            "no_text",
        ),
        "loop.pdf": (
            pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 9 >>"),
            "no_text",
        ),
        "self-form.pdf": (
            pdf(
                b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>",
                b"<< /Length 5 >>\nstream\n/X Do\nendstream",
                b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >> /Length 5 >>\nstream\n/X Do\nendstream",
            ),
            "no_text",
        ),
        "flate-bomb.pdf": (_flate_bomb(), "reader_failed"),
        "big.png": (png(60_000, 60_000), "limit_exceeded"),
        "wide.png": (png(2_000_000_000, 1), "limit_exceeded"),
        # locked, scripted, foreign
        "password.docx": (
            _ole({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"x" * 5000}),
            "password_protected",
        ),
        "password.zip": (encrypted_zip(zipped({"a.txt": b"80%"})), "password_protected"),
        "password-part.docx": (encrypted_zip(good_docx), "password_protected"),
        "password.odt": (
            odt("<t:p>80%</t:p>", **{"META-INF/manifest.xml": b"<encryption-data/>"}),
            "password_protected",
        ),
        "password.pdf": (_locked_pdf(), "password_protected"),
        "script.pdf": (one_page(catalogue=b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "no_text"),
        "launch.pdf": (one_page(catalogue=b"/OpenAction << /S /Launch /F (/bin/sh) >>"), "no_text"),
        "macro.docm": (replaced(good_docx, "word/vbaProject.bin", lambda _: b"\xcc\x61" * 5000), "read"),
        "macro.xlsm": (replaced(good_xlsx, "xl/vbaProject.bin", lambda _: b"\xcc\x61" * 5000), "read"),
        "ole.docx": (replaced(good_docx, "word/embeddings/oleObject1.bin", lambda _: b"MZ" * 500), "read"),
        "external.docx": (
            replaced(
                good_docx,
                "word/_rels/document.xml.rels",
                lambda data: data.replace(
                    b"</Relationships>",
                    b'<Relationship Id="rIdX" Type="x" Target="http://127.0.0.1:9/" TargetMode="External"/></Relationships>',
                ),
            ),
            "read",
        ),
        "formula.xlsx": (
            xlsx(
                "<row><c r='A1'><f>WEBSERVICE(\"http://127.0.0.1:9\")</f></c><c r='B1' t='str'><v>=cmd|' /C calc'!A0</v></c></row>"
            ),
            "read",
        ),
        "program.doc": (b"MZ" + b"\x00" * 500, "unsupported_format"),
        "rar.docx": (b"Rar!\x1a\x07\x00" + b"x" * 50, "unsupported_format"),
        "binary.rtf": (b"{\\rtf1 \\bin4000000000 x}", "unsafe_content"),
        "object.rtf": (b"{\\rtf1 {\\object\\objdata 0105000002000000}Internet 80%\\par}", "read"),
        # broken
        "cut.docx": (good_docx[: len(good_docx) // 2], "broken_file"),
        "cut.xlsx": (good_xlsx[: len(good_xlsx) * 3 // 4], "broken_file"),
        "only-head.pdf": (b"%PDF-1.7\n", "broken_file"),
        "only-head.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 2000, "broken_file"),
        "no-text.docx": (docx(""), "no_text"),
        "bad-xml.docx": (replaced(good_docx, "word/document.xml", lambda data: data[:-300]), "broken_file"),
        "bad-crc.docx": (_bad_crc(good_docx), "broken_file"),
        "no-sheet.xlsx": (
            zipped({"[Content_Types].xml": b"x", "xl/workbook.xml": f'<workbook xmlns="{S}"/>'.encode()}),
            "no_text",
        ),
        "word.doc": (_ole({"WordDocument": b"\x00" * 5000, "1Table": b"\x00" * 5000}), "unsupported_format"),
        "clx.doc": (
            _ole({"WordDocument": _fib(), "1Table": b"\x02\xff\xff\xff\xff" * 1000}),
            "limit_exceeded",
        ),
        "book.xls": (_ole({"Workbook": b"\x09\x08\x10\x00" + b"\xff" * 5000}), "broken_file"),
        "far.xls": (_far_xls(), "read"),
        "cut.png": (png(100, 100)[:60], "broken_file"),
        "cut.jpg": (b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\xff" * 200, "broken_file"),
        "cut.tif": (b"II*\x00\xff\xff\xff\xff", "broken_file"),
        "nulls.txt": (b"\x00" * 10_000, "empty_file"),
        "blank.txt": (b" \n\t\n" * 100, "empty_file"),
        "noise.txt": (bytes(range(256)) * 40, "unsupported_format"),
        "one-line.txt": (b"a" * 6_000_000, "limit_exceeded"),
        "bars.txt": (b"|\n" * 200_000, "no_text"),
        "brackets.txt": (b"(" * 200_000 + b"80%", "read"),
        "quotes.csv": (b'a;"' + b"b;" * 100_000, "read"),
        "parts.mht": (
            b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n"
            + b"--b\nContent-Type: text/plain\n\nx\n" * 20_000
            + b"--b--",
            "limit_exceeded",
        ),
        "deep.mht": (_deep_mht(), "read"),
        "charset.mht": (
            b"MIME-Version: 1.0\nContent-Type: text/html; charset=no-such\n\n<p>Internet 80%</p>",
            "read",
        ),
        # archives that lead astray
        "traversal.zip": (
            zipped({"../../etc/passwd.txt": b"80%", "ok.txt": "Tỷ lệ đạt 80%.".encode()}),
            "unsafe_path",
        ),
        "absolute.zip": (zipped({"/etc/passwd.txt": b"80%"}), "unsafe_path"),
        "backslash.zip": (zipped({"..\\..\\a.txt": b"80%"}), "unsafe_path"),
        "link.zip": (zipped({"a.txt": b"/etc/passwd"}, change=_symlink), "unsafe_path"),
        "empty.zip": (b"PK\x05\x06" + b"\x00" * 18, "no_text"),
        "only-hidden.zip": (zipped({"__MACOSX/a.txt": b"x", ".b": b"x"}), "no_text"),
        "empty.txt": (b"", "empty_file"),
        # the same parts with other attacks
        "overlapping.zip": (_overlapping_zip(), "broken_file"),
        "lying-size.zip": (_lying_zip(), "broken_file"),
        "lying-size.docx": (_lying_docx(good_docx), "limit_exceeded"),
        "styles-lol.docx": (
            replaced(good_docx, "word/styles.xml", lambda _: f"{LOL}<x>&j;</x>".encode()),
            "unsafe_content",
        ),
        "strings-xxe.xlsx": (
            replaced(good_xlsx, "xl/sharedStrings.xml", lambda _: f"{XXE}<x>&a;</x>".encode()),
            "unsafe_content",
        ),
        "xxe.odt": (
            zipped(
                {
                    "mimetype": b"application/vnd.oasis.opendocument.text",
                    "content.xml": f"{XXE}<a>&a;</a>".encode(),
                }
            ),
            "unsafe_content",
        ),
        "external-link.xlsx": (
            replaced(
                good_xlsx,
                "xl/externalLinks/_rels/externalLink1.xml.rels",
                lambda _: (
                    b'<Relationships><Relationship Id="a" Target="http://127.0.0.1:9/b.xlsx" TargetMode="External"/></Relationships>'
                ),
            ),
            "read",
        ),
        "template.docx": (
            replaced(
                good_docx,
                "word/_rels/settings.xml.rels",
                lambda _: (
                    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="http://127.0.0.1:9/a.dotm" TargetMode="External"/></Relationships>'
                ),
            ),
            "read",
        ),
        "index.xlsx": (
            xlsx(
                "<row><c t='s'><v>99999999</v></c><c t='str'><v>80%</v></c><c s='9999'><v>1</v></c></row><row><c t='str'><v>x</v></c><c t='str'><v>y</v></c></row>"
            ),
            "read",
        ),
        "attributes.docx": (
            docx("<w:p " + " ".join(f"a{n}='1'" for n in range(50_000)) + f"/>{PARAGRAPH}"),
            "read",
        ),
        "fonts.pdf": (_many_fonts(), "no_text"),
        "own-glyph.pdf": (_own_glyph(), "no_text"),
        "brackets.pdf": (one_page(extra=b"/A " + b"[" * 100_000 + b"]" * 100_000), "no_text"),
        "huge-picture.pdf": (
            _huge_picture(),
            "no_text" if shutil.which("tesseract") else "recognition_missing",
        ),
        "fonts.rtf": (
            b"{\\rtf1{\\fonttbl"
            + b"".join(b"{\\f%d\\fnil F%d;}" % (n, n) for n in range(50_000))
            + b"}Internet 80%\\par}",
            "read",
        ),
        "frames.tif": (_looping_tiff(), "broken_file"),
        "marks.txt": (("Tỷ lệ a" + "\u0301" * 300_000 + " đạt 80%.").encode(), "read"),
        "digits.txt": (b"9" * 200_000 + b"%", "read"),
        "commas.csv": (b'"' + b"a,b\n" * 100_000, "read"),
        "attributes.html": (
            b"<p " + b" ".join(b"a%d=1" % n for n in range(10_000)) + b">Internet 80%</p>",
            "read",
        ),
        "links.html": (b"<ul>" + b"<li><a href=x>80%</a></li>" * 50_000 + b"</ul><p>80%</p>", "read"),
    }
    return made


def _overlapping_zip() -> bytes:
    """Hundreds of names for one packed part: each unpacks again."""
    inner = zipped({"a.txt": b"\x00" * (8 * MIB)})
    start = inner.find(b"PK\x01\x02")
    end = inner.find(b"PK\x05\x06")
    entry = bytearray(inner[start:end])
    entries = b""
    for number in range(300):
        name = b"%05d" % number
        entry[46 : 46 + 5] = name
        entries += bytes(entry)
    return (
        inner[:start] + entries + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 300, 300, len(entries), start, 0)
    )


def _lying_zip() -> bytes:
    """A part that says it unpacks to 4 bytes and holds 8 MiB."""
    data = bytearray(zipped({"a.txt": b"\x00" * (8 * MIB)}))
    at = data.find(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 4)
    return bytes(data)


def _lying_docx(data: bytes) -> bytes:
    """A container whose directory says that a part is 3 GiB large when unpacked."""
    made = bytearray(zipped({"[Content_Types].xml": b"x", "word/document.xml": b" " * (210 * MIB)}))
    at = made.rfind(b"PK\x01\x02")
    made[at + 24 : at + 28] = struct.pack("<I", 3 * 2**30)
    return bytes(made)


def _many_fonts() -> bytes:
    """A page that names 20,000 fonts and changes the font before every letter."""
    names = b" ".join(b"/F%d 5 0 R" % number for number in range(20_000))
    drawn = b"BT " + b" ".join(b"/F%d 9 Tf" % number for number in range(20_000)) + b" ET"
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << %s >> >> >>"
        % names,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )


def _own_glyph() -> bytes:
    """A font whose letter is drawn by writing that letter in the same font."""
    drawn = b"0 0 d0 BT /F 9 Tf (a) Tj ET"
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length 25 >>\nstream\nBT /F 9 Tf (a) Tj ET     \nendstream",
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /FirstChar 97 /LastChar 97 /Widths [9] "
        b"/Encoding << /Differences [97 /a] >> /CharProcs << /a 6 0 R >> /Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
    )


def _looping_tiff() -> bytes:
    """A TIFF whose only page is followed by itself."""
    return b"II*\x00\x08\x00\x00\x00" + struct.pack("<HHHIIHHIII", 2, 256, 4, 1, 100, 257, 4, 1, 100, 8)


def _huge_picture() -> bytes:
    """A page that is one picture of 50,000 by 50,000 dots, packed into a few bytes."""
    packed = zlib.compress(b"\x00" * MIB, 9)
    drawn = b"600 0 0 800 0 0 cm /X Do"
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /XObject /Subtype /Image /Width 50000 /Height 50000 /ColorSpace /DeviceGray /BitsPerComponent 8 "
        b"/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed),
    )


def _repeating_ods() -> bytes:
    office, table, text = (
        f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text")
    )
    row = '<b:table-row b:number-rows-repeated="1048576"><b:table-cell b:number-columns-repeated="16384"/><b:table-cell b:number-columns-repeated="16384" o:value-type="float" o:value="1"><t:p>1</t:p></b:table-cell></b:table-row>'
    return f'<o:document-content xmlns:o="{office}" xmlns:b="{table}" xmlns:t="{text}"><o:body><o:spreadsheet><b:table b:name="A">{row * 3}</b:table></o:spreadsheet></o:body></o:document-content>'.encode()


def _flate_bomb() -> bytes:
    packed = zlib.compress(b"q " * (64 * MIB), 9)
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed),
    )


def _locked_pdf() -> bytes:
    """A PDF that asks for a password: an encryption dictionary that no empty password opens."""
    key = b"<" + b"ab" * 32 + b">"
    made = one_page()
    lock = b"/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O %s /U %s >> /ID [<00><00>]" % (
        key,
        key,
    )
    return made.replace(b"/Root 1 0 R", b"/Root 1 0 R " + lock)


def _bad_crc(data: bytes) -> bytes:
    at = data.find(b"word/document.xml")
    return data[: at + 60] + bytes(byte ^ 0x55 for byte in data[at + 60 : at + 90]) + data[at + 90 :]


def _deep_mht() -> bytes:
    head = b"MIME-Version: 1.0\n"
    for number in range(300):
        head += b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number)
    return head + b"Content-Type: text/html\n\n<p>80%</p>\n"


def _fib() -> bytes:
    made = bytearray(5000)
    made[0:4] = b"\xec\xa5\xc1\x00"
    made[0x0B] = 0x02
    for at in range(0x4C, 0x68, 4):
        made[at : at + 4] = b"\xff\xff\xff\x7f"
    made[0x1A2:0x1AA] = b"\x00\x00\x00\x00\x88\x13\x00\x00"
    return bytes(made)


def _far_xls() -> bytes:
    """A workbook with cells in its first rows and one in its last corner."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def start(kind: int) -> bytes:
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 1997, 0, 6))

    def number(row: int, column: int) -> bytes:
        return record(0x203, struct.pack("<HHHd", row, column, 0, 80.0))

    end = record(0x0A, b"")
    sheet = (
        start(0x10)
        + b"".join(number(row, column) for row, column in ((0, 0), (0, 1), (1, 0), (1, 1), (65535, 255)))
        + end
    )
    before = start(5)
    listed = struct.pack("<IBBBB", len(before) + 4 + 9 + len(end), 0, 0, 1, 0) + b"A"
    book = before + record(0x85, listed) + end + sheet
    return _ole({"Workbook": book.ljust(5000, b"\x00")})


def _ole(streams: dict[str, bytes]) -> bytes:
    """A compound file with the streams; each at least 4096 bytes, so that no mini stream is needed."""
    sector = 512
    names = list(streams)
    bodies = [data + b"\x00" * (-len(data) % sector) for data in streams.values()]
    directory_sectors = (len(names) + 1 + 3) // 4
    table: list[int] = [0xFFFFFFFD]
    table += [*range(2, 1 + directory_sectors), 0xFFFFFFFE]
    starts = []
    for body in bodies:
        starts.append(len(table))
        count = len(body) // sector
        table += [*range(len(table) + 1, len(table) + count), 0xFFFFFFFE]
    table += [0xFFFFFFFF] * (128 - len(table))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16
    head += struct.pack(
        "<HHHHHHIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
    )
    head += struct.pack("<I", 0) + b"\xff" * (108 * 4)

    def entry(name: str, kind: int, child: int, right: int, start: int, size: int) -> bytes:
        raw = name.encode("utf-16-le") + b"\x00\x00"
        return (
            raw.ljust(64, b"\x00")
            + struct.pack("<HBBIII", len(raw), kind, 1, 0xFFFFFFFF, right, child)
            + b"\x00" * 36
            + struct.pack("<IQ", start, size)
        )

    directory = entry("Root Entry", 5, 1, 0xFFFFFFFF, 0xFFFFFFFE, 0)
    for number, (name, body) in enumerate(zip(names, bodies, strict=True)):
        right = number + 2 if number + 1 < len(names) else 0xFFFFFFFF
        directory += entry(name, 2, 0xFFFFFFFF, right, starts[number], len(body))
    directory = directory.ljust(directory_sectors * sector, b"\x00")
    return head + struct.pack("<128I", *table[:128]) + directory + b"".join(bodies)
