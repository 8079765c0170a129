"""What every page needs to know: units, indicators and documents by key, which of them have a page, and links.

Read once in each process that draws pages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from duckdb import DuckDBPyConnection
from markupsafe import Markup, escape

from pipelines.release.site import addresses, queries
from pipelines.release.site.queries import Row
from pipelines.release.site.wording import STATUS_GROUPS, both, day, figure

CellKey = tuple[str, str, int]


@dataclass(frozen=True)
class Edition:
    """One release as its pages see it. ``unit_pages`` holds the units that have a page, by key."""

    release: str
    docs_page: str
    totals: Row
    units: dict[str, Row]
    indicators: dict[str, Row]
    documents: dict[str, Row]
    unit_pages: dict[str, str]
    statuses: dict[str, dict[str, int]]
    competing: dict[CellKey, list[Row]]
    competing_targets: dict[CellKey, list[Row]]
    # Names that more than one unit with a page bears, so that their period has to be told.
    shared_names: frozenset[str] = field(default_factory=frozenset)

    def unit_href(self, key: str | None, root: str) -> str | None:
        """Address of a unit's page; None where it has none."""
        page = self.unit_pages.get(key or "")
        return None if page is None else root + page

    def unit_name(self, key: str | None) -> Markup:
        """Name of a unit, with its last day where another unit of the site bears the same name."""
        unit = self.units.get(key or "")
        if unit is None:
            return escape(key or "")
        name = Markup('<span lang="vi">{}</span>').format(unit["name"])
        if unit["name"] in self.shared_names:
            until, since = unit["valid_to"], unit["valid_from"]
            period = (
                both("đến ", "until ") + day(until)
                if until is not None
                else both("từ ", "since ") + day(since)
            )
            name += Markup(' <small class="u until">({})</small>').format(period)
        return name

    def unit_link(self, key: str | None, root: str) -> Markup:
        """Name of a unit as a link to its page, where it has one."""
        href = self.unit_href(key, root)
        name = self.unit_name(key)
        return name if href is None else Markup('<a href="{}">{}</a>').format(href, name)

    def indicator_name(self, code: str) -> Markup:
        """Name of an indicator in both languages."""
        indicator = self.indicators.get(code)
        return (
            escape(code)
            if indicator is None
            else both(indicator["indicator_name_vi"], indicator["indicator_name_en"])
        )

    def indicator_link(self, code: str | None, root: str) -> Markup:
        """Name of an indicator as a link to its page."""
        if code is None or code not in self.indicators:
            return escape(code or "")
        return Markup('<a href="{}">{}</a>').format(
            root + addresses.indicator_page(code), self.indicator_name(code)
        )

    def document_title(self, document_id: str | None) -> Markup:
        """Number and title of a document as printed, else its path."""
        document = self.documents.get(document_id or "")
        if document is None:
            return escape(document_id or "")
        parts = [part for part in (document["document_number"], document["title"]) if part]
        return Markup('<span lang="vi">{}</span>').format(" – ".join(parts) or document["path"])

    def document_link(self, document_id: str | None, root: str, fact_id: str | None = None) -> Markup:
        """Title of a document as a link to its page, or to one of its facts."""
        if document_id is None or document_id not in self.documents:
            return self.document_title(document_id)
        page = (
            addresses.document_page(document_id)
            if fact_id is None
            else addresses.fact_link(document_id, fact_id)
        )
        return Markup('<a href="{}">{}</a>').format(root + page, self.document_title(document_id))

    def quoted(
        self,
        text: Markup,
        document_id: str | None,
        fact_id: str | None,
        root: str,
        target_id: str | None = None,
    ) -> Markup:
        """A figure as a link to the words it was read from, or to the national target of the catalog."""
        if not text:
            return text
        if document_id is not None and fact_id is not None and document_id in self.documents:
            href = root + addresses.fact_link(document_id, fact_id)
        elif target_id is not None and target_id.startswith("national:"):
            code = target_id.rsplit(":", 2)[1]
            if code not in self.indicators:
                return text
            href = f"{root}{addresses.indicator_page(code)}#{addresses.national_target_anchor(target_id)}"
        else:
            return text
        return Markup('<a class="q" href="{}">{}</a>').format(href, text)

    def actual(self, row: Row, root: str) -> Markup:
        """The actual value of a yearly row, as a link to its quote."""
        text = figure(row["actual_value"], row["unit"])
        return self.quoted(text, row["observation_document_id"], row["observation_fact_id"], root)

    def target(self, row: Row, root: str) -> Markup:
        """The target of a yearly row, as a link to its quote or to the catalog's."""
        text = figure(row["target_value"], row["unit"], row["target_comparator"])
        return self.quoted(text, row["target_document_id"], row["target_fact_id"], root, row["target_id"])

    def competing_of(self, row: Row) -> list[Row]:
        """Every figure known for the cell of a yearly row, the winner first; empty where there is only one."""
        return self.competing.get((row["admin_unit_key"], row["indicator_code"], row["year"]), [])

    def group_counts(self, key: str) -> dict[str, int]:
        """Indicators of a unit by achieved, on_track, behind, no_observation and other."""
        return group_counts(self.statuses.get(key, {}))


