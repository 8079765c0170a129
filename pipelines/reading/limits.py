"""What one document may cost; every number is a setting, HATANGSO_LIMIT_..."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.settings import Settings

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for one document.

    `seconds` of wall time, `scan_seconds` instead once text has to be recognised in pictures;
    `memory_mib` of address space of the reading process; `file_mib` as received; `unpacked_mib` of all
    parts of a container together; `pages`, `cells`, `members` of an archive, `archive_depth` of archives
    inside archives, `depth` of elements inside elements, `characters` of text.
    """

    seconds: int = 60
    scan_seconds: int = 600
    memory_mib: int = 1024
    file_mib: int = 100
    unpacked_mib: int = 200
    pages: int = 500
    scan_pages: int = 100
    cells: int = 200_000
    members: int = 1000
    archive_depth: int = 3
    depth: int = 100
    characters: int = 5_000_000

    @property
    def file_bytes(self) -> int:
        """Largest file in bytes."""
        return self.file_mib * MIB

    @property
    def unpacked_bytes(self) -> int:
        """Largest sum of a container's unpacked parts in bytes."""
        return self.unpacked_mib * MIB

    @property
    def memory_bytes(self) -> int:
        """Address space of a reading process in bytes."""
        return self.memory_mib * MIB


def limits_of(settings: Settings) -> Limits:
    """The limits that the settings give."""
    return Limits(**{field.name: getattr(settings, f"limit_{field.name}") for field in fields(Limits)})


def current_limits() -> Limits:
    """The limits of the environment as it is now."""
    # Late, for a reading process is given its limits and must start quickly.
    from pipelines.settings import get_settings

    return limits_of(get_settings())
