"""By what a night works: versions of the programs, and fingerprints that say whether work is still good."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pipelines.extraction.extract import extractor_version
from pipelines.reading.read import READER_VERSION
from pipelines.settings import Settings
from pipelines.warehouse.memory import RAW_VERSION, fingerprint, read_marks

PIPELINES = Path(__file__).resolve().parents[1]
PACKAGES = ("hatangso", "duckdb", "dbt-core", "dbt-duckdb", "polars")


def program_versions(settings: Settings) -> dict[str, str]:
    """Versions of all that has a part in a release's content."""
    return {
        "reader": READER_VERSION,
        "extractor": extractor_version(settings.seeds_dir),
        **{package: _version(package) for package in PACKAGES},
    }


def code_version(settings: Settings) -> str:
    """The programs and the dbt project that a night runs, as one fingerprint."""
    programs = fingerprint(PIPELINES, PIPELINES.parent / "schemas", suffixes={".py"})
    return _joined(programs, fingerprint(settings.dbt_project_dir, suffixes={".sql", ".yml", ".md"}))


def dbt_logic(settings: Settings) -> str:
    """What dbt's unit tests test, as one fingerprint: the dbt project, and the programs that run it."""
    return _joined(
        fingerprint(settings.dbt_project_dir, suffixes={".sql", ".yml"}),
        settings.warehouse_target,
        *(f"{package} {_version(package)}" for package in ("duckdb", "dbt-core", "dbt-duckdb")),
    )


def catalog_logic(settings: Settings) -> str:
    """What the tables of the catalog and their tests are made from, as one fingerprint."""
    return _joined(dbt_logic(settings), fingerprint(settings.seeds_dir, suffixes={".csv", ".yml"}))


def matched_with(settings: Settings) -> str:
    """The catalog and the program of matching as one fingerprint: with another one, everything is matched again."""
    batches = PIPELINES / "batches"
    program = fingerprint(
        PIPELINES / "matching",
        PIPELINES / "night" / "matching.py",
        batches / "matching.py",
        batches / "rows.py",
        suffixes={".py"},
    )
    return _joined(program, catalog_fingerprint(settings))


def catalog_fingerprint(settings: Settings) -> str:
    """The catalog as it is now, as one fingerprint."""
    return fingerprint(settings.seeds_dir, suffixes={".csv"})


def released_from(settings: Settings) -> str:
    """All that marts and release are made from, as one fingerprint; the raw tables by their version."""
    return _joined(
        read_marks(settings.warehouse).get(RAW_VERSION, ""),
        fingerprint(settings.seeds_dir, suffixes={".csv", ".yml"}),
        fingerprint(settings.dbt_project_dir, suffixes={".sql", ".yml", ".md", ".csv"}),
        fingerprint(PIPELINES / "release", suffixes={".py"}),
        *(f"{name} {number}" for name, number in sorted(program_versions(settings).items())),
    )


def _joined(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
