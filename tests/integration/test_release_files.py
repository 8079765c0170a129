"""The released files as statistics offices and analysts open them: with their own tools, not with ours."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import csvw
import duckdb
import frictionless
import openpyxl
import polars as pl
import pytest
from pysdmx.io import get_datasets, read_sdmx
from pysdmx.model import DataStructureDefinition

from tests.integration.running import Night

pytestmark = pytest.mark.slow

# The storage format of DuckDB 1.4, by the number at the 12th byte of a file: 1.4.5 opens such a release.
DUCKDB_1_4_STORAGE = 67


@pytest.fixture(scope="module")
def folder(night: Night) -> Path:
    assert night.exit_code == 0, night.errors
    return night.settings.current_release.resolve()


@pytest.fixture(scope="module")
def tables(folder: Path) -> dict[str, int]:
    """Each mart of the released database with its rows."""
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        names = [
            row[0]
            for row in connection.execute(
                "select table_name from duckdb_tables() where schema_name = 'marts'"
            ).fetchall()
        ]
        return {
            name: connection.execute(f"select count(*) from marts.{name}").fetchall()[0][0] for name in names
        }


def test_frictionless_finds_nothing_wrong(folder: Path, tables: dict[str, int]) -> None:
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "note"])[:10]
    assert {task.name.replace("-", "_") for task in report.tasks} == set(tables)


def test_csvw_reads_every_table_and_reference(folder: Path, tables: dict[str, int]) -> None:
    group = csvw.TableGroup.from_file(str(folder / "csv" / "csv-metadata.json"))
    assert {table.local_name: len(list(table)) for table in group.tables} == {
        f"{name}.csv": rows for name, rows in tables.items()
    }
    group.check_referential_integrity()


def test_polars_and_duckdb_read_every_parquet_file(folder: Path, tables: dict[str, int]) -> None:
    for name, rows in tables.items():
        path = folder / "parquet" / f"{name}.parquet"
        assert pl.read_parquet(path).height == rows
        found = duckdb.execute("select count(*) from read_parquet(?)", [str(path)]).fetchone()
        assert found == (rows,)


def test_pysdmx_reads_back_what_was_written(folder: Path, night: Night) -> None:
    (data,) = get_datasets(folder / "sdmx" / "data.csv", folder / "sdmx" / "structure.xml")
    keys = ["REF_AREA", "INDICATOR", "FIGURE", "TIME_PERIOD"]
    assert not data.data.duplicated(subset=keys).any()
    (structure,) = [
        artefact
        for artefact in read_sdmx(folder / "sdmx" / "structure.xml").structures or []
        if isinstance(artefact, DataStructureDefinition)
    ]
    for component in structure.components:
        if component.local_codes is not None:
            codes = {code.id for code in component.local_codes.items}
            assert set(data.data[component.id]) - {""} <= codes, component.id
    row = data.data.set_index(keys).loc[("96@2008-08-01", "antenna_mast_sharing", "TARGET", "2024")]
    assert (float(row["OBS_VALUE"]), row["UNIT_MEASURE"], row["TARGET_SCOPE"]) == (19.0, "percent", "own")
    with night.released() as connection:
        expected = connection.execute(
            " union all ".join(
                f"select count(actual_value) + count(target_value) from marts.mart_{level}_indicator_yearly"
                for level in ("province", "district", "commune")
            )
        ).fetchall()
    assert len(data.data) == sum(count for (count,) in expected)


def test_the_workbook_opens_with_frozen_headers_filters_and_percent_formats(
    folder: Path, tables: dict[str, int]
) -> None:
    book = openpyxl.load_workbook(folder / "hatangso.xlsx")
    assert len(book.sheetnames) == len(tables) + 2
    sheet = book["mart_province_indicator_yearly"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, sheet.max_column).column_letter}{sheet.max_row}"
    assert sheet.max_row == tables["mart_province_indicator_yearly"] + 1
    columns = {cell.value: cell.column for cell in sheet[1]}
    percent = [
        sheet.cell(row, columns["target_value"])
        for row in range(2, sheet.max_row + 1)
        if sheet.cell(row, columns["unit"]).value == "percent"
    ]
    assert {cell.number_format for cell in percent if cell.value is not None} == {'0.0#"%"'}
    definitions = book[book.sheetnames[1]]
    described = {(row[0], row[1]): row[5] for row in definitions.iter_rows(min_row=2, values_only=True)}
    assert described["fct_target", "quote"]
    assert all(described.values())
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_csv_is_utf8_with_a_byte_order_mark(folder: Path, tables: dict[str, int]) -> None:
    for name in tables:
        assert (folder / "csv" / f"{name}.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_database_has_keys_and_comments_and_is_for_reading(folder: Path) -> None:
    database = folder / "warehouse.duckdb"
    assert database.read_bytes()[8:12] == b"DUCK"
    assert int.from_bytes(database.read_bytes()[12:20], "little") <= DUCKDB_1_4_STORAGE
    assert database.stat().st_mode & 0o222 == 0
    with duckdb.connect(str(database), read_only=True) as connection:
        without_key = connection.execute(
            """
            select schema_name || '.' || table_name from duckdb_tables()
            where not has_primary_key and schema_name <> 'raw'
            """
        ).fetchall()
        # The schema raw holds one table without: the cells of the releases before, told apart by no name.
        undescribed = connection.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = 'marts' and comment is null"
        ).fetchall()
        schemas = connection.execute("select distinct schema_name from duckdb_tables() order by 1").fetchall()
    assert without_key == []
    assert undescribed == []
    assert schemas == [("marts",), ("raw",), ("reference",)]


def test_every_file_of_a_release_has_its_exposure(folder: Path, night: Night) -> None:
    manifest = json.loads((night.settings.dbt_target_dir / "manifest.json").read_text(encoding="utf-8"))
    exposures = {node["name"]: set(node["depends_on"]["nodes"]) for node in manifest["exposures"].values()}
    marts = {
        unique_id
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
        and node["schema"] == "marts"
        and node["config"]["materialized"] != "table_function"
    }
    for name in ("released_csv", "released_parquet", "released_workbook", "released_data_package"):
        assert exposures[name] == marts
    assert exposures["released_database"] >= marts
    assert {"released_sdmx", "released_report", "page_home", "page_document"} <= set(exposures)


def lineage_of(page: str) -> dict[str, Any]:
    found = re.search(r'window\.colibriData = JSON\.parse\(atob\("([^"]+)"\)\)', page)
    assert found is not None
    content: dict[str, Any] = json.loads(base64.b64decode(found[1]))
    return content


def test_every_column_of_a_mart_is_followed_to_where_it_comes_from(folder: Path) -> None:
    page = (folder / "docs" / "lineage.html").read_text(encoding="utf-8")
    content = lineage_of(page)
    followed = {(edge["target"], edge["targetColumn"]) for edge in content["lineage"]["edges"]}
    lost = [
        (node["name"], column)
        for unique_id, node in content["nodes"].items()
        if node.get("schema") == "marts" and node.get("materialized") == "table"
        for column in node["columns"]
        if (unique_id, column) not in followed
        # How many rows there are, and constants, come from no column.
        and not column.endswith("_count")
        and column != "measure"
    ]
    assert lost == []
    exposures = {
        edge["target"] for edge in content["lineage"]["edges"] if edge["target"].startswith("exposure.")
    }
    assert "exposure.hatangso.released_workbook" in exposures


def test_docs_and_lineage_lead_to_each_other_and_reach_no_network(folder: Path) -> None:
    docs = (folder / "docs" / "index.html").read_text(encoding="utf-8")
    lineage = (folder / "docs" / "lineage.html").read_text(encoding="utf-8")
    assert "lineage.html" in docs
    assert 'href="index.html"' in lineage
    for page in (docs, lineage):
        assert "connect-src 'none'" in page[:2000]
        assert not re.search(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="?(?:https?:)?//', page[:20_000])
