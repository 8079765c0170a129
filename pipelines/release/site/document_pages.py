"""Pages of documents: each figure with its words, whether it is used, and why or why not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from duckdb import DuckDBPyConnection
from markupsafe import Markup, escape

from pipelines.release.site import addresses, queries
from pipelines.release.site.edition import Context, Edition
from pipelines.release.site.queries import Row
from pipelines.release.site.wording import WINNING_RULES, both, figure, named

ROOT = "../"


def document_contexts(
    connection: DuckDBPyConnection, edition: Edition, ids: Sequence[str]
) -> Iterator[tuple[str, Context]]:
    """Page and context of each document; the queries run once for all ``ids``."""
    asked = [list(ids)]
    facts = queries.grouped(queries.rows(connection, queries.DOCUMENT_FACTS, asked), "document_id")
    rejects = queries.grouped(queries.rows(connection, queries.DOCUMENT_REJECTS, asked), "document_id")
    unmatched = queries.grouped(queries.rows(connection, queries.DOCUMENT_UNMATCHED, asked), "document_id")
    corrections = queries.grouped(queries.rows(connection, queries.CORRECTIONS, asked), "document_id")
    for document_id in ids:
        found = facts.get(document_id, [])
        yield (
            addresses.document_page(document_id),
            {
                "document": edition.documents[document_id],
                "fact_count": len(found),
                "facts": [_shown(edition, fact) for fact in found],
                "rejects": rejects.get(document_id, []),
                "unmatched": unmatched.get(document_id, []),
                "corrections": corrections.get(document_id, []),
            },
        )


def _shown(edition: Edition, fact: Row) -> Row:
    """A fact with its quote marked, what became of it, and what competed with it."""
    cell = (fact["admin_unit_key"], fact["indicator_code"], fact["year"])
    rivals = edition.competing.get(cell, []) if fact["priority_rank"] is not None else []
    used = fact["winner_fact_id"] == fact["fact_id"] or bool(fact["is_current_target"])
    return fact | {
        "marked": marked(fact["quote"], fact["value_text"]),
        "used": used,
        "outcome": outcome(edition, fact),
        "rivals": rivals if any(rival["fact_id"] == fact["fact_id"] for rival in rivals) else [],
    }


def marked(quote: str, value_text: str | None) -> Markup:
    """The quote with its figure marked where it occurs once; elsewhere the quote as it is.

    >>> marked("đạt 80% (kế hoạch 85%)", "80%")
    Markup('đạt <mark>80%</mark> (kế hoạch 85%)')
    """
    text = (value_text or "").strip()
    if not text or quote.count(text) != 1:
        return escape(quote)
    before, _, after = quote.partition(text)
    return escape(before) + Markup("<mark>{}</mark>").format(text) + escape(after)


def outcome(edition: Edition, fact: Row) -> Markup:
    """In a sentence: whether the figure stands in the marts, and by which rule."""
    if fact["kind"] == "target" and fact["target_id"] is not None:
        return (
            both("✓ Mục tiêu đang áp dụng.", "✓ Target in force.")
            if fact["is_current_target"]
            else both("Mục tiêu đã được thay thế hoặc không được chọn.", "Target replaced or not chosen.")
        )
    if fact["winner_fact_id"] is None:
        if not fact["is_headline"]:
            return both(
                "Không vào bảng tổng hợp: chỉ nói về một phần, hoặc độ tin cậy thấp.",
                "Not in the marts: it speaks of a part only, or is not sure enough.",
            )
        return both(
            "Không vào bảng tổng hợp: thiếu năm hoặc đơn vị.",
            "Not in the marts: its year or unit is missing.",
        )
    if fact["winner_fact_id"] == fact["fact_id"]:
        if fact["winner_correction_id"] is not None:
            return both("Đã được đính chính; số đính chính được dùng.", "Corrected; the correction is used.")
        if not fact["competing_count"]:
            return both("✓ Được dùng: con số duy nhất được biết.", "✓ Used: the only figure known.")
        return both("✓ Được chọn.", "✓ Chosen.") + " " + named(WINNING_RULES, fact["winning_rule"])
    winner = edition.quoted(
        figure(fact["winner_value"], fact["unit"]), fact["winner_document_id"], fact["winner_fact_id"], ROOT
    )
    return (
        both("Không chọn. Con số được chọn:", "Not chosen. The chosen figure:")
        + " "
        + winner
        + ". "
        + named(WINNING_RULES, fact["winning_rule"])
    )
