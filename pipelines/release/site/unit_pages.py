"""Pages of administrative units: scorecard, trends, years, units below, index points, reports due, sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from duckdb import DuckDBPyConnection
from markupsafe import Markup

from pipelines.release.site import charts, drawings, queries
from pipelines.release.site.drawings import Point
from pipelines.release.site.edition import Context, Edition
from pipelines.release.site.queries import Row
from pipelines.release.site.wording import STATUSES, both

# The order in which a reader wants to see statuses: trouble first.
URGENCY = {
    code: rank
    for rank, code in enumerate(
        (
            "moving_away",
            "insufficient",
            "moderate",
            "on_track",
            "achieved",
            "not_assessable",
            "no_target",
            "no_observation",
        )
    )
}
FEWEST_TREND_POINTS = 3
CHILD_WORDS = {
    "country": both("Các tỉnh, thành phố", "Provinces"),
    "province": both("Các đơn vị trực thuộc", "Units of the province"),
    "district": both("Các xã, phường, thị trấn", "Communes"),
    "commune": Markup(""),
}


class Score(NamedTuple):
    """One line of a scorecard: the newest row of an indicator, its years and its drawings."""

    row: Row
    by_year: dict[int, Row]
    bullet: Markup
    spark: Markup


def unit_contexts(
    connection: DuckDBPyConnection, edition: Edition, keys: Sequence[str]
) -> Iterator[tuple[str, Context]]:
    """Page and context of each unit; the queries run once for all ``keys``."""
    asked = [list(keys)]
    yearly = queries.grouped(queries.rows(connection, queries.UNIT_YEARLY, asked), "admin_unit_key")
    dii = queries.grouped(queries.rows(connection, queries.DII, asked), "admin_unit_key")
    dii_totals = queries.grouped(queries.rows(connection, queries.DII_TOTALS, asked), "admin_unit_key")
    compliance = queries.grouped(queries.rows(connection, queries.COMPLIANCE, asked), "admin_unit_key")
    documents = queries.grouped(queries.rows(connection, queries.UNIT_DOCUMENTS, asked), "admin_unit_key")
    relatives = queries.grouped(queries.rows(connection, queries.SUCCESSORS, asked), "of_key")
    children = children_by_parent(edition)
    for key in keys:
        unit = edition.units[key]
        found = yearly.get(key, [])
        scores = scorecard(found)
        totals = dii_totals.get(key, [])
        newest_dii = totals[-1] if totals else None
        below = children.get(key, [])
        yield (
            edition.unit_pages[key],
            {
                "unit": unit,
                "parents": parents(edition, unit),
                "relatives": _relatives(edition, relatives.get(key, [])),
                "counts": edition.group_counts(key),
                "scores": scores,
                "statuses": [
                    (code, STATUSES[code])
                    for code in URGENCY
                    if any(score.row["progress_status"] == code for score in scores)
                ],
                "trends": trend_charts(edition, unit, scores),
                "years": sorted({row["year"] for row in found}),
                "conflicts": [
                    {"row": row, "cell": cell} for row in found if (cell := edition.competing_of(row))
                ],
                "children": [
                    {
                        "key": child,
                        "indicators": edition.units[child]["indicator_count"],
                        "counts": edition.group_counts(child),
                    }
                    for child in below
                    if child in edition.unit_pages
                    and (
                        edition.units[child]["indicator_count"] or edition.units[child]["level"] != "province"
                    )
                ],
                "silent_children": [
                    edition.units[child]["name"] for child in below if child not in edition.unit_pages
                ],
                "children_words": CHILD_WORDS[unit["level"]],
                "dii": [row for row in dii.get(key, []) if newest_dii and row["year"] == newest_dii["year"]],
                "dii_total": newest_dii,
                "dii_totals": totals,
                "compliance": compliance.get(key, []),
                "overdue": sum(row["status"] in {"late", "missing"} for row in compliance.get(key, [])),
                "documents": documents.get(key, []),
            },
        )


def scorecard(found: Sequence[Row]) -> list[Score]:
    """Lines of a scorecard from the yearly rows of one unit, what is behind first."""
    scores = []
    for rows in queries.grouped(found, "indicator_code").values():
        with_figure = [row for row in rows if row["actual_value"] is not None]
        row = (with_figure or rows)[-1]
        scores.append(
            Score(
                row=row,
                by_year={each["year"]: each for each in rows},
                bullet=drawings.bullet(
                    row["actual_value"],
                    row["target_value"],
                    row["final_target_value"],
                    row["unit"],
                    row["progress_status"],
                ),
                spark=drawings.sparkline(
                    [Point(each["year"], each["actual_value"]) for each in with_figure],
                    drawings.target_way(rows),
                    row["unit"],
                ),
            )
        )
    scores.sort(
        key=lambda score: (
            score.row["actual_value"] is None,
            URGENCY.get(score.row["progress_status"] or "", len(URGENCY)),
            score.row["indicator_code"],
        )
    )
    return scores


def trend_charts(edition: Edition, unit: Row, scores: Sequence[Score]) -> Markup:
    """The larger trend charts of the country and the provinces: indicators known in most years first."""
    if unit["level"] not in {"country", "province"}:
        return Markup("")
    panels = []
    for score in scores:
        rows = list(score.by_year.values())
        observed = sum(row["actual_value"] is not None for row in rows)
        known = observed + len(drawings.target_way(rows))
        if observed and known >= FEWEST_TREND_POINTS and score.row["unit"] != "boolean":
            panels.append((-observed, -known, score.row["indicator_code"], rows))
    panels.sort(key=lambda panel: panel[:3])
    return charts.trends(
        [
            (
                edition.indicators[code]["indicator_name_vi"],
                edition.indicators[code]["indicator_name_en"],
                edition.indicators[code]["unit"],
                rows,
            )
            for _, _, code, rows in panels
        ],
        "t",
    )


def parents(edition: Edition, unit: Row) -> list[str]:
    """Keys of the units above, the country first."""
    above: list[str] = []
    key = unit["parent_key"]
    while key is not None and key in edition.units and key not in above:
        above.insert(0, key)
        key = edition.units[key]["parent_key"]
    return above


def children_by_parent(edition: Edition) -> dict[str, list[str]]:
    """Keys of the units right below each unit, by name."""
    children: dict[str, list[str]] = {}
    for key, unit in edition.units.items():
        if unit["parent_key"] is not None:
            children.setdefault(unit["parent_key"], []).append(key)
    for keys in children.values():
        keys.sort(key=lambda key: (edition.units[key]["bare_name"] or "", key))
    return children


def _relatives(edition: Edition, found: Sequence[Row]) -> list[tuple[Markup, list[Row]]]:
    known = [row for row in found if row["other_key"] in edition.units]
    after = [row for row in known if row["is_successor"]]
    before = [row for row in known if not row["is_successor"]]
    return [
        (words, rows)
        for words, rows in (
            (both("Nay thuộc", "Now in"), after),
            (both("Được lập từ", "Made from"), before),
        )
        if rows
    ]
