"""report.md and report.html: what a release changed, what could not be used, who is late. Without a clock.

Everything shown comes from the released database. Words of documents are shown as words: nothing in them is
markup, link or program in either form.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.warehouse.connection import connect, fetch_frame, first_row, has_table

REPORT_MD = "report.md"
REPORT_HTML = "report.html"
LONGEST_LIST = 50

NEW_DOCUMENTS = """
    select path, document_type, status
    from raw.documents
    where not list_contains($known, document_id)
    order by path, document_id limit $limit
"""
DOCUMENTS = """
    select status, document_type, count(*) as documents from raw.documents group by all order by all
"""
CHANGES = """
    select change_type, level, count(*) as cells
    from marts.mart_release_change group by all order by all
"""
CHANGED_CELLS = """
    select level, admin_unit_code, indicator_code, year, change_type,
        previous_actual_value, current_actual_value, previous_target_value, current_target_value
    from marts.mart_release_change
    order by all limit $limit
"""
REJECTS = """
    select level, reason_code, count(*) as rows, min(reason) as example
    from raw.rejects group by all order by rows desc, level, reason_code
"""
REJECTED_DOCUMENTS = """
    select path, reason from raw.rejects where level = 'document' order by path, reason limit $limit
"""
UNMATCHED = """
    select label, statement_count, document_count, nearest_indicator_1 as nearest
    from raw.unmatched order by statement_count desc, label_key limit $limit
"""
LATE = """
    select admin_unit_code, obligation_code, due_on, status, days_late
    from marts.mart_reporting_compliance
    where status in ('late', 'missing')
    order by due_on desc, admin_unit_code, obligation_code limit $limit
