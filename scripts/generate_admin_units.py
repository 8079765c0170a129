"""Rewrite the administrative units of the catalog from the PyPI package vietnamadminunits (MIT).

What belongs here: everything that is derived from the package, that is data/seeds/admin_units.csv
and data/seeds/admin_unit_successors.csv. What does not: data/seeds/admin_unit_aliases.csv, which
is kept by hand, and anything that runs at night.

    python scripts/generate_admin_units.py [--seeds-dir data/seeds]

The same package version gives byte-identical files. The package is read as data (its SQLite file
and its conversion table), none of its code is run. The columns are described in
data/seeds/_seeds_admin_units.yml.

Known faults of the source, and what is done about each:

- Seven units carry a type column that contradicts their printed name: the name decides.
- Six communes have a word of their name in lower case ("Xã Pa ủ"): it is capitalised.
- Where two old communes of one new province bear the same name, the conversion table may give one
  of them the new communes of both. See `find_same_name_exclusions`.
- Some units were not found on the map and were given the point of the unit above them, and some new
  communes have the point of a namesake. See `locate_old_units` and `locate_new_communes`.
"""

from __future__ import annotations

import argparse
import csv
import importlib.metadata
import importlib.util
import json
import math
import sqlite3
import statistics
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

PACKAGE = "vietnamadminunits"
PACKAGE_VERSION = "1.0.4"

COUNTRY_CODE = "VN"
COUNTRY_VALID_FROM = "1976-07-02"
OLD_VALID_FROM = "2008-08-01"
OLD_VALID_TO = "2025-06-30"
NEW_VALID_FROM = "2025-07-01"

OLD_PROVINCE_BASIS = "Nghị quyết 15/2008/QH12"
NEW_PROVINCE_BASIS = "Nghị quyết 202/2025/QH15"
DISTRICT_END_BASIS = "Luật Tổ chức chính quyền địa phương 72/2025/QH15"
NEW_COMMUNE_BASIS = "Nghị quyết của UBTVQH về sắp xếp ĐVHC cấp xã năm 2025"

UNIT_TYPES = ("thành phố", "thị trấn", "thị xã", "đặc khu", "phường", "huyện", "tỉnh", "quận", "xã")
LEVEL_ORDER = ("country", "province", "district", "commune")

SHARE_STEP = Decimal("0.000001")
EARTH_DIAMETER_KM = 12742.0
# No commune but the island ones is 40 km across; beyond that the centre is a namesake's.
CENTRE_TOO_FAR_KM = 40.0
SOURCES_AGREE_KM = 25.0

UNIT_COLUMNS = (
    "admin_unit_code",
    "level",
    "name",
    "bare_name",
    "unit_type",
    "parent_code",
    "parent_valid_from",
    "valid_from",
    "valid_to",
    "change_type",
    "legal_basis",
    "latitude",
    "longitude",
)
SUCCESSOR_COLUMNS = ("old_code", "old_valid_from", "new_code", "new_valid_from", "share", "share_basis")

Point = tuple[float, float]
Row = dict[str, str]


class SourceError(Exception):
    """The package is missing, has another version, or holds something this script does not expect."""


@dataclass(frozen=True)
class SourceProvince:
    """One province of one list. `key` is the package's own spelling without diacritics."""

    code: str
    key: str
    name: str
    point: Point


@dataclass(frozen=True)
class SourceDistrict:
    """One district of the old list; `code` has three digits."""

    code: str
    name: str
    province_code: str
    point: Point


@dataclass(frozen=True)
class SourceCommune:
    """One commune. `district_code` is empty in the new list; `key` is how the conversion table names it."""

    code: str
    key: str
    name: str
    province_code: str
    district_code: str
    point: Point


@dataclass(frozen=True)
class Source:
    """What is read from the package, with the conversion table resolved to codes.

    `successors`: old commune code -> new commune codes. `defaults`: the new commune that the package
    takes for a divided old one when it knows no street. `island_districts`: old districts that had
    no communes -> the new commune (đặc khu) that they became.
    """

    old_provinces: dict[str, SourceProvince]
    new_provinces: dict[str, SourceProvince]
    province_successor: dict[str, str]
    districts: dict[str, SourceDistrict]
    old_communes: dict[str, SourceCommune]
    new_communes: dict[str, SourceCommune]
    successors: dict[str, list[str]]
    defaults: dict[str, str]
    island_districts: dict[str, str]


