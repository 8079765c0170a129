"""Names of releases and hashes of their content. Nothing is read from the clock."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

NAME = re.compile(r"(?P<date>\d{4}-\d{2}-\d{2})-(?P<number>\d{4,})-(?P<content>[0-9a-f]{8})")
CHUNK = 1 << 20


@dataclass(frozen=True, order=True)
class ReleaseName:
    """``<latest receipt>-<number>-<start of content_id>``: sorts by date, then by order of publication.

    ``number`` counts the releases of one published folder, so that the newest is known even where
    the latest receipt went back.
    """

    number: int
    received_on: date
    content_id: str

    def __str__(self) -> str:
        return f"{self.received_on.isoformat()}-{self.number:04d}-{self.content_id[:8]}"


def parse_name(name: str) -> ReleaseName | None:
    """The parts of a release folder's name, or None for another folder.

    >>> parse_name("2026-10-12-0003-0a1b2c3d").number
    3
    >>> parse_name("current") is None
    True
    """
    match = NAME.fullmatch(name)
    if match is None:
        return None
    return ReleaseName(int(match["number"]), date.fromisoformat(match["date"]), match["content"])


def existing_releases(published_dir: Path) -> list[ReleaseName]:
    """The releases in a folder, oldest first."""
    if not published_dir.is_dir():
        return []
    names = (
        parse_name(path.name) for path in published_dir.iterdir() if path.is_dir() and not path.is_symlink()
    )
    return sorted(name for name in names if name is not None)


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def combined_hash(hashes: Mapping[str, str]) -> str:
    """One SHA-256 over named hashes, independent of their order."""
    digest = hashlib.sha256()
    for name in sorted(hashes):
        digest.update(f"{name}\0{hashes[name]}\n".encode())
    return digest.hexdigest()


def catalog_hashes(seeds_dir: Path) -> dict[str, str]:
    """SHA-256 of every table of the catalog, by file name."""
    return {path.name: file_hash(path) for path in sorted(seeds_dir.glob("*.csv"))}
