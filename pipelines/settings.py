"""Every path and environment variable of the project, and nothing else.

Each field can be set by an environment variable with the prefix ``HATANGSO_``
(``HATANGSO_RAW_DIR``, ``HATANGSO_KEEP_RELEASES``...). A relative path is taken from ``home``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_MARK = "dbt_project"


def find_home() -> Path:
    """The folder that holds ``dbt_project/``: beside this package, else at or above the working folder.

    Where neither has it, the working folder itself: commands that need no project still run.
    """
    beside_package = Path(__file__).resolve().parents[1]
    here = Path.cwd()
    for folder in (beside_package, here, *here.parents):
        if (folder / PROJECT_MARK).is_dir():
            return folder
    return here


@dataclass(frozen=True)
class Lake:
    """A warehouse for many machines: DuckLake with its catalog in PostgreSQL (docs/scale-out.md).

    ``catalog`` is a libpq connection string and may hold a password, so it is never shown; ``data`` is the folder
    or bucket of the data files, the same for every machine; ``extensions`` is where DuckDB's extensions are put.
    """

    catalog: str = field(repr=False)
    data: str
    extensions: Path

    def __str__(self) -> str:
        return f"the lake in {self.data}"


# Where a warehouse lies: one DuckDB file, or a lake.
Location = Path | Lake


class Settings(BaseSettings):
    """Paths and limits of one installation."""

    model_config = SettingsConfigDict(env_prefix="HATANGSO_", extra="ignore")

    home: Path = Field(default_factory=find_home, description="folder that holds dbt_project/ and data/")
    raw_dir: Path = Field(default=Path("data/raw"), description="documents as received, with their sidecars")
    seeds_dir: Path = Field(default=Path("data/seeds"), description="the catalog, read by dbt and by Python")
    work_dir: Path = Field(
        default=Path("data/work"), description="warehouse, stage files, logs; can be rebuilt"
    )
    published_dir: Path = Field(default=Path("data/published"), description="releases and the link 'current'")
    keep_releases: int = Field(
        default=10, ge=1, description="how many releases are kept, the current one included"
    )
    keep_release_days: int = Field(
        default=0, ge=0, description="days after which a release goes even so; 0 keeps releases of any age"
    )
    require_approval: bool = Field(
        default=False, description="a night ends in a draft, which a person compares and approves"
    )
    workbook_rows: int = Field(
        default=50_000, ge=100, le=1_048_575, description="most rows of a sheet of hatangso.xlsx"
    )
    message_urls: SecretStr = Field(
        default=SecretStr(""),
        description="addresses of the morning message as apprise spells them, with spaces between; none by default",
    )

    warehouse_target: Literal["file", "lake"] = Field(
        default="file", description="one DuckDB file, or DuckLake on PostgreSQL for many machines"
    )
    warehouse_memory_mib: int = Field(
        default=4096,
        ge=256,
        description="memory in MiB for loading, computing and releasing the marts; what goes over is put on disk",
    )
    lake_catalog: SecretStr | None = Field(
        default=None,
        description="libpq connection string of the lake's catalog (dbname=lake host=... user=...)",
    )
    lake_data: str | None = Field(
        default=None, description="folder or s3:// address of the lake's data, the same for every machine"
    )

    # What one document may cost; what goes over is a reject and the others are read.
    limit_seconds: int = Field(default=60, ge=1, description="seconds for reading one document")
    limit_scan_seconds: int = Field(
        default=600, ge=1, description="seconds instead, once text has to be recognised in pictures"
    )
    limit_memory_mib: int = Field(default=1024, ge=256, description="memory of a reading process in MiB")
    limit_file_mib: int = Field(default=100, ge=1, description="largest file in MiB")
    limit_unpacked_mib: int = Field(default=200, ge=1, description="largest unpacked container in MiB")
    limit_pages: int = Field(default=500, ge=1, description="pages of a document")
    limit_scan_pages: int = Field(default=100, ge=1, description="pages to be recognised in one document")
    limit_cells: int = Field(default=200_000, ge=1, description="table cells of a document")
    limit_members: int = Field(default=1000, ge=1, description="members of an archive, parts of a container")
    limit_archive_depth: int = Field(default=3, ge=1, description="archives inside archives")
    limit_depth: int = Field(default=100, ge=10, description="elements nested in each other")
    limit_characters: int = Field(default=5_000_000, ge=1000, description="characters of a document's text")
    reading_processes: int = Field(
        default=0, ge=0, description="documents read at the same time; 0 means one for each processor"
    )

    dask: str = Field(
        default="",
        description="address of a Dask scheduler, such as tcp://host:8786, whose workers read documents; empty: this machine does",
    )
    documents_url: str = Field(
        default="",
        description="where Dask's workers find the raw folder: an fsspec address; empty: the same path as here",
    )

    @model_validator(mode="after")
    def _resolve_paths(self) -> Self:
        self.home = self.home.expanduser().resolve()
        for name in ("raw_dir", "seeds_dir", "work_dir", "published_dir"):
            path: Path = getattr(self, name).expanduser()
            setattr(self, name, path if path.is_absolute() else self.home / path)
        if self.warehouse_target == "lake" and (self.lake_catalog is None or self.lake_data is None):
            sentence = (
                "the target lake needs HATANGSO_LAKE_CATALOG and HATANGSO_LAKE_DATA; see docs/scale-out.md"
            )
            raise ValueError(sentence)
        return self

    @property
    def warehouse(self) -> Location:
        """Where the nightly writes: a DuckDB file that nobody else opens, or the lake."""
        if self.warehouse_target == "lake" and self.lake_catalog is not None and self.lake_data is not None:
            return Lake(
                self.lake_catalog.get_secret_value(), self.lake_data, self.work_dir / "duckdb-extensions"
            )
        return self.work_dir / "warehouse.duckdb"

    @property
    def stages_dir(self) -> Path:
        """One Parquet file a stage: what the night handed from stage to stage."""
        return self.work_dir / "stages"

    @property
    def dagster_home(self) -> Path:
        """Run history of Dagster and its ``dagster.yaml``."""
        return self.work_dir / "dagster"

    @property
    def dbt_project_dir(self) -> Path:
        """The dbt project."""
        return self.home / PROJECT_MARK

    @property
    def dbt_target_dir(self) -> Path:
        """Where dbt writes its manifest, compiled SQL and static docs."""
        return self.work_dir / "dbt" / "target"

    @property
    def dbt_log_dir(self) -> Path:
        """Where dbt writes its log."""
        return self.work_dir / "dbt" / "logs"

    @property
    def current_release(self) -> Path:
        """The link that readers open; switched atomically."""
        return self.published_dir / "current"


def get_settings() -> Settings:
    """Settings of the environment as it is now."""
    return Settings()
