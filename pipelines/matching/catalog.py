"""The catalog as matching needs it, read from data/seeds and checked before anything is written.

A wrong row is reported with its file, line, reason and remedy; all of them at once.
"""

from __future__ import annotations

import csv
import hashlib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from pipelines.matching.normal_form import normal_form

UNITS = ("percent", "per_100_people", "count", "mbps", "km", "boolean", "ratio", "money", "other")
ROLES = (
    "subject", "essential", "foreign", "optional", "neutral", "composite", "operator", "zone", "sector", "country",
    "segment_area", "segment_group", "segment_level", "segment_field", "abroad",
)  # fmt: skip
_REQUIRED = {
    "indicators.csv": ("indicator_code", "unit", "direction", "name_vi"),
    "concepts.csv": ("concept", "role", "implies", "enumerates_as", "absorbs"),
    "synonyms.csv": ("wording", "concept"),
    "indicator_aliases.csv": ("alias", "indicator_code", "segment"),
    "admin_units.csv": (
        "admin_unit_code",
        "level",
        "name",
        "bare_name",
        "unit_type",
        "parent_code",
        "valid_from",
        "valid_to",
    ),
    "admin_unit_aliases.csv": ("alias", "admin_unit_code", "valid_from"),
    "ignored_labels.csv": ("label", "reason"),
    "unit_spellings.csv": ("spelling", "unit", "multiplier"),
    "corrections.csv": (
        "correction_id",
        "document_id",
        "indicator_code",
        "admin_unit_code",
        "year",
        "kind",
        "expected_value",
        "right_value",
        "reason",
        "corrected_by",
        "corrected_on",
    ),
}
_KINDS = ("actual", "estimate", "baseline", "target")
_DOCUMENT_ID = re.compile(r"[0-9a-f]{64}")


class CatalogError(Exception):
    """The catalog is wrong: the night must stop before anything is written."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator, as far as matching is concerned."""

    code: str
    unit: str
    name_vi: str
    parent_code: str | None


@dataclass(frozen=True, slots=True)
class Concept:
    """What a group of wordings means and how it takes part in a match."""

    name: str
    role: str
    implies: tuple[str, ...]
    enumerates_as: str | None
    absorbs: tuple[str, ...]


class AdminUnit(NamedTuple):
    """One unit in one period of validity (valid_to inclusive, None while it lasts)."""

    code: str
    level: str
    name: str
    bare_name: str
    unit_type: str
    parent_code: str | None
    valid_from: date
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        """Whether the unit exists on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Catalog:
    """Everything that matching looks up, read once a night."""

    seeds_dir: Path
    indicators: dict[str, Indicator]
    concepts: dict[str, Concept]
    synonyms: dict[str, str]
    aliases: tuple[tuple[str, str, str | None], ...]
    ignored_labels: frozenset[str]
    unit_aliases: tuple[tuple[str, str, date | None], ...]
    confidence_bar: float

    @cached_property
    def admin_units(self) -> tuple[AdminUnit, ...]:
        """All administrative units, read when a place is first looked up."""
        return tuple(_admin_units(self.seeds_dir))

    @cached_property
    def provinces(self) -> tuple[AdminUnit, ...]:
        """The country and its provinces alone, which most documents need no more than."""
        return tuple(_admin_units(self.seeds_dir, ("country", "province")))

    @cached_property
    def province_names(self) -> tuple[str, ...]:
        """Bare names of all provinces, old and new: words of a name ("Sóc Trăng") name no village."""
        return tuple(sorted({unit.bare_name for unit in self.provinces if unit.level == "province"}))

    def wordings_of(self, role: str) -> tuple[str, ...]:
        """The wordings of all concepts of a role, in the catalog's order."""
        return tuple(w for w, concept in self.synonyms.items() if self.concepts[concept].role == role)

    @cached_property
    def place_names(self) -> frozenset[str]:
        """Normal forms of the units' names with their types, and of provinces' bare names and aliases."""
        names = {unit.name for unit in self.admin_units if unit.level != "country"}
        names |= {*self.province_names, *(alias for alias, _, _ in self.unit_aliases)}
        return frozenset(map(normal_form, names))

    @cached_property
    def catalog_id(self) -> str:
        """SHA-256 over the files that matching depends on."""
        digest = hashlib.sha256()
        for name in (*sorted(_REQUIRED), "progress_rules.csv"):
            digest.update(name.encode() + b"\0" + (self.seeds_dir / name).read_bytes())
        return digest.hexdigest()