def group_counts(statuses: dict[str, int]) -> dict[str, int]:
    """Counts by status as counts by the groups of the home page.

    >>> group_counts({"achieved": 2, "moderate": 1, "moving_away": 1, "no_target": 5})
    {'achieved': 2, 'on_track': 0, 'behind': 2, 'no_observation': 0, 'other': 5}
    """
    counts = {name: sum(statuses.get(code, 0) for code in codes) for name, codes in STATUS_GROUPS.items()}
    counts["no_observation"] = statuses.get("no_observation", 0)
    counts["other"] = sum(statuses.values()) - sum(counts.values())
    return counts


def assessed(counts: dict[str, int]) -> int:
    """How many targets could be assessed."""
    return sum(counts[name] for name in STATUS_GROUPS)


def load_edition(connection: DuckDBPyConnection, release: str, docs_page: str) -> Edition:
    """Read what every page needs; ``queries.prepare`` has made the session's views."""
    units = {row["admin_unit_key"]: row for row in queries.rows(connection, queries.UNITS)}
    statuses: dict[str, dict[str, int]] = {}
    for row in queries.rows(connection, queries.UNIT_STATUSES):
        statuses.setdefault(row["admin_unit_key"], {})[row["progress_status"]] = row["n"]
    reporters = {
        row["admin_unit_key"]
        for row in queries.rows(
            connection, "select distinct admin_unit_key from marts.mart_reporting_compliance"
        )
    }
    unit_pages = {
        key: addresses.unit_page(
            unit["level"], unit["bare_name"] or unit["name"], unit["admin_unit_code"], unit["valid_from"]
        )
        for key, unit in units.items()
        if unit["level"] in {"country", "province"} or unit["indicator_count"] or key in reporters
    }
    names: dict[str, int] = {}
    for key in unit_pages:
        names[units[key]["name"]] = names.get(units[key]["name"], 0) + 1
    return Edition(
        release=release,
        docs_page=docs_page,
        totals=queries.one(connection, queries.TOTALS),
        units=units,
        indicators={row["indicator_code"]: row for row in queries.rows(connection, queries.INDICATORS)},
        documents={row["document_id"]: row for row in queries.rows(connection, queries.DOCUMENTS)},
        unit_pages=unit_pages,
        statuses=statuses,
        competing=_by_cell(queries.rows(connection, queries.COMPETING)),
        competing_targets=_by_cell(queries.rows(connection, queries.COMPETING_TARGETS)),
        shared_names=frozenset(name for name, count in names.items() if count > 1),
    )


def _by_cell(found: list[Row]) -> dict[CellKey, list[Row]]:
    cells: dict[CellKey, list[Row]] = {}
    for row in found:
        cells.setdefault((row["admin_unit_key"], row["indicator_code"], row["year"]), []).append(row)
    return cells


def share(part: int, whole: int) -> float | None:
    """Part of a whole in percent; None of nothing."""
    return None if not whole else 100.0 * part / whole


Context = dict[str, Any]
