"""hatangso doctor: what is installed and configured, and what each missing part would enable."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import typer

from pipelines.commands.output import FAILURE, print_csv, print_jsonl, print_table, say
from pipelines.settings import Settings, get_settings

PACKAGES = ("dagster", "dagster-dbt", "dbt-core", "dbt-duckdb", "duckdb", "polars", "pandera")
# Programs that no part of the nightly needs: (names, what they are, what they would enable).
OPTIONAL_PROGRAMS = (
    (
        ("chromium", "chromium-browser", "google-chrome"),
        "chromium",
        "tests of the released pages in a browser",
    ),
    (("soffice", "libreoffice"), "libreoffice", "tests that write every format (nothing is read with it)"),
)
COLUMNS = ("part", "status", "found", "remedy")


@dataclass(frozen=True)
class Finding:
    """One thing looked at. ``status`` is ok, missing (the nightly needs it) or optional (it does not)."""

    part: str
    status: str
    found: str
    remedy: str = ""


def run_doctor(*, jsonl: bool, csv: bool) -> None:
    """Print the findings; exit 1 where something needed is missing."""
    findings = list(examine(get_settings()))
    rows = [asdict(finding) for finding in findings]
    if jsonl:
        print_jsonl(rows)
    elif csv:
        print_csv(rows, COLUMNS)
    else:
        print_table(rows, COLUMNS)
    missing = [finding.part for finding in findings if finding.status == "missing"]
    if missing:
        say(f"The nightly cannot run: {', '.join(missing)}.")
        raise typer.Exit(FAILURE)


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything the doctor looks at, in the order in which it matters."""
    yield Finding("python", "ok", platform.python_version())
    for package in PACKAGES:
        try:
            yield Finding(package, "ok", version(package))
        except PackageNotFoundError:
            yield Finding(package, "missing", "", "run `make setup`")
    dbt = Path(sys.executable).parent / "dbt"
    yield _exists("dbt program", dbt, "run `make setup`")
    yield _exists(
        "dbt project",
        settings.dbt_project_dir / "dbt_project.yml",
        "set HATANGSO_HOME to the project's folder",
    )
    yield _exists(
        "catalog",
        settings.seeds_dir / "indicators.csv",
        "set HATANGSO_SEEDS_DIR to the folder of the catalog",
    )
    yield _documents(settings.raw_dir)
    for part, folder in (("work folder", settings.work_dir), ("published folder", settings.published_dir)):
        yield _writable(part, folder)
    yield _release(settings)
    yield _message(settings)
    yield _recognition()
    for names, program, enables in OPTIONAL_PROGRAMS:
        path = next((found for name in names if (found := shutil.which(name))), None)
        if path:
            yield Finding(program, "ok", path)
        else:
            yield Finding(program, "optional", "", f"would enable {enables}")


def _recognition() -> Finding:
    """Whether scans can be read, by the same test that the reader makes."""
    from pipelines.reading.recognition import PACKAGES, missing_parts

    missing = missing_parts()
    if missing:
        remedy = f"{missing} is missing: install {PACKAGES}; would enable reading scanned documents"
        return Finding("tesseract", "optional", "", remedy)
    return Finding("tesseract", "ok", f"{shutil.which('tesseract')} with Vietnamese data")


def _exists(part: str, path: Path, remedy: str) -> Finding:
    return Finding(part, "ok", str(path)) if path.exists() else Finding(part, "missing", str(path), remedy)


def _documents(raw_dir: Path) -> Finding:
    if not raw_dir.is_dir():
        return Finding("documents", "missing", str(raw_dir), "create the folder and put documents there")
    count = sum(1 for path in raw_dir.rglob("*") if path.is_file() and path.suffix != ".yml")
    if not count:
        return Finding("documents", "missing", f"{raw_dir} is empty", "put documents there")
    return Finding("documents", "ok", f"{count} files in {raw_dir}")


def _writable(part: str, folder: Path) -> Finding:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if existing.is_dir() and os.access(existing, os.W_OK):
        free = shutil.disk_usage(existing).free // 2**20
        return Finding(part, "ok", f"{folder} ({free} MB free)")
    return Finding(part, "missing", f"{folder} cannot be written", "change its owner or its permissions")


def _message(settings: Settings) -> Finding:
    """How many addresses get the morning message; they are secrets and are not shown."""
    count = len(settings.message_urls.get_secret_value().split())
    if count:
        return Finding("morning message", "ok", f"{count} addresses")
    remedy = "addresses in HATANGSO_MESSAGE_URLS would enable a message each morning, and at once on failure"
    return Finding("morning message", "optional", "", remedy)


def _release(settings: Settings) -> Finding:
    if settings.current_release.is_symlink():
        return Finding("current release", "ok", settings.current_release.readlink().name)
    return Finding("current release", "optional", "", "`hatangso nightly` makes the first one")
