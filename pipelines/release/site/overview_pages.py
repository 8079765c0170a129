"""Pages there is one of: home, the lists, data quality, reports due, changes, how to read; and the search data."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from typing import Any

from duckdb import DuckDBPyConnection
from markupsafe import Markup

from pipelines.release.site import addresses, drawings, queries
from pipelines.release.site.drawings import MapMark
from pipelines.release.site.edition import Context, Edition, assessed, group_counts
from pipelines.release.site.queries import COUNTRY, Row
from pipelines.release.site.wording import (
    BEHIND,
    CHANGES,
    COMPLIANCE,
    DOCUMENT_TYPES,
    LEVELS,
    REJECT_REASONS,
    STATUSES,
    Words,
    both,
    digits,
    number,
)

MOST_ROWS = 1000
MOST_HOME_INDICATORS = 12
MOST_HOME_LABELS = 9
LABEL_WIDTH, LABEL_HEIGHT = 110.0, 22.0
FIGURE_CHOICES = [
    ("yes", Words("Có số liệu", "With figures")),
    ("no", Words("Chưa có số liệu", "Without figures")),
]
PERIODS = [
    ("old", Words("Đến 30/6/2025", "Until 30 June 2025")),
    ("new", Words("Từ 1/7/2025", "Since 1 July 2025")),
    ("both", Words("Không đổi", "Unchanged")),
]
COVERAGE_BANDS = 5


def overview_contexts(connection: DuckDBPyConnection, edition: Edition) -> Iterator[tuple[str, str, Context]]:
    """Page, template and context of each page there is one of."""
    yield "index.html", "home.html.j2", home(connection, edition)
    yield "indicators/index.html", "indicators.html.j2", indicator_list(connection, edition)
    yield "provinces/index.html", "provinces.html.j2", place_list(edition)
    yield "documents/index.html", "documents.html.j2", document_list(edition)
    yield "quality.html", "quality.html.j2", quality(connection, edition)
    yield "late.html", "late.html.j2", reports_due(connection)
    yield "changes.html", "changes.html.j2", changes(connection)
    yield "reading.html", "reading.html.j2", how_to_read(connection)


def home(connection: DuckDBPyConnection, edition: Edition) -> Context:
    """The country at a glance."""
    province_statuses: dict[str, int] = {}
    for row in queries.rows(connection, queries.STATUS_COUNTS):
        if row["level"] == "province":
            province_statuses[row["progress_status"]] = row["n"]
    counts = group_counts(province_statuses)
    provinces: list[dict[str, Any]] = [
        {"key": key, "counts": edition.group_counts(key)}
        for key, unit in edition.units.items()
        if unit["level"] == "province" and unit["indicator_count"]
    ]
    provinces.sort(
        key=lambda row: (
            -assessed(row["counts"]),
            -row["counts"]["no_observation"],
            edition.units[row["key"]]["bare_name"],
        )
    )
    return {
        "counts": counts,
        "assessed": assessed(counts),
        "provinces": provinces,
        "layers": map_layers(edition),
        "land": drawings.land(
            [(row["longitude"], row["latitude"]) for row in queries.rows(connection, queries.OUTLINE)]
        ),
        "sea_zones": [
            {"name": row["bare_name"], "x": f"{place[0]:.0f}", "y": f"{place[1] - 10:.0f}"}
            for row in queries.rows(connection, queries.SEA_ZONES)
            for place in [drawings.on_map(row["longitude"], row["latitude"])]
        ],
        "map_size": drawings.map_size(),
        "indicators": home_indicators(connection, edition),
        "changes_summary": queries.rows(connection, queries.CHANGES_SUMMARY),
        "changed_units": queries.rows(connection, queries.CHANGED_UNITS),
        "obligations": [
            row
            for row in queries.rows(connection, queries.COMPLIANCE_SUMMARY)
            if row["late"] + row["missing"]
        ],
    }


def map_layers(edition: Edition) -> list[dict[str, Any]]:
    """Provinces of the lists before and since 1 July 2025 as marks; the list with more figures is shown first."""
    provinces = [
        unit
        for unit in edition.units.values()
        if unit["level"] == "province" and unit["latitude"] is not None
    ]
    layers = []
    for name, members, words in (
        (
            "old",
            [u for u in provinces if u["valid_to"] is not None or _is_old_and_current(edition, u)],
            "đến 30/6/2025",
        ),
        ("new", [u for u in provinces if u["valid_to"] is None], "từ 1/7/2025"),
    ):
        order = sorted(
            members, key=lambda u: (-assessed(edition.group_counts(u["admin_unit_key"])), u["admin_unit_key"])
        )
        labels = labelled(edition, order)
        english = "until 30 June 2025" if name == "old" else "since 1 July 2025"
        layers.append(
            {
                "id": name,
                "words": both(
                    f"{len(members)} tỉnh, thành ({words})", f"{len(members)} provinces ({english})"
                ),
                "figures": sum(unit["figure_count"] or 0 for unit in members),
                # Large signs first, so that small ones lie on top and can be reached.
                "marks": Markup("").join(
                    drawings.map_mark(_mark(edition, unit, unit["admin_unit_key"] in labels))
                    for unit in order
                ),
            }
        )
    chosen = max(layers, key=lambda layer: (layer["figures"], layer["id"] == "new"))
    return [layer | {"chosen": layer is chosen} for layer in layers if layer["marks"]]


def labelled(edition: Edition, order: list[Row]) -> set[str]:
    """Keys of the provinces whose names are written on the map: the first ones whose names do not overlap."""
    chosen: dict[str, tuple[float, float]] = {}
    for unit in order:
        x, y = drawings.on_map(unit["longitude"], unit["latitude"])
        if (
            len(chosen) < MOST_HOME_LABELS
            and assessed(edition.group_counts(unit["admin_unit_key"]))
            and all(
                abs(y - other_y) > LABEL_HEIGHT or abs(x - other_x) > LABEL_WIDTH
                for other_x, other_y in chosen.values()
            )
        ):
            chosen[unit["admin_unit_key"]] = (x, y)
    return set(chosen)


def _is_old_and_current(edition: Edition, unit: Row) -> bool:
    newest = max((u["valid_from"] for u in edition.units.values() if u["level"] == "province"), default=None)
    return newest is not None and unit["valid_from"] < newest


def _mark(edition: Edition, unit: Row, label: bool) -> MapMark:
    counts = edition.group_counts(unit["admin_unit_key"])
    judged = assessed(counts)
    well = counts["achieved"] + counts["on_track"]
    part = None if not judged else 100.0 * well / judged
    band = "none" if part is None else "high" if part >= 80 else "middle" if part >= 50 else "low"
    figures = unit["figure_count"] or 0
    sentence = f"{unit['name']}: " + (
        f"{digits(well)}/{digits(judged)} mục tiêu đạt hoặc đúng tiến độ"
        if judged
        else "chưa có số liệu"
        if not unit["indicator_count"]
        else f"{digits(figures)} số liệu, chưa đánh giá được"
    )
    return MapMark(
        name=str(unit["bare_name"] or unit["name"]),
        href=edition.unit_pages[unit["admin_unit_key"]],
        longitude=unit["longitude"],
        latitude=unit["latitude"],
        band=band if unit["indicator_count"] else "empty",
        size=6.0 + min(9.0, judged**0.5 * 1.8),
        sentence=sentence,
        label=label,
    )


def home_indicators(connection: DuckDBPyConnection, edition: Edition) -> list[dict[str, Any]]:
    """The indicators that most provinces report, with the spread of their latest values."""
    found = queries.rows(
        connection,
        "select indicator_code, admin_unit_key, actual_value from latest"
        " where level = 'province' and actual_value is not null order by indicator_code, admin_unit_key",
    )
    goals = current_goals(connection)
    lines = []
    for code, rows in queries.grouped(found, "indicator_code").items():
        values = [row["actual_value"] for row in rows]
        unit = edition.indicators[code]["unit"]
        if unit == "boolean":
            continue
        goal = goals.get(code)
        lines.append(
            {
                "code": code,
                "unit": unit,
                "n": len(values),
                "low": min(values),
                "median": statistics.median(values),
                "high": max(values),
                "strip": drawings.strip(values, goal["value"] if goal else None, unit),
            }
        )
    lines.sort(key=lambda line: (-line["n"], line["code"]))
    return lines[:MOST_HOME_INDICATORS]


def current_goals(connection: DuckDBPyConnection) -> dict[str, Row]:
    """The earliest national target in force of each indicator."""
    found = queries.rows(
        connection,
        "from marts.fct_target where level = 'country' and is_current"
        " order by indicator_code, year, priority_rank nulls last, target_id",
    )
    return {code: rows[0] for code, rows in queries.grouped(found, "indicator_code").items()}


def indicator_list(connection: DuckDBPyConnection, edition: Edition) -> Context:
    """Every indicator by family, with how many places report it."""
    latest = queries.grouped(
        queries.rows(
            connection,
            "select indicator_code, level, actual_value, progress_status from latest order by all",
        ),
        "indicator_code",
    )
    goals = current_goals(connection)
    ordered = sorted(
        edition.indicators.values(),
        key=lambda i: (
            i["family_name_vi"] is None,
            i["family_name_vi"] or "",
            i["position"],
            i["indicator_code"],
        ),
    )
    lines: list[dict[str, Any]] = []
    seen: set[str] = set()
    for indicator in ordered:
        rows = latest.get(indicator["indicator_code"], [])
        provinces = [row for row in rows if row["level"] == "province"]
        values = [row["actual_value"] for row in provinces if row["actual_value"] is not None]
        statuses: dict[str, int] = {}
        for row in provinces:
            if row["progress_status"]:
                statuses[row["progress_status"]] = statuses.get(row["progress_status"], 0) + 1
        family = indicator["family_code"]
        lines.append(
            {
                "indicator": indicator,
                "first_of_family": family is not None and family not in seen,
                "provinces": len(values),
                "below": sum(
                    row["level"] in {"district", "commune"} and row["actual_value"] is not None
                    for row in rows
                ),
                "median": statistics.median(values) if values else None,
                "goal": goals.get(indicator["indicator_code"]),
                "counts": group_counts(statuses),
            }
        )
        seen.add(family or "")
    families = {
        i["family_code"]: Words(i["family_name_vi"], i["family_name_en"])
        for i in ordered
        if i["family_name_vi"]
    }
    return {"found": lines, "families": list(families.items()), "figure_choices": FIGURE_CHOICES}


def place_list(edition: Edition) -> Context:
    """Every unit that has a page, provinces first."""
    order = {"province": 0, "district": 1, "commune": 2}
    found: list[dict[str, Any]] = [
        {
            "key": key,
            "unit": edition.units[key],
            "counts": edition.group_counts(key),
            "period": "old"
            if edition.units[key]["valid_to"] is not None
            else "both"
            if _is_old_and_current(edition, edition.units[key])
            else "new",
        }
        for key in edition.unit_pages
        if edition.units[key]["level"] in order
    ]
    found.sort(
        key=lambda row: (
            order[row["unit"]["level"]],
            not row["unit"]["indicator_count"],
            addresses.slug(row["unit"]["bare_name"] or ""),
            row["key"],
        )
    )
    present = {row["unit"]["level"] for row in found}
    return {
        "country": COUNTRY,
        "found": found,
        "levels": [(level, LEVELS[level]) for level in order if level in present],
        "periods": PERIODS,
        "figure_choices": FIGURE_CHOICES,
    }


def document_list(edition: Edition) -> Context:
    """The documents, newest first."""
    found = list(edition.documents.values())
    present = {document["document_type"] for document in found}
    return {
        "found": found[:MOST_ROWS],
        "cut": len(found) > MOST_ROWS,
        "types": [(code, words) for code, words in DOCUMENT_TYPES.items() if code in present],
    }


def quality(connection: DuckDBPyConnection, edition: Edition) -> Context:
    """What was rejected, not recognised, in conflict or worth a look, and who reported what when."""
    coverage: dict[str, dict[int, Row]] = {}
    found = [
        row for row in queries.rows(connection, queries.COVERAGE) if row["admin_unit_key"] in edition.units
    ]
    most = max((row["own"] for row in found), default=0)
    for row in found:
        band = 0 if not most else min(COVERAGE_BANDS, 1 + int((row["own"] - 1) / most * COVERAGE_BANDS))
        coverage.setdefault(row["admin_unit_key"], {})[row["year"]] = row | {"band": band}
    reporting = [key for key, cells in coverage.items() if any(cell["own"] for cell in cells.values())]
    reporting.sort(key=lambda key: (addresses.slug(edition.units[key]["bare_name"] or ""), key))
    silent = [key for key in coverage if key not in set(reporting)]
    reasons = queries.rows(connection, queries.REJECT_REASONS)
    return {
        "rejected_statements": sum(row["n"] for row in reasons if row["level"] == "statement"),
        "reporting": len(reporting),
        "coverage": [(key, coverage[key]) for key in reporting],
        "coverage_years": sorted({row["year"] for row in found if row["own"]}),
        "silent": silent,
        "conflicts": queries.rows(connection, queries.CONFLICTS, [MOST_ROWS]),
        "issues": queries.rows(connection, queries.ISSUES, [MOST_ROWS]),
        "unmatched": queries.rows(connection, queries.UNMATCHED, [MOST_ROWS]),
        "reasons": reasons,
        "reason_choices": [
            (code, REJECT_REASONS.get(code, Words(code, code)))
            for code in dict.fromkeys(row["reason_code"] for row in reasons)
        ],
        "rejects": queries.rows(connection, queries.REJECTS, [MOST_ROWS]),
        "cut_note": cut_note,
    }


def reports_due(connection: DuckDBPyConnection) -> Context:
    """Who has to report what by when, and whether it came."""
    found = queries.rows(connection, queries.COMPLIANCE_ALL, [MOST_ROWS])
    obligations = queries.rows(connection, queries.COMPLIANCE_SUMMARY)
    present = {row["status"] for row in found}
    return {
        "obligations": obligations,
        "found": found,
        "total": sum(row["n"] for row in obligations),
        "states": [(code, words) for code, words in COMPLIANCE.items() if code in present],
        "cut_note": cut_note,
    }


def changes(connection: DuckDBPyConnection) -> Context:
    """Every cell that differs from the release before."""
    summary = queries.rows(connection, queries.CHANGES_SUMMARY)
    present = {row["change_type"] for row in summary}
    return {
        "found": queries.rows(connection, queries.CHANGES, [MOST_ROWS]),
        "total": sum(row["n"] for row in summary),
        "types": [(code, words) for code, words in CHANGES.items() if code in present],
        "cut_note": cut_note,
    }


def how_to_read(connection: DuckDBPyConnection) -> Context:
    """Statuses, signs and rules in words, with the thresholds of the release's own catalog."""
    rules = queries.rows(connection, queries.PROGRESS_RULES)
    least = {
        row["parameter"].removesuffix("_min"): float(row["value"])
        for row in rules
        if row["parameter"].endswith("_min")
    }
    return {
        "rules": rules,
        "thresholds": {
            code: Markup("({} ≥ {})").format(both("tỷ số", "ratio"), number(value))
            for code, value in least.items()
            if code in STATUSES
        },
        "behind": BEHIND,
    }


