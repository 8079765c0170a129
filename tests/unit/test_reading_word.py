"""Word documents as people make them: merges, nested tables, notes, boxes, tracked changes, hidden text.

Files are written by python-docx, with what it cannot write added to their XML.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

from docx import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from pipelines.reading.blocks import Block
from pipelines.reading.content import Content
from pipelines.reading.docx import read_docx
from pipelines.reading.limits import Limits

HEADER = ["TT", "Chỉ tiêu", "Năm 2023", "Năm 2024"]
ROWS = [["1", "Hộ có Internet", "81,5%", "85%"], ["2", "Dùng chung cột", "11,74%", "13%"]]
W = nsdecls("w")


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def read(document: Any) -> Content:
    content = Content("a.docx", Limits())
    read_docx(document if isinstance(document, bytes) else saved(document), content)
    return content


def with_table(*rows: list[str]) -> tuple[Any, Any]:
    document = Document()
    table = document.add_table(len(rows), len(rows[0]))
    for number, texts in enumerate(rows):
        for cell, text in zip(table.rows[number].cells, texts, strict=True):
            cell.text = text
    return document, table


def grid(blocks: list[Block], table_no: int = 1) -> list[tuple[int | None, int | None, str]]:
    return [(b.table_row, b.table_column, b.text) for b in blocks if b.table_no == table_no]


def lines(content: Content) -> list[str]:
    return [block.text for block in content.blocks if block.kind != "table_cell"]


def test_cells_merged_across_and_down() -> None:
    document, table = with_table(["TT", "Chỉ tiêu", "Kế hoạch", ""], ["", "", "Năm 2023", "Năm 2024"], *ROWS)
    for first, last in (((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 2), (0, 3))):
        table.cell(*first).merge(table.cell(*last))
    spans = {b.text: (b.row_span, b.column_span) for b in read(document).blocks if b.table_row == 1}
    assert spans == {"TT": (2, 1), "Chỉ tiêu": (2, 1), "Kế hoạch": (1, 2)}


def test_a_title_row_above_the_header_is_the_title() -> None:
    document, table = with_table(["BIỂU CHỈ TIÊU", "", "", ""], HEADER, *ROWS)
    table.cell(0, 0).merge(table.cell(0, 3))
    content = read(document)
    assert lines(content) == ["BIỂU CHỈ TIÊU"]
    assert grid(content.blocks)[0] == (1, 1, "TT")


def test_a_header_repeated_inside_the_table_is_read_once() -> None:
    document, _ = with_table(HEADER, *ROWS, HEADER, ["3", "Dùng chung cống", "0%", "1%"])
    firsts = [text for _, column, text in grid(read(document).blocks) if column == 1]
    assert firsts == ["TT", "1", "2", "3"]


def test_a_table_inside_a_cell_follows_its_table() -> None:
    document, table = with_table(HEADER, *ROWS)
    inner = table.cell(1, 1).add_table(2, 2)
    for number, text in enumerate(("Trong đó", "2023", "Nông thôn", "70%")):
        inner.cell(number // 2, number % 2).text = text
    content = read(document)
    assert (2, 2, "Hộ có Internet") in grid(content.blocks)
    assert grid(content.blocks, 2) == [
        (1, 1, "Trong đó"),
        (1, 2, "2023"),
        (2, 1, "Nông thôn"),
        (2, 2, "70%"),
    ]


def test_a_hidden_row_is_a_reject_that_says_where() -> None:
    document, table = with_table(HEADER, *ROWS)
    table.rows[2]._tr.get_or_add_trPr().append(OxmlElement("w:hidden"))
    content = read(document)
    assert "11,74%" not in content.text
    (omission,) = content.omissions
    assert omission.reason_code == "hidden_content"
    assert "row 3 of a table" in omission.sentence
    assert omission.quote == "2 | Dùng chung cột | 11,74% | 13%"


def test_hidden_words_are_a_reject() -> None:
    document = Document()
    paragraph = document.add_paragraph("Số hộ: 10")
    paragraph.add_run(" nháp 99%").font.hidden = True
    content = read(document)
    assert content.text == "Số hộ: 10\n"
    assert [(one.reason_code, one.quote) for one in content.omissions] == [("hidden_content", "nháp 99%")]


def test_tracked_changes_are_read_as_accepted() -> None:
    document = Document()
    document.element.body.insert(
        0,
        parse_xml(
            f"<w:p {W}><w:r><w:t xml:space='preserve'>Tỷ lệ đạt </w:t></w:r>"
            "<w:del w:id='1'><w:r><w:delText>70%</w:delText></w:r></w:del>"
            "<w:ins w:id='2'><w:r><w:t>80%</w:t></w:r></w:ins>"
            "<w:moveFrom w:id='3'><w:r><w:t> cũ</w:t></w:r></w:moveFrom>"
            "<w:moveTo w:id='4'><w:r><w:t> mới</w:t></w:r></w:moveTo></w:p>"
        ),
    )
    assert lines(read(document)) == ["Tỷ lệ đạt 80% mới"]


def test_a_row_that_a_tracked_change_deletes_is_gone() -> None:
    document, table = with_table(HEADER, *ROWS)
    table.rows[1]._tr.get_or_add_trPr().append(parse_xml(f"<w:del {W} w:id='1'/>"))
    content = read(document)
    assert "81,5%" not in content.text
    assert (2, 1, "2") in grid(content.blocks)


def test_a_text_box_follows_the_paragraph_that_anchors_it() -> None:
    document = Document()
    paragraph = document.add_paragraph("Trước")
    paragraph.add_run()._r.append(
        parse_xml(
            f"<w:pict {W} xmlns:v='urn:schemas-microsoft-com:vml'><v:shape><v:textbox><w:txbxContent>"
            "<w:p><w:r><w:t>Trong khung: 80%</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict>"
        )
    )
    document.add_paragraph("Sau")
    assert lines(read(document)) == ["Trước", "Trong khung: 80%", "Sau"]


def test_footnotes_come_after_the_text() -> None:
    document = Document()
    document.add_paragraph("Tỷ lệ đạt 80%")
    notes = (
        f"<w:footnotes {W}><w:footnote w:type='separator' w:id='-1'><w:p><w:r><w:t>---</w:t></w:r></w:p></w:footnote>"
        "<w:footnote w:id='1'><w:p><w:r><w:t>Số liệu của 12 xã.</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(document))) as source, zipfile.ZipFile(out, "w") as made:
        for name in source.namelist():
            made.writestr(name, source.read(name))
        made.writestr("word/footnotes.xml", notes.encode())
    assert lines(read(out.getvalue())) == ["Tỷ lệ đạt 80%", "Số liệu của 12 xã."]


def test_automatic_numbers_are_markers() -> None:
    document = Document()
    document.add_paragraph("Hạ tầng viễn thông", style="List Number")
    document.add_paragraph("Dữ liệu số", style="List Number")
    document.add_paragraph("80% hộ có Internet", style="List Bullet")
    markers = [block.marker for block in read(document).blocks]
    assert markers[:2] == ["1.", "2."]
    assert markers[2] is not None


def test_headings_have_their_level() -> None:
    document = Document()
    document.add_heading("Kết quả", level=2)
    (block,) = read(document).blocks
    assert (block.kind, block.level, block.text) == ("heading", 2, "Kết quả")


def test_a_cell_in_a_content_control_is_read() -> None:
    document, table = with_table(HEADER, *ROWS)
    cell = table.cell(1, 2)._tc
    row = cell.getparent()
    control = parse_xml(f"<w:sdt {W}><w:sdtContent/></w:sdt>")
    row.replace(cell, control)
    control.find(qn("w:sdtContent")).append(cell)
    assert (2, 3, "81,5%") in grid(read(document).blocks)


def test_fields_give_what_they_show() -> None:
    document = Document()
    document.element.body.insert(
        0,
        parse_xml(
            f"<w:p {W}><w:r><w:t xml:space='preserve'>Trang </w:t></w:r><w:r><w:fldChar w:fldCharType='begin'/></w:r>"
            "<w:r><w:instrText>PAGE 99</w:instrText></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r>"
            "<w:r><w:t>3</w:t></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>"
        ),
    )
    assert lines(read(document)) == ["Trang 3"]
