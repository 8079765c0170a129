"""The administrative units of the catalog: counts, keys, parents, successors, names, aliases.

The counts are facts about the two official lists and about the conversion between them.
"""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter, defaultdict
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

SEEDS = Path(__file__).resolve().parents[2] / "data" / "seeds"
OLD, NEW = "2008-08-01", "2025-07-01"

Key = tuple[str, str]
Row = dict[str, str]

UNMERGED_PROVINCES = {"01", "04", "11", "12", "14", "20", "22", "38", "40", "42", "46"}


def read_seed(name: str) -> list[Row]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def key_of(unit: Row) -> Key:
    return unit["admin_unit_code"], unit["valid_from"]


@pytest.fixture(scope="module")
def units() -> dict[Key, Row]:
    rows = read_seed("admin_units")
    by_key = {key_of(row): row for row in rows}
    assert len(by_key) == len(rows)
    return by_key


@pytest.fixture(scope="module")
def successors() -> list[Row]:
    return read_seed("admin_unit_successors")


@pytest.fixture(scope="module")
def old_communes(units: dict[Key, Row]) -> dict[str, Row]:
    return {code: row for (code, since), row in units.items() if row["level"] == "commune" and since == OLD}


@pytest.fixture(scope="module")
def new_communes(units: dict[Key, Row]) -> dict[str, Row]:
    return {code: row for (code, since), row in units.items() if row["level"] == "commune" and since == NEW}


def in_force(units: dict[Key, Row], level: str, day: str) -> list[Row]:
    return [
        row
        for row in units.values()
        if row["level"] == level and row["valid_from"] <= day <= (row["valid_to"] or "9999-12-31")
    ]


@pytest.mark.parametrize(
    ("day", "provinces", "districts", "communes"),
    [("2025-06-30", 63, 696, 10035), ("2025-07-01", 34, 0, 3321)],
)
def test_count_of_units_in_force(
    units: dict[Key, Row], day: str, provinces: int, districts: int, communes: int
) -> None:
    assert len(in_force(units, "country", day)) == 1
    assert len(in_force(units, "province", day)) == provinces
    assert len(in_force(units, "district", day)) == districts
    assert len(in_force(units, "commune", day)) == communes


def test_unmerged_provinces_have_one_row_and_follow_themselves(
    units: dict[Key, Row], successors: list[Row]
) -> None:
    unchanged = {row["admin_unit_code"] for row in units.values() if row["change_type"] == "unchanged"}
    assert {code for code in unchanged if len(code) == 2} - {"VN"} == UNMERGED_PROVINCES
    for code in UNMERGED_PROVINCES:
        assert [(since, row["valid_to"]) for (other, since), row in units.items() if other == code] == [
            (OLD, "")
        ]
    identities = [row for row in successors if row["share_basis"] == "unchanged"]
    assert {row["old_code"] for row in identities} == UNMERGED_PROVINCES
    assert all(row["old_code"] == row["new_code"] and row["new_valid_from"] == OLD for row in identities)


def test_province_codes_are_reused(units: dict[Key, Row]) -> None:
    old = {row["admin_unit_code"]: row["bare_name"] for row in in_force(units, "province", "2025-06-30")}
    new = {row["admin_unit_code"]: row["bare_name"] for row in in_force(units, "province", "2025-07-01")}
    assert set(new) <= set(old)
    assert {code: (old[code], name) for code, name in new.items() if old[code] != name} == {
        "15": ("Yên Bái", "Lào Cai"),
        "24": ("Bắc Giang", "Bắc Ninh"),
        "44": ("Quảng Bình", "Quảng Trị"),
        "52": ("Bình Định", "Gia Lai"),
        "80": ("Long An", "Tây Ninh"),
        "82": ("Tiền Giang", "Đồng Tháp"),
        "91": ("Kiên Giang", "An Giang"),
    }


def test_commune_codes_are_reused(old_communes: dict[str, Row], new_communes: dict[str, Row]) -> None:
    first_used = sorted(new_communes[code]["name"] for code in set(new_communes) - set(old_communes))
    assert first_used == [
        "đặc khu Bạch Long Vĩ",
        "đặc khu Côn Đảo",
        "đặc khu Cồn Cỏ",
        "đặc khu Hoàng Sa",
        "đặc khu Lý Sơn",
    ]
    both = set(new_communes) & set(old_communes)
    assert len(both) == 3316
    assert sum(old_communes[code]["name"] != new_communes[code]["name"] for code in both) == 2143


