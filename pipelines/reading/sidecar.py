"""The sidecar: <file>.yml beside a document, with what the file itself cannot say."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import yaml

from pipelines.reading.errors import ReadingError

DOCUMENT_TYPES = ("plan", "report", "decision", "news", "table", "other")


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What a person stated about one document; every field may be absent."""

    sidecar_id: str | None = None
    issuer: str | None = None
    document_number: str | None = None
    title: str | None = None
    document_type: str | None = None
    issued_on: date | None = None
    source_url: str | None = None
    admin_unit: str | None = None
    received_at: datetime | None = None
    reference_year: int | None = None
    adjusts_document_number: str | None = None
    licence: str | None = None
    note: str | None = None


KEYS = tuple(name for name in Sidecar.__dataclass_fields__ if name != "sidecar_id")
_LARGEST = 2**16
_VIETNAM = timezone(timedelta(hours=7))
# Ten times as fast as the one in Python, where PyYAML was built with it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DATES = ("issued_on",)
_NUMBERS = ("reference_year",)


def sidecar_path(document: Path) -> Path:
    """Where the sidecar of a document lies: `plan.txt` has `plan.txt.yml`."""
    return document.with_name(document.name + ".yml")


def read_sidecar(document: Path, name: str) -> Sidecar:
    """The sidecar beside a document, or an empty one.

    Raises ReadingError("sidecar_invalid") naming file, line, key and remedy.
    """
    path = sidecar_path(document)
    if not path.is_file():
        archive, bang, _ = name.partition("!")
        holder = Path(str(document)[: len(str(document)) - len(name)] + archive)
        # A member of an archive has the archive's sidecar.
        return read_sidecar(holder, archive) if bang and holder.is_file() else Sidecar()
    shown = f"{name}.yml"
    if path.is_symlink() and not path.resolve().is_relative_to(document.parent.resolve()):
        raise ReadingError(
            "sidecar_invalid", f"{shown}: a link out of its folder; put the file itself there."
        )
    if path.stat().st_size > _LARGEST:
        raise ReadingError("sidecar_invalid", f"{shown}: larger than a sidecar can be; write short lines.")
    data = path.read_bytes()
    try:
        loaded = yaml.load(data.decode("utf-8-sig"), Loader=_LOADER)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "the file"
        raise ReadingError(
            "sidecar_invalid", f"{shown}: {where} is not valid YAML in UTF-8; write it as `key: value` lines."
        ) from None
    if loaded is None:
        loaded = {}
    if not isinstance(loaded, dict):
        raise ReadingError("sidecar_invalid", f"{shown}: expected `key: value` lines, found something else.")
    lines = {
        line.split(":", 1)[0].strip(): number for number, line in enumerate(data.decode().splitlines(), 1)
    }
    values: dict[str, object] = {}
    for key, value in loaded.items():
        where = f"{shown}, line {lines.get(str(key), 1)}"
        if key not in KEYS:
            raise ReadingError(
                "sidecar_invalid", f"{where}: unknown key {key!r}; use one of {', '.join(KEYS)}."
            )
        if value is not None:
            values[key] = _typed(key, value, where)
    return Sidecar(sidecar_id=hashlib.sha256(data).hexdigest(), **values)  # type: ignore[arg-type]


def _typed(key: str, value: object, where: str) -> object:
    if key in _DATES:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        raise ReadingError("sidecar_invalid", f"{where}: {key} is {value!r}; write a date as 2023-10-12.")
    if key == "received_at":
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime(value.year, value.month, value.day, tzinfo=_VIETNAM)
        if not isinstance(value, datetime):
            raise ReadingError(
                "sidecar_invalid",
                f"{where}: received_at is {value!r}; write a time as 2026-10-01T08:00:00+07:00.",
            )
        return value.astimezone(_VIETNAM).replace(tzinfo=None) if value.tzinfo else value
    if key in _NUMBERS:
        if isinstance(value, int) and 1990 <= value <= 2100:
            return value
        raise ReadingError("sidecar_invalid", f"{where}: {key} is {value!r}; write a year as 2023.")
    if key == "document_type" and value not in DOCUMENT_TYPES:
        raise ReadingError(
            "sidecar_invalid", f"{where}: document_type is {value!r}; use one of {', '.join(DOCUMENT_TYPES)}."
        )
    if isinstance(value, (dict, list)):
        raise ReadingError("sidecar_invalid", f"{where}: {key} must be one value, not a list.")
    return str(value).strip()