"""


@dataclass(frozen=True)
class Question:
    """One section of the report: its title in both languages, its query, and the table it asks.

    ``total`` counts what the section is about, beyond the rows it lists.
    """

    title_vi: str
    title_en: str
    sql: str
    table: tuple[str, str]
    nothing: str
    total: str | None = None


QUESTIONS = (
    Question(
        "Văn bản mới",
        "New documents",
        NEW_DOCUMENTS,
        ("raw", "documents"),
        "No document is new.",
        "select count(*) from raw.documents where not list_contains($known, document_id)",
    ),
    Question("Văn bản", "Documents", DOCUMENTS, ("raw", "documents"), "No document was read."),
    Question(
        "Thay đổi",
        "What changed",
        CHANGES,
        ("marts", "mart_release_change"),
        "Nothing changed.",
        "select count(*) from marts.mart_release_change",
    ),
    Question(
        "Ô thay đổi", "Changed cells", CHANGED_CELLS, ("marts", "mart_release_change"), "Nothing changed."
    ),
    Question(
        "Bị loại, theo lý do",
        "Rejected, by reason",
        REJECTS,
        ("raw", "rejects"),
        "Nothing was rejected.",
        "select count(*) from raw.rejects",
    ),
    Question(
        "Văn bản bị loại",
        "Rejected documents",
        REJECTED_DOCUMENTS,
        ("raw", "rejects"),
        "No document was rejected.",
        "select count(*) from raw.rejects where level = 'document'",
    ),
    Question(
        "Tên chỉ tiêu chưa nhận ra",
        "Labels not recognised",
        UNMATCHED,
        ("raw", "unmatched"),
        "Every label was recognised.",
        "select count(*) from raw.unmatched",
    ),
    Question(
        "Báo cáo chậm hoặc thiếu",
        "Late or missing reports",
        LATE,
        ("marts", "mart_reporting_compliance"),
        "No report is late.",
        "select count(*) from marts.mart_reporting_compliance where status in ('late', 'missing')",
    ),
)

PAGE = """<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1a1a1a; background: #fff; }
table { border-collapse: collapse; font-size: 0.9rem; display: block; overflow-x: auto; }
th, td { border: 1px solid #767676; padding: 0.3rem 0.6rem; text-align: left; vertical-align: top; }
th { background: #eef3f8; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
</style>
</head>
<body>
<h1>{{ title }}</h1>
{%- for section in sections %}
<h2>{{ section.title_vi }} <span lang="en">/ {{ section.title_en }}</span>{% if section.total is not none %}: {{ section.total }}{% endif %}</h2>
{%- if section.frame.height %}
<table>
<thead><tr>{% for name in section.frame.columns %}<th scope="col">{{ name }}</th>{% endfor %}</tr></thead>
<tbody>
{%- for row in section.frame.iter_rows() %}
<tr>{% for value in row %}<td{% if value is number %} class="number"{% endif %}>{{ value | shown }}</td>{% endfor %}</tr>
{%- endfor %}
</tbody>
</table>
{%- if section.is_cut %}
<p lang="en">The list is cut after {{ section.frame.height }} rows; the database holds all.</p>
{%- endif %}
{%- else %}
<p lang="en">{{ section.nothing }}</p>
{%- endif %}
{%- endfor %}
</body>
</html>
"""


@dataclass(frozen=True)
class Section:
    """One answered question: its rows, and how many there are of what it is about.

    ``is_cut``: the list may go on in the database.
    """

    title_vi: str
    title_en: str
    frame: pl.DataFrame
    nothing: str
    total: int | None
    is_cut: bool

    @property
    def title(self) -> str:
        """The title in both languages."""
        return f"{self.title_vi} / {self.title_en}"


def write_report(
    database: Path, folder: Path, release: str, known_documents: Collection[str] | None = None
) -> None:
    """Write the report of a release in both forms from its own database.

    ``known_documents`` are those of the release before; None where there was none, so that all are new.
    """
    sections = answered(database, known_documents or (), LONGEST_LIST)
    (folder / REPORT_MD).write_text(as_markdown(release, sections), encoding="utf-8")
    (folder / REPORT_HTML).write_text(as_html(release, sections), encoding="utf-8")


def answered(database: Path, known_documents: Collection[str], limit: int) -> list[Section]:
    """The sections of the report; a question about a table that is not there is left out."""
    values: dict[str, object] = {"known": sorted(known_documents), "limit": limit}
    sections = []
    with connect(database, read_only=True) as connection:
        for question in QUESTIONS:
            if not has_table(connection, *question.table):
                continue
            frame = fetch_frame(connection, question.sql, _used(question.sql, values))
            total = None
            if question.total is not None:
                row = first_row(connection.execute(question.total, _used(question.total, values)))
                total = int(row[0]) if row else 0
            is_cut = "$limit" in question.sql and frame.height >= limit
            sections.append(
                Section(question.title_vi, question.title_en, frame, question.nothing, total, is_cut)
            )
    return sections


def _used(sql: str, values: Mapping[str, object]) -> dict[str, object]:
    """Those of the values that a query names; DuckDB takes no others."""
    return {name: value for name, value in values.items() if f"${name}" in sql}


def as_markdown(release: str, sections: Sequence[Section]) -> str:
    """The report as Markdown."""
    parts = [f"# Release {release}\n"]
    for section in sections:
        parts.append(f"## {section.title}\n")
        parts.append(markdown_table(section.frame) if section.frame.height else section.nothing + "\n")
        if section.is_cut:
            parts.append(f"The list is cut after {section.frame.height} rows; the database holds all.\n")
    return "\n".join(parts)


def as_html(release: str, sections: Sequence[Section]) -> str:
    """The report as one page without script; every value is escaped."""
    from jinja2 import Environment

    environment = Environment(autoescape=True)
    environment.filters["shown"] = shown
    return environment.from_string(PAGE).render(title=f"hatangso {release}", sections=sections)


def markdown_table(frame: pl.DataFrame) -> str:
    r"""A frame as a Markdown table; numbers as they are, nulls empty, no markup out of values.

    >>> print(markdown_table(pl.DataFrame({"unit": ["a|b<i>"], "rows": [2]})), end="")
    | unit | rows |
    |---|---:|
    | a\|b&lt;i> | 2 |
    """
    rule = ["---:" if dtype.is_numeric() else "---" for dtype in frame.dtypes]
    lines = ["| " + " | ".join(frame.columns) + " |", "|" + "|".join(rule) + "|"]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in frame.iter_rows()]
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    text = shown(value)
    for sign, written in (("&", "&amp;"), ("<", "&lt;"), ("\\", "\\\\")):
        text = text.replace(sign, written)
    for sign in "|[]`":
        text = text.replace(sign, f"\\{sign}")
    return text


def shown(value: object) -> str:
    r"""A value on one line: nothing for null, no trailing .0.

    >>> shown(80.0), shown(None), shown("hai\ndòng")
    ('80', '', 'hai dòng')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split())