def test_every_parent_is_in_force_throughout(units: dict[Key, Row]) -> None:
    level_above = {
        ("province", OLD): "country",
        ("province", NEW): "country",
        ("district", OLD): "province",
        ("commune", OLD): "district",
        ("commune", NEW): "province",
    }
    for key, row in units.items():
        if row["level"] == "country":
            assert (row["parent_code"], row["parent_valid_from"]) == ("", "")
            continue
        parent = units[row["parent_code"], row["parent_valid_from"]]
        assert parent["level"] == level_above[row["level"], row["valid_from"]], key
        assert parent["valid_from"] <= row["valid_from"], key
        assert (row["valid_to"] or "9999-12-31") <= (parent["valid_to"] or "9999-12-31"), key


def test_periods_of_a_code_do_not_overlap(units: dict[Key, Row]) -> None:
    periods: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for (code, since), row in units.items():
        periods[code].append((since, row["valid_to"] or "9999-12-31"))
    for code, spans in periods.items():
        spans.sort()
        assert all(end < start for (_, end), (start, _) in pairwise(spans)), code


def test_names_begin_with_their_type(units: dict[Key, Row]) -> None:
    for key, row in units.items():
        assert unicodedata.is_normalized("NFC", row["name"]), key
        assert row["name"] == " ".join(row["name"].split()), key
        if row["level"] == "country":
            continue
        if row["bare_name"] != row["name"]:
            assert row["name"] == f"{row['unit_type']} {row['bare_name']}", key
            # "phường 2 Bảo Lộc" is a name, "phường 2" alone would be a number
            assert row["bare_name"][0].isupper() or row["bare_name"][0].isdigit(), key
        else:
            number = row["name"].removeprefix(f"{row['unit_type']} ")
            assert number.isdigit() or set(number) <= set("IVX"), key


@pytest.mark.parametrize(
    ("code", "valid_from", "name", "bare_name"),
    [
        ("VN", "1976-07-02", "Việt Nam", "Việt Nam"),
        ("46", OLD, "thành phố Huế", "Huế"),
        ("79", NEW, "thành phố Hồ Chí Minh", "Hồ Chí Minh"),
        ("96", NEW, "tỉnh Cà Mau", "Cà Mau"),
        ("44", OLD, "tỉnh Quảng Bình", "Quảng Bình"),
        ("45", OLD, "tỉnh Quảng Trị", "Quảng Trị"),
        ("44", NEW, "tỉnh Quảng Trị", "Quảng Trị"),
        ("760", OLD, "quận 1", "quận 1"),
        ("393", OLD, "huyện Vĩnh Lộc", "Vĩnh Lộc"),
        ("119", OLD, "huyện Thuận Châu", "Thuận Châu"),
        ("19624", OLD, "thị trấn Ái Tử", "Ái Tử"),
    ],
)
def test_known_names(units: dict[Key, Row], code: str, valid_from: str, name: str, bare_name: str) -> None:
    assert (units[code, valid_from]["name"], units[code, valid_from]["bare_name"]) == (name, bare_name)


def test_legal_basis_follows_from_level_and_list(units: dict[Key, Row]) -> None:
    expected = {
        ("country", "1976-07-02"): "",
        ("province", OLD): "Nghị quyết 15/2008/QH12",
        ("province", NEW): "Nghị quyết 202/2025/QH15",
        ("district", OLD): "Luật Tổ chức chính quyền địa phương 72/2025/QH15",
        ("commune", OLD): "",
        ("commune", NEW): "Nghị quyết của UBTVQH về sắp xếp ĐVHC cấp xã năm 2025",
    }
    assert {(row["level"], row["valid_from"], row["legal_basis"]) for row in units.values()} == {
        (*key, basis) for key, basis in expected.items()
    }


def test_every_unit_but_the_country_has_a_centre_in_viet_nam(units: dict[Key, Row]) -> None:
    for key, row in units.items():
        if row["level"] != "country":
            assert 7 < float(row["latitude"]) < 24, key
            assert 102 < float(row["longitude"]) < 117, key