def load_catalog(seeds_dir: Path) -> Catalog:
    """Read and check the catalog. Raises CatalogError with one sentence for every wrong row."""
    wrong: list[str] = []
    tables = {name: list(_rows(seeds_dir, name, wrong)) for name in _REQUIRED if name != "admin_units.csv"}
    if not (seeds_dir / "admin_units.csv").is_file():
        wrong.append(
            f"{seeds_dir / 'admin_units.csv'}: the file is missing; restore it or run `make catalog`."
        )
    if wrong:
        raise CatalogError(wrong)
    indicators = _indicators(tables["indicators.csv"], wrong)
    concepts = _concepts(tables["concepts.csv"], wrong)
    synonyms = _synonyms(tables["synonyms.csv"], concepts, wrong)
    aliases = _aliases(tables["indicator_aliases.csv"], indicators, wrong)
    unit_aliases = tuple(
        (
            row["alias"],
            row["admin_unit_code"],
            date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
        )
        for _, row in tables["admin_unit_aliases.csv"]
    )
    ignored = frozenset(normal_form(row["label"]) for _, row in tables["ignored_labels.csv"])
    bar = _confidence_bar(seeds_dir, wrong)
    _check_unit_spellings(tables["unit_spellings.csv"], wrong)
    _check_corrections(tables["corrections.csv"], indicators, seeds_dir, wrong)
    if wrong:
        raise CatalogError(wrong)
    return Catalog(seeds_dir, indicators, concepts, synonyms, aliases, ignored, unit_aliases, bar)