def cut_note(shown: list[Row], total: int) -> Markup:
    """A sentence where a list is cut, so that nobody takes it for the whole."""
    if len(shown) >= total:
        return Markup("")
    return Markup('<p class="note">{} {} {} {}; {}</p>').format(
        both("Nêu", "Shown:"),
        number(len(shown)),
        both("trong", "of"),
        number(total),
        both("cơ sở dữ liệu của bản phát hành có tất cả.", "the database of the release holds all."),
    )


def search_entries(edition: Edition) -> list[list[str]]:
    """What the search field finds: kind, Vietnamese words, English words, page, further words."""
    entries = [
        [
            "indicator",
            indicator["indicator_name_vi"],
            indicator["indicator_name_en"] or indicator["indicator_name_vi"],
            addresses.indicator_page(code),
            code,
        ]
        for code, indicator in edition.indicators.items()
    ]
    for key, page in edition.unit_pages.items():
        unit = edition.units[key]
        until = f" ({unit['valid_to']:đến %d/%m/%Y})" if unit["valid_to"] is not None else ""
        province = "" if unit["level"] in {"country", "province"} else f", {unit['province_name']}"
        name = f"{unit['name']}{province}{until}"
        entries.append(["place", name, name, page, unit["admin_unit_code"]])
    for document_id, document in edition.documents.items():
        title = " – ".join(part for part in (document["document_number"], document["title"]) if part)
        shown = title or document["path"]
        entries.append(
            ["document", shown, shown, addresses.document_page(document_id), document["issuer"] or ""]
        )
    return entries