def test_archipelagos_are_not_placed_on_the_mainland(units: dict[Key, Row]) -> None:
    longitudes = {
        (row["name"], row["valid_from"]): float(row["longitude"])
        for row in units.values()
        if row["bare_name"] in {"Hoàng Sa", "Trường Sa", "Song Tử Tây", "Sinh Tồn"}
        and row["level"] != "province"
    }
    for key in [
        ("huyện Hoàng Sa", OLD),
        ("đặc khu Hoàng Sa", NEW),
        ("huyện Trường Sa", OLD),
        ("xã Song Tử Tây", OLD),
        ("đặc khu Trường Sa", NEW),
    ]:
        assert longitudes[key] > 111, key


def test_every_old_unit_has_shares_that_sum_to_one(units: dict[Key, Row], successors: list[Row]) -> None:
    totals: dict[Key, Decimal] = defaultdict(Decimal)
    for row in successors:
        totals[row["old_code"], row["old_valid_from"]] += Decimal(row["share"])
    assert set(totals) == {key for key in units if key[1] == OLD}
    assert set(totals.values()) == {Decimal(1)}


def test_every_new_unit_follows_an_old_one_but_five_special_zones(
    units: dict[Key, Row], successors: list[Row]
) -> None:
    followed = {(row["new_code"], row["new_valid_from"]) for row in successors if Decimal(row["share"])}
    today = {key for key, row in units.items() if not row["valid_to"] and row["level"] != "country"}
    orphans = today - followed
    assert followed <= today
    assert {units[key]["unit_type"] for key in orphans} == {"đặc khu"}
    assert {units[key]["change_type"] for key in orphans} == {"created"}
    assert len(orphans) == 5


def test_communes_stay_inside_the_province_that_follows_theirs(
    units: dict[Key, Row], successors: list[Row]
) -> None:
    province_after = {
        row["old_code"]: row["new_code"] for row in successors if len(row["old_code"]) in (2, 3)
    }
    for row in successors:
        old = units[row["old_code"], row["old_valid_from"]]
        if old["level"] == "district":
            assert province_after[old["admin_unit_code"]] == province_after[old["parent_code"]]
        elif old["level"] == "commune":
            new = units[row["new_code"], row["new_valid_from"]]
            assert new["parent_code"] == province_after[old["parent_code"]], row


def districts_rebuilt_exactly(units: dict[Key, Row], pairs: list[Row]) -> int:
    """Count the districts all of whose new communes hold nothing of another district."""
    sources: dict[str, set[str]] = defaultdict(set)
    targets: dict[str, set[str]] = defaultdict(set)
    for row in pairs:
        district = units[row["old_code"], OLD]["parent_code"]
        sources[row["new_code"]].add(district)
        targets[district].add(row["new_code"])
    return sum(all(sources[new] == {district} for new in news) for district, news in targets.items())


def test_districts_that_new_communes_rebuild_exactly(units: dict[Key, Row], successors: list[Row]) -> None:
    pairs = [row for row in successors if len(row["old_code"]) == 5]
    island_districts = 5  # no communes before, one special zone each after
    assert districts_rebuilt_exactly(units, pairs) + island_districts == 381
    applied = [row for row in pairs if Decimal(row["share"])]
    assert districts_rebuilt_exactly(units, applied) + island_districts == 392


def test_shares_follow_from_their_basis(successors: list[Row]) -> None:
    by_old: dict[Key, list[Row]] = defaultdict(list)
    for row in successors:
        by_old[row["old_code"], row["old_valid_from"]].append(row)
    for key, rows in by_old.items():
        applied = [row for row in rows if row["share_basis"] != "same_name_excluded"]
        assert len({row["share_basis"] for row in applied}) == 1, key
        basis = applied[0]["share_basis"]
        assert (len(applied) > 1) == (basis == "equal_split_unconfirmed"), key
        assert (basis == "same_name_resolved") <= (len(rows) > 1), key
        shares = [Decimal(row["share"]) for row in applied]
        assert max(shares) - min(shares) < Decimal("0.00001"), key
    assert Counter(row["share_basis"] for row in successors)["same_name_excluded"] == 31


