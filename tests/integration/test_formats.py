"""The same content in every format gives the same facts as its text form.

LibreOffice writes the old formats and the PDFs, so they are not written by the hands that read them; where
it is not installed those tests are skipped. Scans are those PDFs as pictures.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.extraction.extract import extract, make_lexer
from pipelines.extraction.tokens import Lexer
from pipelines.matching.catalog import load_catalog
from pipelines.matching.match import Matcher, match_extracted
from pipelines.reading.inventory import RawFile, take_inventory
from pipelines.reading.read import ReadDocument, read_document, read_files
from pipelines.reading.sidecar import Sidecar, read_sidecar
from pipelines.settings import Settings
from scripts import formats
from scripts.formats import Item

Fact = tuple[object, ...]

RAW = Settings().home / "data" / "raw"
FIVE_DOCUMENTS = (
    "thanh-hoa/vinh-loc/2024-bao-cao-ha-tang-so.txt",
    "son-la/thuan-chau/2023-ket-qua-chuyen-doi-so.html",
    "quang-tri/2023-ke-hoach-ha-tang-so-dieu-chinh.txt",
    "thanh-hoa/2023-ke-hoach-ha-tang-so.txt",
    "ca-mau/2023-ke-hoach-ha-tang-so.txt",
)
FROM_WORD = ("doc", "rtf", "odt", "pdf")
FROM_EXCEL = ("xls", "ods")
SCAN_SHARE = 0.95

HEADER = ["TT", "Chỉ tiêu", "Năm 2023", "Năm 2024", "Năm 2025"]
ROWS = [
    ["1", "Tỷ lệ hộ gia đình có kết nối Internet", "81,5%", "85%", "90%"],
    ["2", "Tỷ lệ dân số trưởng thành có điện thoại thông minh", "77%", "78%", "80%"],
    ["3", "Tỷ lệ sử dụng chung cột treo cáp", "11,74%", "13%", "25%"],
]
TITLE = Item("MỤC TIÊU PHÁT TRIỂN HẠ TẦNG SỐ TỈNH CÀ MAU")


def with_table(*tables: Item) -> list[Item]:
    return [
        TITLE,
        Item("I. Mục tiêu"),
        Item("Các chỉ tiêu cụ thể như sau:"),
        *tables,
        Item("II. Tổ chức thực hiện."),
    ]


TABLE_CASES: dict[str, list[Item]] = {
    "plain": with_table(formats.table([HEADER, *ROWS])),
    "groups": with_table(
        formats.table(
            [
                HEADER,
                ["I", "HẠ TẦNG BĂNG RỘNG", "", "", ""],
                *ROWS[:2],
                ["II", "DÙNG CHUNG", "", "", ""],
                ROWS[2],
            ]
        )
    ),
    "merged group row": with_table(
        formats.table([HEADER, ["HẠ TẦNG BĂNG RỘNG", "", "", "", ""], *ROWS], {(2, 1): (1, 5)})
    ),
    "two header rows": with_table(
        formats.table(
            [
                ["TT", "Chỉ tiêu", "Thực hiện", "Kế hoạch", ""],
                ["", "", "Năm 2023", "Năm 2024", "Năm 2025"],
                *ROWS,
            ],
            {(1, 1): (2, 1), (1, 2): (2, 1), (1, 4): (1, 2)},
        )
    ),
    "blank, dash, zero and no data": with_table(
        formats.table(
            [
                HEADER,
                ["1", "Tỷ lệ hộ gia đình có kết nối Internet", "", "0%", "90%"],
                ["2", "Tỷ lệ dân số trưởng thành có điện thoại thông minh", "-", "78%", "80%"],
                ["3", "Tỷ lệ sử dụng chung cột treo cáp", "chưa có số liệu", "13%", "25%"],
            ]
        )
    ),
    "yes and no": with_table(
        formats.table(
            [
                HEADER,
                ["1", "Sử dụng công nghệ AI như dịch vụ trong công tác chuyển đổi số", "Chưa", "Có", "Có"],
                [
                    "2",
                    "Sử dụng công nghệ Blockchain như dịch vụ trong công tác chuyển đổi số",
                    "Chưa",
                    "Chưa",
                    "Có",
                ],
            ]
        )
    ),
    "counts and speeds": with_table(
        formats.table(
            [
                ["TT", "Chỉ tiêu", "Đơn vị tính", "Năm 2023", "Năm 2025"],
                ["1", "Tổng số trạm BTS", "trạm", "1.234", "1.500"],
                ["2", "Tốc độ Internet băng rộng di động 4G", "Mbps", "40", "60"],
                ["3", "Tỷ lệ hộ gia đình có kết nối Internet", "%", "81,5", "90"],
            ]
        )
    ),
    "rows are districts": with_table(
        formats.table(
            [
                ["TT", "Huyện", "Tỷ lệ hộ gia đình có kết nối Internet năm 2024"],
                ["1", "Huyện Cái Nước", "81,5%"],
                ["2", "Huyện Đầm Dơi", "77%"],
                ["3", "Huyện Năm Căn", "85%"],
            ]
        )
    ),
    "two tables": with_table(
        formats.table([HEADER, *ROWS[:2]]),
        Item("Chỉ tiêu dùng chung hạ tầng:"),
        formats.table(
            [HEADER, ["1", *ROWS[2][1:]], ["2", "Tỷ lệ sử dụng chung cống, bể, cáp", "0%", "1%", "2%"]]
        ),
    ),
    "many rows over pages": with_table(
        formats.table(
            [
                HEADER,
                *[
                    [str(3 * block + number + 1), *row[1:]]
                    for block in range(16)
                    for number, row in enumerate(ROWS)
                ],
            ]
        )
    ),
}


@cache
def tools() -> tuple[Lexer, Matcher]:
    seeds = Settings().seeds_dir
    return make_lexer(seeds), Matcher(load_catalog(seeds))


def facts_of(document: ReadDocument) -> Counter[Fact]:
    """Facts without the places where they stand, which differ from format to format."""
    lexer, matcher = tools()
    found: Counter[Fact] = Counter()
    for reading in match_extracted(extract(document, lexer), matcher).readings:
        if reading.outcome != "fact" or reading.match is None:
            continue
        statement, unit = reading.statement, reading.unit
        found[
            reading.match.code,
            unit.code if unit else None,
            statement.year,
            statement.as_of,
            statement.kind,
            statement.value,
            statement.unit,
            statement.comparator,
            reading.segment,
        ] += 1
    return found


def statuses_of(document: ReadDocument) -> set[str]:
    lexer, matcher = tools()
    return {
        reading.statement.obs_status
        for reading in match_extracted(extract(document, lexer), matcher).readings
        if reading.outcome == "fact"
    }


@cache
def sources() -> dict[str, tuple[list[Item], Sidecar]]:
    """Every content that is compared: the five transcriptions and the table cases."""
    found: dict[str, tuple[list[Item], Sidecar]] = {}
    for number, path in enumerate(FIVE_DOCUMENTS):
        sidecar = read_sidecar(RAW / path, path)
        file = RawFile(path, "0" * 64, 1, sidecar)
        blocks = read_document((RAW / path).read_bytes(), file).blocks
        found[f"document-{number}"] = (formats.items_of(blocks), sidecar)
    plan = Sidecar(admin_unit="tỉnh Cà Mau", document_type="plan", reference_year=2023)
    for number, items in enumerate(TABLE_CASES.values()):
        found[f"table-{number}"] = (items, plan)
    return found


NAMES = [f"document-{number}" for number in range(len(FIVE_DOCUMENTS))] + [
    f"table-{number}" for number in range(len(TABLE_CASES))
]
# All of them straight, and some of each sort askew: recognition takes long.
SCANNED = {"PDF": NAMES, "PDF askew": ["document-0", "document-4", "table-1", "table-3", "table-5"]}


def read(data: bytes, name: str) -> ReadDocument:
    return read_document(data, RawFile(f"{name}.bin", "0" * 64, len(data), sources()[name][1]))


@cache
def text_facts(name: str) -> Counter[Fact]:
    return facts_of(read(formats.to_text(sources()[name][0]), name))


@cache
def converted(target: str) -> dict[str, bytes]:
    if not formats.has_libreoffice():
        pytest.skip("LibreOffice, which writes this format for the test, is not installed")
    write: Callable[[list[Item]], bytes] = formats.to_xlsx if target in FROM_EXCEL else formats.to_docx
    suffix = "xlsx" if target in FROM_EXCEL else "docx"
    return formats.convert({name: write(items) for name, (items, _) in sources().items()}, suffix, target)


def differences(found: Counter[Fact], expected: Counter[Fact]) -> list[str]:
    return [f"- {fact}" for fact in expected - found] + [f"+ {fact}" for fact in found - expected]


@pytest.mark.parametrize("name", NAMES)
def test_text_form_holds_facts(name: str) -> None:
    assert sum(text_facts(name).values()) >= 3


WRITERS: dict[str, tuple[str, Callable[[list[Item]], bytes]]] = {
    "docx": ("docx", formats.to_docx),
    "xlsx": ("xlsx", formats.to_xlsx),
    "xlsx with percent cells": ("xlsx", lambda items: formats.to_xlsx(items, percent_cells=True)),
    "html of a portal": ("html", formats.to_html),
    "mht": ("mht", formats.to_mht),
    "md": ("text", formats.to_markdown),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("writer", WRITERS)
def test_same_facts_as_text(writer: str, name: str) -> None:
    file_format, write = WRITERS[writer]
    document = read(write(sources()[name][0]), name)
    assert document.file_format == file_format
    assert differences(facts_of(document), text_facts(name)) == []


def test_same_facts_from_an_archive(tmp_path: Path) -> None:
    for name, (items, sidecar) in sources().items():
        (tmp_path / f"{name}.zip").write_bytes(formats.to_zip(items))
        if sidecar.admin_unit:
            (tmp_path / f"{name}.zip.yml").write_text(
                f"admin_unit: {sidecar.admin_unit}\ndocument_type: {sidecar.document_type}\n"
                + (f"reference_year: {sidecar.reference_year}\n" if sidecar.reference_year else "")
                + (f"issued_on: {sidecar.issued_on}\n" if sidecar.issued_on else ""),
                encoding="utf-8",
            )
    inventory = take_inventory(tmp_path)
    assert len(inventory.files) == len(NAMES)
    read_ones, rejects = read_files(tmp_path, inventory.files)
    assert rejects == []
    for document in read_ones:
        name, _, member = document.file.path.partition(".zip!")
        assert member == "kế hoạch/phụ lục.docx"
        assert differences(facts_of(document), text_facts(name)) == []


@pytest.mark.parametrize("suffix", ["docx", "xlsx", "html", "mht", "csv", "md", "zip"])
def test_extract_reads_each_format_by_itself(suffix: str, tmp_path: Path) -> None:
    write: Callable[[list[Item]], bytes] = getattr(
        formats, "to_markdown" if suffix == "md" else f"to_{suffix}"
    )
    # A name that says nothing: the content decides.
    path = tmp_path / "tài liệu"
    path.write_bytes(write(TABLE_CASES["plain"]))
    done = CliRunner().invoke(app, ["extract", str(path), "--jsonl"])
    assert done.exit_code == 0, done.output
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert {(row["indicator_code"], row["year"], row["value"]) for row in found} >= {
        ("households_internet_share", 2025, 90),
        ("cable_pole_sharing", 2023, 11.74),
    }
    assert all(row["table_row"] for row in found)


def test_a_header_repeated_on_every_page_is_read_once() -> None:
    if not formats.has_libreoffice():
        pytest.skip("LibreOffice, which writes this format for the test, is not installed")
    name = f"table-{list(TABLE_CASES).index('many rows over pages')}"
    word = formats.to_docx(sources()[name][0], repeat_header=True)
    document = read(formats.convert({"a": word}, "docx", "pdf")["a"], name)
    assert {block.page for block in document.blocks} >= {1, 2}
    assert sum(block.text == "Chỉ tiêu" for block in document.blocks) == 1
    assert differences(facts_of(document), text_facts(name)) == []


@pytest.mark.parametrize("name", [name for name in NAMES if name == "document-4" or name.startswith("table")])
@pytest.mark.parametrize(("delimiter", "encoding"), [(";", "utf-8-sig"), ("\t", "utf-16"), (",", "utf-8")])
def test_same_facts_from_a_text_table(delimiter: str, encoding: str, name: str) -> None:
    document = read(formats.to_csv(sources()[name][0], delimiter, encoding), name)
    assert differences(facts_of(document), text_facts(name)) == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("target", [*FROM_WORD, *FROM_EXCEL])
def test_same_facts_as_text_when_written_by_libreoffice(target: str, name: str) -> None:
    document = read(converted(target)[name], name)
    assert document.file_format == target
    assert differences(facts_of(document), text_facts(name)) == []
    if target == "pdf":
        assert all(block.page for block in document.blocks)


@pytest.mark.slow
@pytest.mark.parametrize("kind", SCANNED)
def test_scans_give_nearly_all_facts_and_none_that_counts_as_validated(kind: str) -> None:
    if shutil.which("tesseract") is None:
        pytest.skip("Tesseract is not installed")
    expected = found = 0
    for name in SCANNED[kind]:
        data = formats.to_scan(converted("pdf")[name], angle=1.3 if "askew" in kind else 0.0)
        document = read(data, name)
        assert statuses_of(document) <= {"V"}
        assert all(block.page and block.confidence is not None for block in document.blocks)
        wanted = text_facts(name)
        expected += sum(wanted.values())
        right = sum((wanted & facts_of(document)).values())
        print(f"{name}: {right} of {sum(wanted.values())}")  # noqa: T201 -- shown where the test fails
        found += right
    assert found >= SCAN_SHARE * expected, f"{found} of {expected}"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_pictures_are_read_as_scans(kind: str) -> None:
    if shutil.which("tesseract") is None:
        pytest.skip("Tesseract is not installed")
    document = read(formats.to_scan(converted("pdf")["table-0"], kind=kind), "table-0")
    assert document.file_format == "image"
    wanted = text_facts("table-0")
    assert sum((wanted & facts_of(document)).values()) >= SCAN_SHARE * sum(wanted.values())


def test_scan_without_tesseract_names_the_packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from PIL import Image

    from pipelines.reading.errors import ReadingError

    Image.new("L", (800, 800), 255).save(tmp_path / "a.png")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ReadingError) as caught:
        read((tmp_path / "a.png").read_bytes(), "table-0")
    assert caught.value.reason_code == "recognition_missing"
    assert "tesseract-ocr-vie" in caught.value.sentence
