"""Backup and restore: the warehouse, the documents, the catalog and the current release as one tar file.

Stage files, logs and Dagster's history are left out: a night makes them again. The night must not run
meanwhile; the commands hold its lock.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.settings import Lake, Settings
from pipelines.warehouse.connection import WarehouseError, connect, literal
from pipelines.warehouse.migrations import MIGRATIONS

CONTENTS = "backup.json"
FORMAT = 1


@dataclass(frozen=True)
class Saved:
    """What a backup holds: number of files, and its size in bytes."""

    files: int
    byte_count: int


@dataclass(frozen=True)
class Restored:
    """The parts that were put back, and the folders and files that had been in their place."""

    parts: list[str]
    aside: list[Path]


def write_backup(file: Path, settings: Settings) -> Saved:
    """Write a backup; the file appears once it is complete. Raises ``WarehouseError`` where it cannot be written."""
    warehouse = _own_file(settings)
    part = file.with_name(file.name + ".part")
    hashes: dict[str, str] = {}
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with (
            TemporaryDirectory(dir=file.parent, prefix=".hatangso-backup-") as folder,
            tarfile.open(part, "w:gz", compresslevel=3) as archive,
        ):
            if warehouse.is_file():
                _add(archive, _copy_of(warehouse, Path(folder)), "warehouse.duckdb", hashes)
            for name, source in _folders(settings).items():
                for path in sorted(source.rglob("*")):
                    if path.is_file() and not path.is_symlink():
                        _add(archive, path, f"{name}/{path.relative_to(source).as_posix()}", hashes)
            current = settings.current_release
            contents = {
                "format": FORMAT,
                "schema_version": len(MIGRATIONS),
                "release": current.resolve().name if current.is_dir() else None,
                "files": hashes,
            }
            told = json.dumps(contents, ensure_ascii=False, indent=1).encode()
            entry = tarfile.TarInfo(CONTENTS)
            entry.size = len(told)
            archive.addfile(entry, io.BytesIO(told))
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        said = (error.strerror or str(error)).lower()
        sentence = f"{file}: the backup could not be written ({said}); nothing was left behind. Free space or choose another place."
        raise WarehouseError(sentence) from error
    return Saved(len(hashes), file.stat().st_size)


def read_backup(file: Path, settings: Settings) -> Restored:
    """Put back all that a backup holds, once all of it is whole; what is there is renamed, never removed.

    Raises ``WarehouseError`` where the file is no backup, is damaged, or is of a newer version: nothing is
    changed then.
    """
    warehouse = _own_file(settings)
    settings.work_dir.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=settings.work_dir, prefix=".restoring-") as name:
        folder = Path(name)
        release = _unpacked(file, folder)
        parts: list[str] = []
        aside: list[Path] = []
        if (folder / "warehouse.duckdb").is_file():
            log = warehouse.with_name(warehouse.name + ".wal")
            aside += _moved_aside(log)
            aside += _put(folder / "warehouse.duckdb", warehouse)
            parts.append("the warehouse")
        for part, source in (("raw", settings.raw_dir), ("seeds", settings.seeds_dir)):
            if (folder / part).is_dir():
                aside += _put(folder / part, source)
                parts.append(f"{source.name}/")
        if release is not None and (folder / "release").is_dir():
            target = settings.published_dir / release
            if not target.exists():
                settings.published_dir.mkdir(parents=True, exist_ok=True)
                _put(folder / "release", target)
            _point_to(settings, release)
            parts.append(f"the release {release}")
    return Restored(parts, aside)


def _own_file(settings: Settings) -> Path:
    """The file of the warehouse; a lake is saved where it lies."""
    if isinstance(settings.warehouse, Lake):
        sentence = (
            f"{settings.warehouse} is saved by pg_dump of its catalog and then a copy of its data;"
            " see docs/scale-out.md."
        )
        raise WarehouseError(sentence)
    return settings.warehouse


def _folders(settings: Settings) -> dict[str, Path]:
    found = {"raw": settings.raw_dir, "seeds": settings.seeds_dir}
    if settings.current_release.is_dir():
        found["release"] = settings.current_release.resolve()
    return {name: path for name, path in found.items() if path.is_dir()}


def _copy_of(warehouse: Path, folder: Path) -> Path:
    """The warehouse with its log written into it, copied by the database itself."""
    copy = folder / "warehouse.duckdb"
    with connect(copy) as connection:
        connection.execute(f"attach {literal(str(warehouse))} as source (read_only)")
        connection.execute(f"copy from database source to {copy.stem}")
    return copy


def _add(archive: tarfile.TarFile, path: Path, name: str, hashes: dict[str, str]) -> None:
    with path.open("rb") as stream:
        hashes[name] = hashlib.file_digest(stream, "sha256").hexdigest()
    archive.add(path, name, recursive=False)


def _unpacked(file: Path, folder: Path) -> str | None:
    """Unpack a backup and compare every file with its hash; returns the name of the release in it."""
    try:
        with tarfile.open(file, "r:gz") as archive:
            archive.extractall(folder, filter="data")
        contents = json.loads((folder / CONTENTS).read_text(encoding="utf-8"))
        if contents["format"] > FORMAT or contents["schema_version"] > len(MIGRATIONS):
            sentence = f"{file}: this backup is of a newer version of hatangso; install that version. Nothing was changed."
            raise WarehouseError(sentence)
        for name, expected in contents["files"].items():
            with (folder / name).open("rb") as stream:
                if hashlib.file_digest(stream, "sha256").hexdigest() != expected:
                    sentence = (
                        f"{file}: {name} in this backup is damaged; use another backup. Nothing was changed."
                    )
                    raise WarehouseError(sentence)
    except FileNotFoundError as error:
        sentence = f"{file}: there is no such backup, or it is not whole; nothing was changed."
        raise WarehouseError(sentence) from error
    except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError, OSError) as error:
        said = " ".join(str(error).split())[:120].rstrip(".")
        sentence = (
            f"{file}: this is no backup, or it is damaged ({said}); use another one. Nothing was changed."
        )
        raise WarehouseError(sentence) from error
    release: str | None = contents["release"]
    return release


def _put(source: Path, target: Path) -> list[Path]:
    aside = _moved_aside(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(source, target)
    return aside


def _moved_aside(target: Path) -> list[Path]:
    if not target.exists():
        return []
    number = 1
    while (aside := target.with_name(f"{target.name}.before-restore-{number}")).exists():
        number += 1
    return [target.rename(aside)]


def _point_to(settings: Settings, release: str) -> None:
    following = settings.published_dir / ".current-restored"
    following.unlink(missing_ok=True)
    following.symlink_to(release, target_is_directory=True)
    following.replace(settings.current_release)
