"""The order in which documents arrive leaves no trace: the same documents give the same marts, byte for byte."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from pipelines import night
from pipelines.settings import Settings, find_home, get_settings
from tests.integration.rebuilding import DATABASE, Model, build, create_raw_tables, dbt_build, fresh

pytestmark = pytest.mark.slow

SAMPLE = find_home() / "data" / "raw"


@pytest.fixture(scope="module")
def catalog_only(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Model]]:
    """A build of nothing: the catalog as dbt loads it, and the compiled SQL of every model."""
    folder = tmp_path_factory.mktemp("order")
    with duckdb.connect(str(folder / DATABASE)) as connection:
        create_raw_tables(connection)
    return folder, dbt_build(folder, "fqn:*")


def digests(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, str]:
    """SHA-256 of each mart as it lies in the database, in its own order of rows."""
    tables = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'marts' order by 1"
    ).fetchall()
    found = {}
    for (table,) in tables:
        path = folder / f"{table}.csv"
        connection.execute(f"copy marts.{table} to '{path}' (header)")
        found[table] = hashlib.sha256(path.read_bytes()).hexdigest()
        path.unlink()
    return found


def sample_documents() -> list[Path]:
    return sorted(path for path in SAMPLE.rglob("*") if path.is_file() and path.suffix != ".yml")


def put(settings: Settings, documents: Sequence[Path]) -> None:
    for path in documents:
        target = settings.raw_dir / path.relative_to(SAMPLE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        shutil.copyfile(f"{path}.yml", f"{target}.yml")


def stages(settings: Settings) -> None:
    """A night up to the warehouse."""
    night.take_documents(settings)
    night.read_blocks(settings)
    night.extract_statements(settings)
    night.match_facts(settings)
    night.load_warehouse(settings)


def marts_after(
    nights: Sequence[Sequence[Path]],
    folder: Path,
    catalog_only: tuple[Path, list[Model]],
    monkeypatch: pytest.MonkeyPatch,
) -> dict[str, str]:
    """Digests of the marts when the documents arrive in these nights."""
    for name in ("raw", "work", "published"):
        monkeypatch.setenv(f"HATANGSO_{name.upper()}_DIR", str(folder / name))
    settings = get_settings()
    for documents in nights:
        put(settings, documents)
        stages(settings)
    home, models = catalog_only
    with fresh(folder / "marts", like=home) as connection:
        connection.execute(f"attach '{settings.warehouse}' as loaded (read_only)")
        for (table,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'loaded' and schema_name = 'raw'"
        ).fetchall():
            connection.execute(f"insert into raw.{table} by name select * from loaded.raw.{table}")
        connection.execute("detach loaded")
        build(connection, models)
        return digests(connection, folder)


def test_all_at_once_or_night_by_night_in_any_order(
    tmp_path: Path, catalog_only: tuple[Path, list[Model]], monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = sample_documents()
    shuffled = random.Random(7).sample(documents, len(documents))  # noqa: S311
    third = len(shuffled) // 3
    by_night = [shuffled[:third], shuffled[third : 2 * third], shuffled[2 * third :]]
    at_once = marts_after([documents], tmp_path / "once", catalog_only, monkeypatch)
    in_parts = marts_after(by_night, tmp_path / "nights", catalog_only, monkeypatch)
    backwards = marts_after(list(reversed(by_night)), tmp_path / "backwards", catalog_only, monkeypatch)
    assert len(at_once) > 15
    assert in_parts == at_once
    assert backwards == at_once


def test_the_order_of_raw_rows_leaves_no_trace(
    tmp_path: Path, catalog_only: tuple[Path, list[Model]], night_facts: Path
) -> None:
    """The rows of raw tables shuffled: ties are broken by what stands in them, never by their order."""
    home, models = catalog_only
    found = []
    for seed in (0.1, 0.5, 0.9):
        with fresh(tmp_path / str(seed), like=home) as connection:
            connection.execute(f"attach '{night_facts}' as loaded (read_only)")
            connection.execute("select setseed(?)", [seed])
            for (table,) in connection.execute(
                "select table_name from duckdb_tables() where database_name = 'loaded' and schema_name = 'raw'"
            ).fetchall():
                connection.execute(
                    f"insert into raw.{table} by name select * from loaded.raw.{table} order by random()"
                )
            connection.execute("detach loaded")
            build(connection, models)
            found.append(digests(connection, tmp_path))
    assert found[0] == found[1] == found[2]


@pytest.fixture
def night_facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A warehouse with the raw tables of the whole sample."""
    for name in ("raw", "work", "published"):
        monkeypatch.setenv(f"HATANGSO_{name.upper()}_DIR", str(tmp_path / "night" / name))
    settings = get_settings()
    put(settings, sample_documents())
    stages(settings)
    return settings.warehouse
