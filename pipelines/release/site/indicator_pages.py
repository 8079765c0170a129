"""Pages of indicators: what they mean, all places compared, their years; and where their figures come from."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from duckdb import DuckDBPyConnection
from markupsafe import Markup

from pipelines.release.site import addresses, charts, queries
from pipelines.release.site.drawings import full_scale
from pipelines.release.site.edition import Context, Edition
from pipelines.release.site.queries import Row
from pipelines.release.site.unit_pages import URGENCY
from pipelines.release.site.wording import LEVELS, STATUSES

LEVEL_ORDER = {"country": 0, "province": 1, "district": 2, "commune": 3}
MOST_LINEAGE_DOCUMENTS = 100
MOST_LINEAGE_LABELS = 40
NO_FACTS: Row = {"facts": 0, "documents": 0, "headline": 0, "targets": 0, "least_confidence": None}
# The models between raw.facts and the marts, in the order in which a figure passes them.
MODELS = (
    ("stg_facts", "đổi tên, định kiểu", "renames and types"),
    ("int_observation", "con số thực tế và đính chính", "observations and corrections"),
    ("int_observation_vintage", "mọi con số từng biết, theo thời gian", "every figure ever known, by time"),
    ("int_target", "mục tiêu, điều chỉnh, mục tiêu quốc gia", "targets, adjustments, national targets"),
    ("int_conflict", "con số mâu thuẫn", "figures in conflict"),
    ("int_yearly_cell", "con số nào thắng, mục tiêu nào áp dụng", "which figure wins, which target applies"),
    ("int_progress", "tiến độ", "progress"),
)


def indicator_contexts(
    connection: DuckDBPyConnection, edition: Edition, codes: Sequence[str]
) -> Iterator[tuple[str, Context]]:
    """Page and context of each indicator."""
    asked = [list(codes)]
    latest = queries.grouped(queries.rows(connection, queries.INDICATOR_LATEST, asked), "indicator_code")
    national_targets = queries.grouped(
        queries.rows(connection, queries.NATIONAL_TARGETS, asked), "indicator_code"
    )
    years = queries.grouped(queries.rows(connection, queries.INDICATOR_YEARS, asked), "indicator_code")
    families = queries.grouped(edition.indicators.values(), "family_code")
    for code in codes:
        indicator = edition.indicators[code]
        goals = national_targets.get(code, [])
        found = [row for row in latest.get(code, []) if row["admin_unit_key"] in edition.units]
        over_years = [row for row in years.get(code, []) if row["admin_unit_key"] in edition.units]
        found.sort(
            key=lambda row: (
                LEVEL_ORDER[row["level"]],
                row["actual_value"] is None,
                -(row["actual_value"] or 0),
            )
        )
        provinces = [row for row in found if row["level"] == "province"]
        observed = [row["actual_value"] for row in provinces if row["actual_value"] is not None]
        yield (
            addresses.indicator_page(code),
            {
                "indicator": indicator,
                "found": found,
                "goals": goals,
                "national": next(
                    (row for row in found if row["level"] == "country" and row["actual_value"] is not None),
                    None,
                ),
                "spread": {"median": statistics.median(observed), "n": len(observed)}
                if len(observed) > 1
                else None,
                "chart_units": charts.actual_against_target(
                    provinces,
                    {row["admin_unit_key"]: _short_name(edition, row) for row in provinces},
                    indicator["unit"],
                    code,
                )
                if indicator["unit"] != "boolean"
                else Markup(""),
                "chart_years": charts.values_over_years(over_years, goals, indicator["unit"], code)
                if indicator["unit"] != "boolean"
                else Markup(""),
                "top": full_scale(
                    indicator["unit"],
                    [
                        row[name]
                        for row in found
                        for name in ("actual_value", "target_value")
                        if row["level"] != "country"
                    ],
                ),
                "levels": [
                    (level, LEVELS[level])
                    for level in LEVEL_ORDER
                    if any(row["level"] == level for row in found)
                ],
                "statuses": [
                    (status, STATUSES[status])
                    for status in URGENCY
                    if any(row["progress_status"] == status for row in found)
                ],
                "years": sorted({row["year"] for row in over_years}),
                "by_unit": [
                    (key, {row["year"]: row for row in rows})
                    for key, rows in sorted(
                        queries.grouped(over_years, "admin_unit_key").items(),
                        key=lambda item: (
                            item[1][0]["level"] != "country",
                            edition.units[item[0]]["bare_name"],
                            item[0],
                        ),
                    )
                ],
                "look_alikes": [
                    other
                    for other in sorted(
                        families.get(indicator["family_code"], []),
                        key=lambda other: (other["position"], other["indicator_code"]),
                    )
                    if other["indicator_code"] != code and indicator["family_code"] is not None
                ],
            },
        )


def lineage_contexts(
    connection: DuckDBPyConnection, edition: Edition, codes: Sequence[str]
) -> Iterator[tuple[str, Context]]:
    """Page and context of the way that an indicator's figures come."""
    asked = [list(codes)]

    def by_code(sql: str, *most: int) -> dict[str, list[Row]]:
        return queries.grouped(queries.rows(connection, sql, [*asked, *most]), "indicator_code")

    aliases = by_code(queries.ALIASES)
    labels = by_code(queries.LINEAGE_LABELS, MOST_LINEAGE_LABELS)
    counts = by_code(queries.LINEAGE_COUNTS)
    matched = by_code(queries.LINEAGE_MATCHED)
    documents = by_code(queries.LINEAGE_DOCUMENTS, MOST_LINEAGE_DOCUMENTS)
    marts = queries.grouped(queries.rows_by_mart(connection, codes), "indicator_code")
    for code in codes:
        yield (
            addresses.lineage_page(code),
            {
                "indicator": edition.indicators[code],
                "aliases": aliases.get(code, []),
                "labels": labels.get(code, []),
                "counts": counts.get(code, [NO_FACTS])[0],
                "matched": matched.get(code, []),
                "documents": documents.get(code, []),
                "models": MODELS,
                "marts": marts.get(code, []),
            },
        )


def _short_name(edition: Edition, row: Row) -> str:
    unit = edition.units[row["admin_unit_key"]]
    name = str(unit["bare_name"] or unit["name"])
    return f"{name} (mới)" if unit["name"] in edition.shared_names and unit["valid_to"] is None else name