@pytest.mark.parametrize(
    ("old_province", "old_district", "commune", "new_commune"),
    [
        ("Long An", "Tân An", "phường 4", "phường Long An"),
        ("Tây Ninh", "Tây Ninh", "phường 4", "phường Tân Ninh"),
        ("Tiền Giang", "Mỹ Tho", "phường 6", "phường Thới Sơn"),
        ("Sóc Trăng", "Mỹ Xuyên", "xã Thạnh Quới", "xã Gia Hòa"),
        ("Cần Thơ", "Vĩnh Thạnh", "xã Thạnh Quới", "xã Thạnh Quới"),
    ],
)
def test_a_commune_does_not_inherit_from_its_namesake(
    units: dict[Key, Row],
    successors: list[Row],
    old_province: str,
    old_district: str,
    commune: str,
    new_commune: str,
) -> None:
    found = [
        (units[row["new_code"], NEW]["name"], row["share"])
        for row in successors
        if Decimal(row["share"])
        and (old := units[row["old_code"], OLD])["name"] == commune
        and old["level"] == "commune"
        and (district := units[old["parent_code"], OLD])["bare_name"] == old_district
        and units[district["parent_code"], OLD]["bare_name"] == old_province
    ]
    assert found == [(new_commune, "1.000000")]


def test_change_type_agrees_with_the_successors(units: dict[Key, Row], successors: list[Row]) -> None:
    after: dict[str, list[str]] = defaultdict(list)
    before: dict[str, list[str]] = defaultdict(list)
    for row in successors:
        if len(row["old_code"]) == 5 and Decimal(row["share"]):
            after[row["old_code"]].append(row["new_code"])
            before[row["new_code"]].append(row["old_code"])
    for (code, since), row in units.items():
        if row["level"] != "commune":
            continue
        kin = after[code] if since == OLD else before[code]
        back = before if since == OLD else after
        alone = len(kin) == 1 and back[kin[0]] == [code]
        assert alone == (row["change_type"] in {"unchanged", "renamed"}), (code, since)
        if alone:
            twin = units[kin[0], NEW if since == OLD else OLD]
            same = (twin["admin_unit_code"], twin["name"]) == (code, row["name"])
            assert (row["change_type"] == "unchanged") == same, (code, since)
        elif since == OLD:
            assert (row["change_type"] == "split") == (len(kin) > 1), code


def test_files_are_sorted_as_the_script_writes_them(units: dict[Key, Row], successors: list[Row]) -> None:
    levels = ("country", "province", "district", "commune")
    order = [(levels.index(row["level"]), *key) for key, row in units.items()]
    assert order == sorted(order)
    pairs = [(len(row["old_code"]), row["old_code"], row["new_code"]) for row in successors]
    assert pairs == sorted(pairs)


def test_aliases_name_one_province_each(units: dict[Key, Row]) -> None:
    aliases = read_seed("admin_unit_aliases")
    folded = Counter(row["alias"].casefold() for row in aliases)
    assert [alias for alias, count in folded.items() if count > 1] == []
    names = {
        spelling.casefold()
        for row in units.values()
        if row["level"] == "province"
        for spelling in (row["name"], row["bare_name"])
    }
    assert sorted(names & set(folded)) == []
    periods: dict[str, set[str]] = defaultdict(set)
    for code, since in units:
        periods[code].add(since)
    for row in aliases:
        assert units[row["admin_unit_code"], min(periods[row["admin_unit_code"]])]["level"] == "province", row
        assert row["valid_from"] in {"", *periods[row["admin_unit_code"]]}, row
        assert unicodedata.is_normalized("NFC", row["alias"]), row
    assert aliases == sorted(aliases, key=lambda row: (row["admin_unit_code"], row["alias"]))


@pytest.mark.parametrize(
    ("alias", "code", "valid_from"),
    [
        ("TP.HCM", "79", ""),
        ("TPHCM", "79", ""),
        ("TP Hồ Chí Minh", "79", ""),
        ("BR-VT", "77", OLD),
        ("Bà Rịa–Vũng Tàu", "77", OLD),
        ("TT-Huế", "46", ""),
        ("Thừa Thiên Huế", "46", ""),
        ("Thừa Thiên - Huế", "46", ""),
        ("Đắc Lắc", "66", ""),
        ("Dak Lak", "66", ""),
        ("Đắc Nông", "67", OLD),
        ("Bắc Cạn", "06", OLD),
    ],
)
def test_common_spellings_are_known(alias: str, code: str, valid_from: str) -> None:
    found = [
        (row["admin_unit_code"], row["valid_from"])
        for row in read_seed("admin_unit_aliases")
        if row["alias"] == alias
    ]
    assert found == [(code, valid_from)]
