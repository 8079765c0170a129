"""Statements to facts: indicator, unit of place, scope, confidence — or a reason why not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from pipelines.extraction.extract import Extracted
from pipelines.extraction.statement import Statement
from pipelines.matching.catalog import AdminUnit, Catalog
from pipelines.matching.indicators import IndicatorMatcher, Match, Words
from pipelines.matching.normal_form import normal_form
from pipelines.matching.places import DocumentPlace, Gazetteer

_ROLE_REASONS = {
    "change": "change_not_level", "previous": "previous_period", "rank": "rank", "money": "money", "age": "age",
    "comparison": "world_average", "index": "growth_index", "plan_completion": "plan_completion",
    "blank": "blank_cell", "dash": "dash_cell", "no_data": "no_data_cell", "text": "text_cell",
    "headline": "headline", "name": "not_a_level", "condition": "not_a_level", "breakdown": "not_a_level", "ordinal": "rank", "per_other": "not_a_level",
}  # fmt: skip
_WHOLE_CLAUSE = re.compile(
    r"[,;:.]\s*(?:(?:hiện nay|hiện|đến nay|tính đến[^,;]*|nâng tổng số)\s*,?\s*)?(?:toàn (?:tỉnh|huyện|quốc|thành phố)|cả (?:tỉnh|nước|huyện)|trên địa bàn|nâng tổng số)",
    re.IGNORECASE,
)
_THE_OPERATOR = re.compile(
    r"\s*(?:Hiện nay,?\s+|Hiện,?\s+|Đến nay,?\s+)?(?:đơn vị|công ty|doanh nghiệp|tập đoàn|nhà mạng|chi nhánh)(?:\s+(?:đã|có|hiện|này|đang|cũng))",
    re.IGNORECASE,
)
_OPENING = re.compile(r"\s*(?:Tại|Ở|Trong|Riêng)\s[^,:]{3,80}[,:]", re.IGNORECASE)
_WHOLE = re.compile(r"(?:cả|toàn) (?:tỉnh|huyện|thành phố|thị xã|xã|quận)")


@dataclass(frozen=True, slots=True)
class Reading:
    """How one statement ended: a fact, an unmatched label, or a reject with its reason."""

    statement: Statement
    outcome: str
    reason_code: str | None = None
    detail: str = ""
    match: Match | None = None
    unit: AdminUnit | None = None
    place_basis: str | None = None
    segment: str | None = None
    segment_type: str | None = None
    shares_value_with: int | None = None


@dataclass(frozen=True, slots=True)
class MatchedDocument:
    """A document's place and the readings of its statements, in order; a shared value adds one."""

    place: DocumentPlace
    readings: tuple[Reading, ...]


