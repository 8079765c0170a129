"""A small warehouse with what a release needs, and the folders around it: for the tests of releases."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from pipelines.release.lineage import DbtArtifacts
from pipelines.release.publish import Publication, publish
from pipelines.release.published import Retention
from pipelines.warehouse.connection import connect

MARTS = ("dim_indicator", "dim_admin_unit", "dim_document", "fct_observation", "fct_target")


def test_node(table: str, name: str, column: str | None, **kwargs: Any) -> dict[str, Any]:
    """A test as dbt's manifest lists it."""
    return {
        "resource_type": "test",
        "attached_node": f"model.hatangso.{table}",
        "column_name": column,
        "config": {"severity": "ERROR"},
        "test_metadata": {"name": name, "kwargs": kwargs},
    }


# pytest would take it for a test.
test_node.__test__ = False  # type: ignore[attr-defined]


class Place:
    """A warehouse with five marts of a code and a value, described by a manifest as dbt writes it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.warehouse = folder / "work" / "warehouse.duckdb"
        self.published = folder / "published"
        self.seeds = folder / "seeds"
        self.docs = folder / "index.html"
        self.manifest = folder / "manifest.json"
        self.tests: list[dict[str, Any]] = [test_node("fct_observation", "unique", "code")]
        self.seeds.mkdir()
        (self.seeds / "units.csv").write_text("unit\npercent\n")
        self.docs.write_text("<html><head></head>" + "x" * 20_000)
        with connect(self.warehouse) as connection:
            connection.execute(
                "create schema raw; create schema marts; create schema reference; create schema staging"
            )
            connection.execute(
                """
                create table raw.documents as
                select 'd1' as document_id, 'a.txt' as path, null::varchar as sidecar_id, 'read' as status,
                    'plan' as document_type, '1' as reader_version, '1' as extractor_version,
                    timestamp '2026-10-12 08:00:00' as received_at;
                create table reference.units as select 'percent' as unit;
                create view staging.stg_documents as select * from raw.documents;
                """
            )
            for mart in MARTS:
                connection.execute(f"create table marts.{mart} (code varchar, value double)")
            connection.execute(
                """
                insert into marts.fct_observation values ('b', 2), ('a', 1), ('c', null);
                comment on table marts.fct_observation is 'One row per unit''s figure';
                comment on column marts.fct_observation.code is 'code of the unit';
                create macro marts.as_of(known_on) as table
                    select * from marts.fct_observation where known_on is not null
                """
            )
        self.describe()

    def describe(self) -> None:
        """Write the manifest that describes the marts as they are now."""
        nodes: dict[str, Any] = {f"test.{number}": test for number, test in enumerate(self.tests)}
        with connect(self.warehouse, read_only=True) as connection:
            columns = connection.execute(
                """
                select table_name, column_name, lower(data_type)
                from duckdb_columns() where schema_name = 'marts' order by table_name, column_index
                """
            ).fetchall()
        for table, column, data_type in columns:
            node = nodes.setdefault(
                f"model.hatangso.{table}",
                {
                    "resource_type": "model",
                    "schema": "marts",
                    "name": table,
                    "description": f"One row per code of {table}.",
                    "config": {"materialized": "table"},
                    "columns": {},
                },
            )
            node["columns"][column] = {
                "name": column,
                "description": f"{column} of {table}",
                "data_type": data_type,
            }
        self.manifest.write_text(json.dumps({"nodes": nodes}))

    def publish(
        self, keep_releases: int = 10, *, require_approval: bool = False, rows_a_sheet: int = 1000
    ) -> Publication:
        """Publish the warehouse as it is."""
        return publish(
            self.warehouse,
            self.published,
            self.seeds,
            DbtArtifacts(self.manifest, self.manifest.with_name("catalog.json"), self.docs),
            {"reader": "1"},
            Retention(keep_releases),
            require_approval=require_approval,
            rows_a_sheet=rows_a_sheet,
        )

    def publish_value(self, value: float, **options: Any) -> Publication:
        """Publish with another value of the code a."""
        self.change(f"update marts.fct_observation set value = {value} where code = 'a'")
        return self.publish(**options)

    def change(self, sql: str) -> None:
        """Change the warehouse."""
        with connect(self.warehouse) as connection:
            connection.execute(sql)

    @property
    def current(self) -> Path:
        """The link that readers follow."""
        return self.published / "current"

    def files(self, release: str = "current") -> dict[str, str]:
        """The hash of every file of a release but its manifest."""
        folder = self.published / release
        return {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name != "MANIFEST.json"
        }