def _rows(seeds_dir: Path, name: str, wrong: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """(place in the file, row) of one seed."""
    path = seeds_dir / name
    shown = f"data/seeds/{name}"
    if not path.is_file():
        wrong.append(f"{shown}: the file is missing; restore it from the repository.")
        return
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [
                column for column in _REQUIRED.get(name, ()) if column not in (reader.fieldnames or ())
            ]
            if missing:
                wrong.append(
                    f"{shown}, line 1: column {', '.join(missing)} is missing; add it to the header."
                )
                return
            for row in reader:
                if None in row or None in row.values():
                    wrong.append(
                        f"{shown}, line {reader.line_num}: not as many cells as the header; mend the row."
                    )
                    continue
                yield f"{shown}, line {reader.line_num}", {k: v.strip() for k, v in row.items()}
    except (UnicodeDecodeError, csv.Error) as error:
        wrong.append(f"{shown}: cannot be read as CSV in UTF-8 ({error}); save it again as UTF-8.")


def _indicators(rows: list[tuple[str, dict[str, str]]], wrong: list[str]) -> dict[str, Indicator]:
    found: dict[str, Indicator] = {}
    for place, row in rows:
        code = row["indicator_code"]
        if code in found:
            wrong.append(f"{place}: indicator {code} stands twice; remove one of the rows.")
        if row["unit"] not in UNITS:
            wrong.append(f"{place}: unknown unit {row['unit']!r} of {code}; use one of {', '.join(UNITS)}.")
        if row["direction"] not in {"higher_is_better", "lower_is_better"}:
            wrong.append(f"{place}: direction of {code} must be higher_is_better or lower_is_better.")
        found[code] = Indicator(code, row["unit"], row["name_vi"], row.get("parent_indicator_code") or None)
    return found


def _concepts(rows: list[tuple[str, dict[str, str]]], wrong: list[str]) -> dict[str, Concept]:
    found: dict[str, Concept] = {}
    for place, row in rows:
        if row["role"] not in ROLES:
            wrong.append(f"{place}: unknown role {row['role']!r}; use one of {', '.join(ROLES)}.")
        found[row["concept"]] = Concept(
            row["concept"],
            row["role"],
            tuple(filter(None, row["implies"].split(";"))),
            row["enumerates_as"] or None,
            tuple(filter(None, row["absorbs"].split(";"))),
        )
    for place, row in rows:
        named = [*row["implies"].split(";"), row["enumerates_as"], *row["absorbs"].split(";")]
        wrong += [
            f"{place}: concept {row['concept']} names {other!r}, which is not in the file; add it."
            for other in named
            if other and other not in found
        ]
    return found


def _synonyms(
    rows: list[tuple[str, dict[str, str]]], concepts: dict[str, Concept], wrong: list[str]
) -> dict[str, str]:
    found: dict[str, str] = {}
    for place, row in rows:
        wording = normal_form(row["wording"])
        if row["concept"] not in concepts:
            wrong.append(
                f"{place}: unknown concept {row['concept']!r} for {row['wording']!r}; use one from concepts.csv."
            )
        elif found.get(wording, row["concept"]) != row["concept"]:
            wrong.append(
                f"{place}: {row['wording']!r} already means {found[wording]}; keep one of the two rows."
            )
        found[wording] = row["concept"]
    return found


def _aliases(
    rows: list[tuple[str, dict[str, str]]], indicators: dict[str, Indicator], wrong: list[str]
) -> tuple[tuple[str, str, str | None], ...]:
    found: list[tuple[str, str, str | None]] = []
    meanings: dict[tuple[str, str, str], tuple[str, str]] = {}
    for place, row in rows:
        code = row["indicator_code"]
        if code not in indicators:
            wrong.append(
                f"{place}: unknown indicator {code!r} for alias {row['alias']!r}; use a code from indicators.csv."
            )
            continue
        key = (normal_form(row["alias"]), indicators[code].unit, row["segment"])
        other = meanings.setdefault(key, (code, place))
        if other[0] != code:
            wrong.append(
                f"{place}: alias {row['alias']!r} points to {code}, but {other[1].split(', ')[1]} points it to "
                f"{other[0]} with the same unit; keep one of the two rows."
            )
        found.append((row["alias"], code, row["segment"] or None))
    return tuple(found)


def _check_unit_spellings(rows: list[tuple[str, dict[str, str]]], wrong: list[str]) -> None:
    for place, row in rows:
        if row["unit"] not in UNITS:
            wrong.append(
                f"{place}: unknown unit {row['unit']!r} of {row['spelling']!r}; use one of {', '.join(UNITS)}."
            )
        if not row["spelling"]:
            wrong.append(f"{place}: the spelling is empty; write it or remove the row.")
        _check_number(place, "multiplier", row["multiplier"], wrong)


def _check_corrections(
    rows: list[tuple[str, dict[str, str]]],
    indicators: dict[str, Indicator],
    seeds_dir: Path,
    wrong: list[str],
) -> None:
    """Corrections are applied by dbt; what dbt would only fail on is told here before anything is written."""
    if not rows:
        return
    codes = {unit.code for unit in _admin_units(seeds_dir)}
    places: dict[str, str] = {}
    for place, row in rows:
        name = row["correction_id"]
        wrong += [
            f"{place}: {column} is empty; fill it in."
            for column in ("correction_id", "reason", "corrected_by")
            if not row[column]
        ]
        if name and places.setdefault(name, place) != place:
            wrong.append(
                f"{place}: correction {name} stands on {places[name].split(', ')[1]} too; give it a name of its own."
            )
        if not _DOCUMENT_ID.fullmatch(row["document_id"]):
            wrong.append(
                f"{place}: document_id {row['document_id']!r} is no SHA-256; copy it from marts.dim_document."
            )
        if row["indicator_code"] not in indicators:
            wrong.append(
                f"{place}: unknown indicator {row['indicator_code']!r}; use a code from indicators.csv."
            )
        if row["admin_unit_code"] not in codes:
            wrong.append(
                f"{place}: unknown administrative unit {row['admin_unit_code']!r}; use a code from admin_units.csv, "
                "with its leading zeros."
            )
        if not re.fullmatch(r"(?:19|20)\d\d", row["year"]):
            wrong.append(f"{place}: {row['year']!r} is no year; write it with four digits, such as 2024.")
        if row["kind"] not in _KINDS:
            wrong.append(f"{place}: unknown kind {row['kind']!r}; use one of {', '.join(_KINDS)}.")
        numbers = [
            _check_number(place, column, row[column], wrong) for column in ("expected_value", "right_value")
        ]
        if numbers[0] is not None and numbers[0] == numbers[1]:
            wrong.append(f"{place}: expected_value and right_value are the same; remove the row.")
        try:
            date.fromisoformat(row["corrected_on"])
        except ValueError:
            wrong.append(f"{place}: corrected_on {row['corrected_on']!r} is no date; write it as 2024-12-31.")


def _check_number(place: str, column: str, text: str, wrong: list[str]) -> float | None:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if math.isfinite(number):
        return number
    wrong.append(f"{place}: {column} {text!r} is no number; write it with a dot and no unit, such as 80.5.")
    return None


def _confidence_bar(seeds_dir: Path, wrong: list[str]) -> float:
    path = seeds_dir / "progress_rules.csv"
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["parameter"] == "confidence_bar":
                    return float(row["value"])
    wrong.append("data/seeds/progress_rules.csv: no row with parameter confidence_bar; add one, such as 0.6.")
    return 0.0


def _admin_units(seeds_dir: Path, levels: tuple[str, ...] = ()) -> Iterator[AdminUnit]:
    """Rows of admin_units.csv, of some levels only where these are given."""
    wanted = tuple(f",{level}," for level in levels)
    with (seeds_dir / "admin_units.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader([next(file)]))
        pick = itemgetter(*(header.index(column) for column in _REQUIRED["admin_units.csv"]))
        # Most rows are communes: passing over them as text is what keeps a single document quick.
        lines = (line for line in file if any(level in line for level in wanted)) if wanted else file
        days: dict[str, date | None] = {"": None}
        for row in csv.reader(lines):
            code, level, name, bare, unit_type, parent, start, end = pick(row)
            for day in (start, end):
                if day not in days:
                    days[day] = date.fromisoformat(day)
            if not levels or level in levels:
                yield AdminUnit(
                    code, level, name, bare, unit_type, parent or None, days[start] or date.min, days[end]
                )