def find_package_data() -> Path:
    """Return the package's data folder.

    Raises SourceError, with the remedy, when the package is missing or not the version whose
    figures were checked.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        message = (
            f"The Python package {PACKAGE} is not installed; it is needed only to rewrite the administrative "
            f"units: pip install {PACKAGE}=={PACKAGE_VERSION}"
        )
        raise SourceError(message)
    version = importlib.metadata.version(PACKAGE)
    if version != PACKAGE_VERSION:
        message = (
            f"{PACKAGE} {version} is installed but the catalog was checked against {PACKAGE_VERSION}: install "
            f"that one, or change PACKAGE_VERSION here and look through every difference in data/seeds."
        )
        raise SourceError(message)
    return Path(spec.origin).parent / "data"


def read_source(folder: Path) -> Source:
    """Read both lists and the conversion table. Raises SourceError when they do not fit each other."""
    with closing(sqlite3.connect(f"{(folder / 'dataset.db').as_uri()}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        old_rows = connection.execute(
            "select province, provinceKey, provinceCode, provinceLat, provinceLon, district, districtKey,"
            " districtCode, districtLat, districtLon, ward, wardKey, wardCode, wardLat, wardLon"
            " from admin_units_legacy"
        ).fetchall()
        new_rows = connection.execute(
            "select province, provinceKey, provinceCode, provinceLat, provinceLon, ward, wardKey, wardCode,"
            " wardLat, wardLon from admin_units"
        ).fetchall()
    conversion = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))

    districts = {
        row["districtCode"]: SourceDistrict(
            code=row["districtCode"],
            name=row["district"],
            province_code=row["provinceCode"],
            point=(row["districtLat"], row["districtLon"]),
        )
        for row in old_rows
    }
    old_communes = {
        row["wardCode"]: _commune(row, row["districtCode"]) for row in old_rows if row["wardCode"]
    }
    new_communes = {row["wardCode"]: _commune(row, "") for row in new_rows}
    if len(old_communes) != sum(bool(row["wardCode"]) for row in old_rows) or len(new_communes) != len(
        new_rows
    ):
        message = f"{PACKAGE} gives one code to two communes of the same list."
        raise SourceError(message)

    new_code = {(row["provinceKey"], row["wardKey"]): row["wardCode"] for row in new_rows}
    candidates: dict[str, list[str]] = defaultdict(list)
    default_of: dict[str, str] = {}
    for province_key, communes in conversion["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune_key, old_keys in communes.items():
            for old_key in old_keys:
                candidates[old_key].append(new_code[province_key, commune_key])
    for province_key, divided in conversion["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old_key, pieces in divided.items():
            for piece in pieces:
                code = new_code[province_key, piece["newWardKey"]]
                candidates[old_key].append(code)
                if piece["isDefaultNewWard"]:
                    default_of[old_key] = code

    successors: dict[str, list[str]] = {}
    defaults: dict[str, str] = {}
    island_districts: dict[str, str] = {}
    for row in old_rows:
        old_key = f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}"
        targets = sorted(candidates.pop(old_key, []))
        if not targets or len(set(targets)) != len(targets):
            message = f"{PACKAGE} has no usable conversion for {old_key}: {targets}"
            raise SourceError(message)
        if row["wardCode"]:
            successors[row["wardCode"]] = targets
            defaults[row["wardCode"]] = default_of.get(old_key, targets[0])
        else:
            island_districts[row["districtCode"]] = targets[0]
    if candidates:
        message = f"{PACKAGE} converts communes that its old list does not have: {sorted(candidates)[:5]}"
        raise SourceError(message)

    old_provinces = _provinces(old_rows)
    new_provinces = _provinces(new_rows)
    new_province_code = {province.key: province.code for province in new_provinces.values()}
    old_province_code = {province.key: province.code for province in old_provinces.values()}
    province_successor = {
        old_province_code[old_key]: new_province_code[new_key]
        for new_key, old_keys in conversion["DICT_PROVINCE"].items()
        for old_key in old_keys
    }
    if set(province_successor) != set(old_provinces):
        message = f"{PACKAGE} does not convert every old province."
        raise SourceError(message)
    return Source(
        old_provinces=old_provinces,
        new_provinces=new_provinces,
        province_successor=province_successor,
        districts=districts,
        old_communes=old_communes,
        new_communes=new_communes,
        successors=successors,
        defaults=defaults,
        island_districts=island_districts,
    )


def _commune(row: sqlite3.Row, district_code: str) -> SourceCommune:
    return SourceCommune(
        code=row["wardCode"],
        key=row["wardKey"],
        name=row["ward"],
        province_code=row["provinceCode"],
        district_code=district_code,
        point=(row["wardLat"], row["wardLon"]),
    )


def _provinces(rows: Iterable[sqlite3.Row]) -> dict[str, SourceProvince]:
    return {
        row["provinceCode"]: SourceProvince(
            code=row["provinceCode"],
            key=row["provinceKey"],
            name=row["province"],
            point=(row["provinceLat"], row["provinceLon"]),
        )
        for row in rows
    }


def split_name(printed: str) -> tuple[str, str, str]:
    """Return (name, bare name, type) of a unit as the package prints it.

    The type is in lower case. A bare name that is only a number keeps its type, because "1" names
    nothing. Raises SourceError for a name without a known type.

    >>> split_name("Tỉnh Cà Mau")
    ('tỉnh Cà Mau', 'Cà Mau', 'tỉnh')
    >>> split_name("Thị Trấn Ái Tử")
    ('thị trấn Ái Tử', 'Ái Tử', 'thị trấn')
    >>> split_name("Quận 1")
    ('quận 1', 'quận 1', 'quận')
    >>> split_name("Phường VII")
    ('phường VII', 'phường VII', 'phường')
    >>> split_name("Xã Pa ủ")
    ('xã Pa Ủ', 'Pa Ủ', 'xã')
    >>> split_name("Thị trấn Nông trường Việt Lâm")
    ('thị trấn Nông trường Việt Lâm', 'Nông trường Việt Lâm', 'thị trấn')
    """
    printed = unicodedata.normalize("NFC", " ".join(printed.split()))
    unit_type = next((known for known in UNIT_TYPES if printed.casefold().startswith(f"{known} ")), None)
    if unit_type is None:
        message = f"The name {printed!r} begins with no known type of unit."
        raise SourceError(message)
    words = printed[len(unit_type) + 1 :].split()
    proper = [
        word if previous == "Nông" and word == "trường" else word[:1].upper() + word[1:]
        for previous, word in zip(["", *words], words, strict=False)
    ]
    bare_name = " ".join(proper)
    name = f"{unit_type} {bare_name}"
    if bare_name.isdigit() or not bare_name.strip("IVX"):
        bare_name = name
    return name, bare_name, unit_type


def distance_km(one: Point, other: Point) -> float:
    """Return the great-circle distance of two (latitude, longitude) points in kilometres."""
    latitude, longitude, latitude_2, longitude_2 = map(math.radians, (*one, *other))
    chord = (
        math.sin((latitude_2 - latitude) / 2) ** 2
        + math.cos(latitude) * math.cos(latitude_2) * math.sin((longitude_2 - longitude) / 2) ** 2
    )
    return EARTH_DIAMETER_KM * math.asin(math.sqrt(chord))


def find_same_name_exclusions(source: Source) -> set[tuple[str, str]]:
    """Return the (old commune, new commune) pairs that hold only for another commune of the same name.

    The conversion table was built from names. Where several old communes of one name lie in one new
    province (four wards "Phường 4" of four towns in Đồng Tháp), each divided one was also given new communes
    that belong to a namesake in another district, nearly always 20 to 99 km away. Among namesakes that lead to the
    same new commune the one that really does is, in this order: the undivided one; the only one from
    whose district an undivided commune goes to that new commune too; the only one whose default it is;
    the nearest one. For the others the pair is excluded.
    """
    whole = {old for old, targets in source.successors.items() if len(targets) == 1}
    feeding_districts: dict[str, set[str]] = defaultdict(set)
    namesakes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for old, targets in sorted(source.successors.items()):
        commune = source.old_communes[old]
        for new in targets:
            namesakes[new, commune.key].append(old)
            if old in whole:
                feeding_districts[new].add(commune.district_code)

    excluded: set[tuple[str, str]] = set()
    for (new, _), olds in namesakes.items():
        if len(olds) == 1 or all(old in whole for old in olds):
            continue
        undivided = [old for old in olds if old in whole]
        same_district = [
            old for old in olds if source.old_communes[old].district_code in feeding_districts[new]
        ]
        by_default = [old for old in olds if source.defaults[old] == new]
        if undivided:
            right = undivided
        elif len(same_district) == 1:
            right = same_district
        elif len(by_default) == 1:
            right = by_default
        else:
            centre = source.new_communes[new].point
            by_distance = sorted((distance_km(source.old_communes[old].point, centre), old) for old in olds)
            right = [by_distance[0][1]]
        excluded.update((old, new) for old in olds if old not in right)

    for old, targets in source.successors.items():
        if all((old, new) in excluded for new in targets):
            message = f"Every successor of the commune {old} would be excluded as a namesake's."
            raise SourceError(message)
    return excluded


def split_shares(count: int) -> list[Decimal]:
    """Return `count` equal shares of 1 with six decimals; the last one is the remainder.

    >>> [str(share) for share in split_shares(3)]
    ['0.333333', '0.333333', '0.333334']
    >>> split_shares(1)
    [Decimal('1.000000')]
    """
    each = (Decimal(1) / count).quantize(SHARE_STEP, rounding="ROUND_DOWN")
    return [each] * (count - 1) + [Decimal(1).quantize(SHARE_STEP) - each * (count - 1)]


def middle(points: Iterable[Point]) -> Point:
    """Return the mean of points that lie near each other."""
    listed = sorted(points)
    return (
        math.fsum(latitude for latitude, _ in listed) / len(listed),
        math.fsum(longitude for _, longitude in listed) / len(listed),
    )


def locate_new_communes(source: Source, predecessors: Mapping[str, Sequence[str]]) -> dict[str, Point]:
    """Return the centre of every new commune.

    Some have the point of a namesake (xã Lương Sơn and xã Sơn Lương in Phú Thọ) or of the province.
    Where at least two old communes that went into the new one have points of their own, lie within
    25 km of their median, and the given centre is more than 40 km from that median, the median
    is taken. Special zones, which are islands, are left alone.
    """
    unlocated = unlocated_old_communes(source)
    centres: dict[str, Point] = {}
    for code, commune in source.new_communes.items():
        centres[code] = commune.point
        points = [
            source.old_communes[old].point for old in predecessors.get(code, ()) if old not in unlocated
        ]
        if len(points) < 2 or split_name(commune.name)[2] == "đặc khu":
            continue
        median = (
            statistics.median(latitude for latitude, _ in points),
            statistics.median(longitude for _, longitude in points),
        )
        agree = all(distance_km(point, median) <= SOURCES_AGREE_KM for point in points)
        if agree and distance_km(commune.point, median) > CENTRE_TOO_FAR_KM:
            centres[code] = median
    return centres


def unlocated_old_communes(source: Source) -> set[str]:
    """Return the old communes whose point is not their own.

    The package's points come from an address search, which answers with the unit above when it
    does not know the commune: then the point is the province's, or several communes have the same.
    """
    bearers = Counter(commune.point for commune in source.old_communes.values())
    return {
        commune.code
        for commune in source.old_communes.values()
        if bearers[commune.point] > 1 or commune.point == source.old_provinces[commune.province_code].point
    }


def locate_old_units(
    source: Source, new_centres: Mapping[str, Point], kept: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Point], dict[str, Point]]:
    """Return the centres of the old communes and of the old districts.

    A commune without a point of its own gets the (mean) centre of the new communes it went into; a
    district that has its province's point gets the mean of its communes, and Hoàng Sa, which had
    none, the centre of the special zone it became.
    """
    unlocated = unlocated_old_communes(source)
    communes = {
        code: middle(new_centres[new] for new in kept[code]) if code in unlocated else commune.point
        for code, commune in source.old_communes.items()
    }
    members: dict[str, list[Point]] = defaultdict(list)
    for code, commune in source.old_communes.items():
        members[commune.district_code].append(communes[code])
    districts: dict[str, Point] = {}
    for code, district in source.districts.items():
        if district.point != source.old_provinces[district.province_code].point:
            districts[code] = district.point
        elif members[code]:
            districts[code] = middle(members[code])
        else:
            districts[code] = new_centres[source.island_districts[code]]
    return communes, districts


def build_rows(source: Source) -> tuple[list[Row], list[Row]]:
    """Return the rows of admin_units and of admin_unit_successors, sorted."""
    excluded = find_same_name_exclusions(source)
    kept = {
        old: [new for new in targets if (old, new) not in excluded]
        for old, targets in source.successors.items()
    }
    predecessors: dict[str, list[str]] = defaultdict(list)
    for old, targets in sorted(kept.items()):
        for new in targets:
            predecessors[new].append(old)

    merged_from = Counter(source.province_successor.values())
    unchanged_provinces = {
        old
        for old, new in source.province_successor.items()
        if old == new
        and merged_from[new] == 1
        and source.old_provinces[old].name == source.new_provinces[new].name
    }
    new_province_from = {
        code: OLD_VALID_FROM if code in unchanged_provinces else NEW_VALID_FROM
        for code in source.new_provinces
    }
    new_centres = locate_new_communes(source, predecessors)
    old_centres, district_centres = locate_old_units(source, new_centres, kept)

    def commune_change(old: str, new: str) -> str:
        one, other = source.old_communes[old], source.new_communes[new]
        same = old == new and split_name(one.name) == split_name(other.name)
        return "unchanged" if same else "renamed"

    units = [
        {
            "admin_unit_code": COUNTRY_CODE,
            "level": "country",
            "name": "Việt Nam",
            "bare_name": "Việt Nam",
            "unit_type": "quốc gia",
            "valid_from": COUNTRY_VALID_FROM,
            "change_type": "unchanged",
        }
    ]
    for code, province in source.old_provinces.items():
        unchanged = code in unchanged_provinces
        units.append(
            _unit(
                code=code,
                level="province",
                printed=province.name,
                parent=(COUNTRY_CODE, COUNTRY_VALID_FROM),
                valid=(OLD_VALID_FROM, "" if unchanged else OLD_VALID_TO),
                change_type="unchanged" if unchanged else "merged",
                legal_basis=OLD_PROVINCE_BASIS,
                # the row of an unchanged province is also its row of today: one map, one kind of centre
                point=source.new_provinces[code].point if unchanged else province.point,
            )
        )
    units.extend(
        _unit(
            code=code,
            level="province",
            printed=province.name,
            parent=(COUNTRY_CODE, COUNTRY_VALID_FROM),
            valid=(NEW_VALID_FROM, ""),
            change_type="merged",
            legal_basis=NEW_PROVINCE_BASIS,
            point=province.point,
        )
        for code, province in source.new_provinces.items()
        if code not in unchanged_provinces
    )
    units.extend(
        _unit(
            code=code,
            level="district",
            printed=district.name,
            parent=(district.province_code, OLD_VALID_FROM),
            valid=(OLD_VALID_FROM, OLD_VALID_TO),
            change_type="abolished",
            legal_basis=DISTRICT_END_BASIS,
            point=district_centres[code],
        )
        for code, district in source.districts.items()
    )
    for code, commune in source.old_communes.items():
        targets = kept[code]
        if len(targets) > 1:
            change_type = "split"
        elif len(predecessors[targets[0]]) > 1:
            change_type = "merged"
        else:
            change_type = commune_change(code, targets[0])
        units.append(
            _unit(
                code=code,
                level="commune",
                printed=commune.name,
                parent=(commune.district_code, OLD_VALID_FROM),
                valid=(OLD_VALID_FROM, OLD_VALID_TO),
                change_type=change_type,
                legal_basis="",
                point=old_centres[code],
            )
        )
    for code, commune in source.new_communes.items():
        olds = predecessors.get(code, [])
        if not olds:
            change_type = "created"
        elif len(olds) > 1:
            change_type = "merged"
        elif len(kept[olds[0]]) > 1:
            change_type = "split"
        else:
            change_type = commune_change(olds[0], code)
        units.append(
            _unit(
                code=code,
                level="commune",
                printed=commune.name,
                parent=(commune.province_code, new_province_from[commune.province_code]),
                valid=(NEW_VALID_FROM, ""),
                change_type=change_type,
                legal_basis=NEW_COMMUNE_BASIS,
                point=new_centres[code],
            )
        )
    units.sort(key=lambda row: (LEVEL_ORDER.index(row["level"]), row["admin_unit_code"], row["valid_from"]))

    one = split_shares(1)[0]
    successors = [
        _successor(
            old, (new, new_province_from[new]), one, "unchanged" if old in unchanged_provinces else "whole"
        )
        for old, new in source.province_successor.items()
    ]
    for code, district in source.districts.items():
        new = source.province_successor[district.province_code]
        successors.append(_successor(code, (new, new_province_from[new]), one, "whole"))
    for old, targets in source.successors.items():
        if len(kept[old]) > 1:
            basis = "equal_split_unconfirmed"
        else:
            basis = "whole" if len(targets) == 1 else "same_name_resolved"
        shares = dict(zip(kept[old], split_shares(len(kept[old])), strict=True))
        for new in targets:
            if new in shares:
                successors.append(_successor(old, (new, NEW_VALID_FROM), shares[new], basis))
            else:
                nothing = Decimal(0).quantize(SHARE_STEP)
                successors.append(_successor(old, (new, NEW_VALID_FROM), nothing, "same_name_excluded"))
    successors.sort(key=lambda row: (len(row["old_code"]), row["old_code"], row["new_code"]))
    return units, successors


def _unit(
    *,
    code: str,
    level: str,
    printed: str,
    parent: tuple[str, str],
    valid: tuple[str, str],
    change_type: str,
    legal_basis: str,
    point: Point,
) -> Row:
    name, bare_name, unit_type = split_name(printed)
    return {
        "admin_unit_code": code,
        "level": level,
        "name": name,
        "bare_name": bare_name,
        "unit_type": unit_type,
        "parent_code": parent[0],
        "parent_valid_from": parent[1],
        "valid_from": valid[0],
        "valid_to": valid[1],
        "change_type": change_type,
        "legal_basis": legal_basis,
        "latitude": f"{point[0]:.4f}",
        "longitude": f"{point[1]:.4f}",
    }


def _successor(old_code: str, new: tuple[str, str], share: Decimal, share_basis: str) -> Row:
    return {
        "old_code": old_code,
        "old_valid_from": OLD_VALID_FROM,
        "new_code": new[0],
        "new_valid_from": new[1],
        "share": str(share),
        "share_basis": share_basis,
    }


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows as UTF-8 CSV with Unix line ends on every system; a missing value is an empty cell."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite both files; return 1 after one sentence on stderr when the source cannot be used."""
    parser = argparse.ArgumentParser(description="Rewrite the administrative units of the catalog.")
    default_folder = Path(__file__).resolve().parent.parent / "data" / "seeds"
    parser.add_argument("--seeds-dir", type=Path, default=default_folder, help="folder of the seed files")
    folder: Path = parser.parse_args(arguments).seeds_dir
    if not folder.is_dir():
        sys.stderr.write(f"The folder {folder} does not exist: name the folder of the seed files.\n")
        return 1
    try:
        units, successors = build_rows(read_source(find_package_data()))
    except SourceError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    write_csv(folder / "admin_units.csv", UNIT_COLUMNS, units)
    write_csv(folder / "admin_unit_successors.csv", SUCCESSOR_COLUMNS, successors)
    for label, counts in (
        ("admin_units", Counter((row["level"], row["change_type"]) for row in units)),
        ("admin_unit_successors", Counter((row["share_basis"],) for row in successors)),
    ):
        sys.stdout.write(f"{label}: {counts.total()} rows\n")
        for key, count in sorted(counts.items()):
            sys.stdout.write(f"  {' '.join(key)}: {count}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