class Matcher:
    """Matches the statements of documents against one catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.indicators = IndicatorMatcher(catalog)
        self.gazetteer = Gazetteer(catalog)
        self._document_operator: str | None = None

    def match_document(
        self,
        place_text: str,
        issued_on: date | None,
        reference_year: int | None,
        statements: Iterable[Statement],
        title: str | None = None,
    ) -> MatchedDocument:
        """Readings of one document's statements."""
        self._document_operator = self._operator_in(title or "")
        day = issued_on or (date(reference_year, 12, 31) if reference_year else None)
        place = self.gazetteer.document_place(place_text, day)
        readings: list[Reading] = []
        for statement in statements:
            readings.extend(self._read(statement, place, len(readings)))
        return MatchedDocument(place, tuple(_without_rounded_repeats(readings)))

    def _read(self, statement: Statement, document: DocumentPlace, position: int) -> list[Reading]:
        if statement.unit == "count" and statement.value is not None and statement.value % 1:
            return [Reading(statement, "reject", "not_a_level", "a count with decimals")]
        if statement.figure_role != "level":
            return [Reading(statement, "reject", _ROLE_REASONS[statement.figure_role])]
        if normal_form(statement.label) in self.catalog.ignored_labels:
            return [Reading(statement, "reject", "ignored_label")]
        scope = self._scope(statement)
        if scope is not None:
            return [Reading(statement, "reject", scope[0], scope[1])]
        words = Words(
            statement.attach,
            statement.label_left,
            statement.label_right,
            statement.label_context,
            statement.label_heading,
        )
        matches = self.indicators.matches(words, statement.unit)
        if not matches and statement.numerator is not None and statement.unit == "percent":
            counted = self.indicators.matches(replace(words, context="", heading=""), "count")
            if counted and statement.denominator:
                statement = replace(statement, unit="count", value=statement.numerator)
                matches = counted
        if not matches:
            return [Reading(statement, "unmatched")]
        unit, basis, reason, detail = self._place(statement, document)
        if reason is not None:
            return [Reading(statement, "reject", reason, detail)]
        result: list[Reading] = []
        for number, match in enumerate(matches):
            segment, segment_type = self._segment(statement, match)
            result.append(
                Reading(
                    statement,
                    "fact",
                    None,
                    "",
                    match,
                    unit,
                    basis,
                    segment,
                    segment_type,
                    shares_value_with=position if number else None,
                )
            )
        return result

    def _operator_in(self, words: str) -> str | None:
        """The operator that a title speaks of, None where it speaks of none."""
        tagger = self.indicators.tagger
        scopes = tagger.tags(words).scopes
        return next((word for concept, word in scopes if tagger.concepts[concept].role == "operator"), None)

    def _scope(self, statement: Statement) -> tuple[str, str] | None:
        """Reason and words where a figure is of an operator, a special zone or a sector only."""
        tagger = self.indicators.tagger
        before = tagger.tags(statement.clause)
        operators = [word for concept, word in before.scopes if tagger.concepts[concept].role == "operator"]
        own = tagger.tags(f"{statement.label_left} ¦ {statement.label_right}")
        own_operators = [word for concept, word in own.scopes if tagger.concepts[concept].role == "operator"]
        if own_operators and statement.attach != "table":
            return "operator_scope", own_operators[0]
        if self._document_operator and _THE_OPERATOR.match(statement.clause):
            return "operator_scope", self._document_operator
        opening = _OPENING.match(statement.clause)
        if opening:
            zones = [w for c, w in tagger.tags(opening.group()).scopes if tagger.concepts[c].role == "zone"]
            if zones:
                return "zone_scope", zones[0]
        if operators and not self._whole_after(statement.clause, operators[-1]):
            return "operator_scope", operators[-1]
        for concept, word in own.scopes:
            if tagger.concepts[concept].role == "zone":
                return "zone_scope", word
            if tagger.concepts[concept].role == "sector":
                return "sector_scope", word
        return None

    @staticmethod
    def _whole_after(clause: str, operator: str) -> bool:
        """Whether the whole unit is named after an operator, which ends that operator's scope."""
        rest = clause[clause.lower().rfind(operator) + len(operator) :]
        return bool(_WHOLE_CLAUSE.search(rest))

    def _segment(self, statement: Statement, match: Match) -> tuple[str | None, str | None]:
        if statement.segment:
            return statement.segment, statement.segment_type
        if match.segment:
            return match.segment, "group"
        tagger = self.indicators.tagger
        words = f"{statement.label_left} ¦ {statement.label_right}"
        for concept, word in tagger.tags(words).scopes:
            role = tagger.concepts[concept].role
            if role == "segment_field":
                field = re.search(r"[Ll]ĩnh vực\s+[^:;,]+(?:,\s*[^:;,]+)*", words)
                return (field.group() if field else word), "field"
            if role.startswith("segment"):
                return word, role.removeprefix("segment_")
        return None, None

    def _place(
        self, statement: Statement, document: DocumentPlace
    ) -> tuple[AdminUnit | None, str, str | None, str]:
        """(unit, rule, reason, words): the place that the clause names, else the document's."""
        own = document.unit
        text, basis = statement.place_text, statement.place_basis
        if document.basis == "village" and basis != "clause":
            return None, "document_village", "village_scope", ""
        if text is None:
            return own, f"document_{document.basis}", None, ""
        within = self.gazetteer.province_of(own) if own is not None else None
        if basis == "whole":
            return self._whole(normal_form(text), own, within, document)
        place = self.gazetteer.resolve(text, within, document.day)
        if basis == "subject" and place.unit is None:
            return own, f"document_{document.basis}", None, ""
        if place.unit is None:
            if basis == "clause" and place.reason == "place_unknown":
                return own, f"document_{document.basis}", None, ""
            return None, basis or "clause", place.reason, place.detail
        if own is not None and basis == "clause" and _is_above(place.unit, own):
            return own, f"document_{document.basis}", None, ""
        return place.unit, basis or "clause", None, ""

    def _whole(
        self, words: str, own: AdminUnit | None, within: str | None, document: DocumentPlace
    ) -> tuple[AdminUnit | None, str, str | None, str]:
        if not _WHOLE.match(words):
            return self.gazetteer.country, "country_words", None, ""
        if own is None or own.level == "country":
            return own, f"document_{document.basis}", None, ""
        if words.endswith("tỉnh") and own.level != "province" and within:
            place = self.gazetteer.province_by_code(within, document.day)
            return place, "whole_words", None, ""
        return own, f"document_{document.basis}", None, ""


def _is_above(unit: AdminUnit, own: AdminUnit) -> bool:
    order = ("country", "province", "district", "commune")
    return order.index(unit.level) < order.index(own.level)


def _without_rounded_repeats(readings: list[Reading]) -> list[Reading]:
    """Drop "hơn 16.000 trạm" where the same document states 16.737 for the same thing."""
    exact: dict[tuple[object, ...], list[float]] = defaultdict(list)
    for reading in readings:
        if (
            reading.outcome == "fact"
            and reading.statement.comparator == "="
            and not reading.statement.approximate
        ):
            exact[_cell(reading)].append(reading.statement.value or 0.0)
    return [_unless_rounded(reading, exact[_cell(reading)]) for reading in readings]


_ROUNDING_SHARE = 0.06


def _unless_rounded(reading: Reading, exact: list[float]) -> Reading:
    statement = reading.statement
    bounded = statement.comparator in {">", "<"} or statement.approximate
    if reading.outcome != "fact" or not bounded or statement.kind == "target" or not statement.value:
        return reading
    near = [v for v in exact if v != statement.value and abs(v - statement.value) <= _ROUNDING_SHARE * abs(v)]
    return Reading(statement, "reject", "rounded_repeat", f"{near[0]:g}") if near else reading


def _cell(reading: Reading) -> tuple[object, ...]:
    statement = reading.statement
    return (
        reading.match.code if reading.match else None,
        reading.unit.code if reading.unit else None,
        statement.year,
        statement.kind == "target",
        reading.segment,
    )


def match_extracted(extracted: Extracted, matcher: Matcher) -> MatchedDocument:
    """Readings of a document just extracted."""
    header = extracted.header
    return matcher.match_document(
        header.place_text, header.issued_on, header.reference_year, extracted.statements, header.title
    )
