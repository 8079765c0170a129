"""Hostile text in documents, names and labels: in no released file is it a formula, markup or a program."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from pysdmx.io import read_sdmx

from pipelines.release.columns import Column, Table
from pipelines.release.sdmx import write_sdmx
from pipelines.release.spreadsheet_text import QUOTE_MARK, defused, looks_like_formula
from pipelines.warehouse.connection import connect
from tests.unit.releasing import Place

HOSTILE = (
    "=1+1",
    '=HYPERLINK("http://example.org","x")',
    "=cmd|' /C calc'!A0",
    "+84 912",
    "-2+3",
    "- Tỷ lệ hộ",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "'=1+1",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg onload=alert(1)>",
    "[x](javascript:alert(1))",
    "{{7*7}} {% raw %} ${7*7}",
    "a & b <b>",
)
HARMLESS = ("=", "-", ">=", "-1.234,5%", "+3", "80%", "a=b", "tỉnh Cà Mau")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("hostile"))
    place.change(
        """
        create table raw.rejects (reject_id varchar, level varchar, reason_code varchar, path varchar, reason varchar);
        create table raw.unmatched (label varchar, label_key varchar, statement_count integer, document_count integer,
            nearest_indicator_1 varchar);
        alter table marts.fct_target alter value type double;
        """
    )
    with connect(place.warehouse) as connection:
        for number, text in enumerate([*HOSTILE, *HARMLESS]):
            connection.execute("insert into marts.fct_target values (?, ?)", [text, -number])
            connection.execute(
                "insert into raw.rejects values (?, 'document', ?, ?, ?)", [str(number), text, text, text]
            )
            connection.execute("insert into raw.unmatched values (?, ?, 1, 1, ?)", [text, str(number), text])
            connection.execute(
                """
                insert into raw.documents
                values (?, ?, null, 'read', ?, '1', '1', timestamp '2026-10-12 08:00:00')
                """,
                [f"h{number}", f"{number} {text}", text],
            )
    place.describe()
    place.publish()
    return place


def test_no_csv_cell_is_a_formula_and_each_can_be_undone(place: Place) -> None:
    with (place.current / "csv" / "fct_target.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    cells = [row["code"] for row in rows]
    assert not [cell for cell in cells if looks_like_formula(cell) and not cell.startswith(QUOTE_MARK)]
    undone = [cell.removeprefix(QUOTE_MARK) if looks_like_formula(cell) else cell for cell in cells]
    assert sorted(undone) == sorted([*HOSTILE, *HARMLESS])
    assert set(HARMLESS) <= set(cells)
    # Negative numbers stay numbers.
    assert {float(row["value"]) for row in rows} == {-float(n) for n in range(len(HOSTILE) + len(HARMLESS))}


def test_sql_and_python_defuse_alike(place: Place) -> None:
    with (place.current / "csv" / "fct_target.csv").open(encoding="utf-8-sig", newline="") as stream:
        cells = sorted(row["code"] for row in csv.DictReader(stream))
    assert cells == sorted(defused(text) for text in [*HOSTILE, *HARMLESS])


def test_parquet_holds_the_text_as_it_was_read(place: Place) -> None:
    codes = pl.read_parquet(place.current / "parquet" / "fct_target.parquet")["code"].to_list()
    assert sorted(codes) == sorted([*HOSTILE, *HARMLESS])


def test_no_cell_of_the_workbook_is_a_formula_or_a_link(place: Place) -> None:
    sheet = openpyxl.load_workbook(place.current / "hatangso.xlsx")["fct_target"]
    cells = {row[0].value: row[0] for row in sheet.iter_rows(min_row=2)}
    assert {cell.data_type for cell in cells.values()} == {"s"}
    assert not [cell for cell in cells.values() if cell.hyperlink]
    # XML spells a carriage return in its own way.
    kept = [text for text in HOSTILE if "\r" not in text]
    assert set(kept) <= set(cells)
    for text in kept:
        assert cells[text].quotePrefix == looks_like_formula(text), text
    assert sheet.cell(2, 2).data_type == "n"


class Tags(HTMLParser):
    """The elements of a page, their attributes, and the text between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_report_shows_hostile_text_as_text(place: Place) -> None:
    page = Tags((place.current / "report.html").read_text(encoding="utf-8"))
    assert page.tags <= {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "span", "table", "thead", "tbody", "tr",
        "th", "td", "p",
    }  # fmt: skip
    assert page.attributes <= {"lang", "charset", "http-equiv", "content", "name", "scope", "class"}
    for text in ("<script>alert(1)</script>", "{{7*7}} {% raw %} ${7*7}", "a & b <b>"):
        assert text in page.text
    markdown = (place.current / "report.md").read_text(encoding="utf-8")
    assert "<script" not in markdown
    assert "<svg" not in markdown
    assert not re.search(r"(?<!\\)\]\(javascript", markdown)


def test_descriptions_for_machines_are_whole(place: Place) -> None:
    for name in ("datapackage.json", "MANIFEST.json", "csv/csv-metadata.json"):
        json.loads((place.current / name).read_text(encoding="utf-8"))


def test_names_in_the_sdmx_structure_are_text(tmp_path: Path) -> None:
    database = tmp_path / "released.duckdb"
    closed: dict[str, tuple[str, ...]] = {"obs_status": ("A",), "unit": ("percent",)}
    columns = (
        "admin_unit_key", "province_key", "indicator_code", "year", "actual_value", "unit", "obs_status",
        "actual_kind", "target_value", "target_comparator", "target_scope", "target_basis", "progress_status",
        "observation_document_id", "target_document_id",
    )  # fmt: skip
    described = tuple(Column(name, "varchar", HOSTILE[11], allowed=closed.get(name, ())) for name in columns)
    tables = {
        "mart_province_indicator_yearly": Table("marts", "mart_province_indicator_yearly", "x", described),
        "dim_indicator": Table("marts", "dim_indicator", "x", described),
    }
    with connect(database) as connection:
        connection.execute(
            """
            create schema raw; create schema marts;
            create table raw.documents as select timestamp '2026-10-12 08:00:00' as received_at;
            create table marts.mart_province_indicator_yearly as
            select '38@2008-08-01' as admin_unit_key, '38@2008-08-01' as province_key, 'x' as indicator_code,
                2024 as year, 1.0 as actual_value, 'percent' as unit, 'A' as obs_status, 'actual' as actual_kind,
                2.0 as target_value, '>=' as target_comparator, 'own' as target_scope, 'stated' as target_basis,
                'achieved' as progress_status, 'd' as observation_document_id, 'd' as target_document_id
            """
        )
        connection.execute(
            """
            create table marts.dim_admin_unit as select '38@2008-08-01' as admin_unit_key, ? as name,
                'province' as level, date '2008-08-01' as valid_from, null::date as valid_to
            """,
            [HOSTILE[12]],
        )
        connection.execute(
            "create table marts.dim_indicator as select 'x' as indicator_code, ? as indicator_name_en, ? as indicator_name_vi",
            [HOSTILE[11], HOSTILE[16]],
        )
    assert write_sdmx(database, tmp_path, "r", tables) == 2
    lists: dict[str, Any] = {
        artefact.id: artefact for artefact in read_sdmx(tmp_path / "sdmx" / "structure.xml").structures or []
    }
    assert [code.name for code in lists["CL_REF_AREA"].items] == [HOSTILE[12]]
    assert [code.description for code in lists["CL_INDICATOR"].items] == [HOSTILE[16]]
    assert "<script" not in (tmp_path / "sdmx" / "structure.xml").read_text(encoding="utf-8")
