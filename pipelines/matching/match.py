"""Statements to facts: indicator, unit of place, scope, confidence — or a reason why not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from pipelines.extraction.extract import Extracted
from pipelines.extraction.labels import OF_PART
from pipelines.extraction.statement import Statement
from pipelines.matching.catalog import AdminUnit, Catalog
from pipelines.matching.indicators import IndicatorMatcher, Match, Words
from pipelines.matching.normal_form import any_of, normal_form
from pipelines.matching.places import NO_LONGER, DocumentPlace, Gazetteer, Place
from pipelines.matching.readings import Reading, after_all

_ROLE_REASONS = {
    "change": "change_not_level", "previous": "previous_period", "rank": "rank", "money": "money", "age": "age",
    "comparison": "world_average", "index": "growth_index", "plan_completion": "plan_completion",
    "blank": "blank_cell", "dash": "dash_cell", "no_data": "no_data_cell", "text": "text_cell",
    "headline": "headline", "name": "not_a_level", "condition": "not_a_level", "breakdown": "not_a_level", "ordinal": "rank", "per_other": "not_a_level", "part": "not_a_level",
}  # fmt: skip
_MAY_BE_FACTS = {"level", "headline"}
_FIELD = re.compile(r"[Ll]ĩnh vực\s+[^:;,]+(?:,\s*[^:;,]+)*")
_WHOLE_CLAUSE = re.compile(
    r"[,;:.]\s*[\"“”']?\s*(?:(?:hiện nay|hiện|đến nay|tính đến[^,;]*|nâng tổng số)\s*,?\s*)?(?:toàn (?:tỉnh|huyện|quốc|thành phố)|cả (?:tỉnh|nước|huyện)|trên địa bàn|nâng tổng số)",
    re.IGNORECASE,
)
_THE_OPERATOR = re.compile(
    r"\s*(?:Hiện nay,?\s+|Hiện,?\s+|Đến nay,?\s+)?(?:đơn vị|công ty|doanh nghiệp|tập đoàn|nhà mạng|chi nhánh)(?:\s+(?:đã|có|hiện|này|đang|cũng))",
    re.IGNORECASE,
)
# "Giám đốc Viettel cho biết: đơn vị đã lắp 200 trạm, nâng tổng số trạm lên": its own total.
_OPERATOR_SPEAKS = re.compile(
    r"[,;:.]\s*(?:[^,;:.]{0,30},\s*)?(?:đơn vị|công ty|doanh nghiệp|chi nhánh)\s+(?:đã|có|hiện|này|đang)",
    re.IGNORECASE,
)
_SECTOR_SUBJECT = re.compile(
    r"(?:^|[,;:.]\s*)(?P<who>(?i:các|khối|cấp)\s[^,;:.]{0,12}(?:,\s*[^\W\d_]+){0,3}(?:\s[^\W\d_]+)?)\s+(?:đã\s+)?(?:tiếp nhận|giải quyết|xử lý)\s",
)
_NOUN_WORDS = 5
# Figures that three operators share are of the whole.
_ALL_OPERATORS = 3
# "tỷ lệ hộ có cáp quang của vùng đạt 68%": several provinces together are no unit.
_OF_A_REGION = re.compile(
    r"(?<!\w)(?:của|toàn|cả) (?:cả |toàn )?vùng(?=\s+(?:đạt|là|ước|hiện|đã|có|ở mức|mới)(?!\w)|\s*[,.;:(¦]|\s*$)",
    re.IGNORECASE,
)
_OPENING = re.compile(r"\s*(?:Tại|Ở|Trong|Riêng)\s[^,:]{3,80}[,:]", re.IGNORECASE)
# "Các hộ trong thôn đã có Internet": of the one village that a text tells of.
_IN_A_VILLAGE = re.compile(
    r"(?<!\w)(?:(?:hộ|người) dân|gia đình|nhân dân|hộ|người) (?:trong|của|ở) (?:thôn|bản|ấp|xóm|buôn|làng)(?=\s+(?:đã|có|đều|được|sử dụng|hiện|là)(?!\w)|[,.;]\s(?!bản|ấp|xóm|khu|tổ|buôn))"
)
# "Mặc dù có nhiều xã vùng sâu, nhưng đến nay": what is conceded is not what the figure is of.
_CONCEDED = re.compile(
    r"(?<!\w)(?:mặc dù|tuy|dù|dẫu|mặc dầu)(?!\w)[^¦]*?,\s*(?:nhưng|song|tuy nhiên)(?!\w)", re.IGNORECASE
)
# "đạt 100% (đối với hồ sơ tiếp nhận cấp huyện từ ngày 1/12)": a condition is no part of the whole.
_CONDITIONS = re.compile(r"\((?:đối với|trừ|không (?:bao gồm|tính)|kể cả|bao gồm)[^()]*\)?", re.IGNORECASE)
_WHOLE = re.compile(r"(?:cả|toàn) (?:tỉnh|huyện|thành phố|thị xã|xã|quận)")


# (unit, rule that found it, reason why there is none, words)
_PlaceFound = tuple[AdminUnit | None, str, str | None, str]


@dataclass(frozen=True, slots=True)
class MatchedDocument:
    """A document's place and the readings of its statements, in order; a shared value adds one."""

    place: DocumentPlace
    readings: tuple[Reading, ...]


_WORDS_OF = attrgetter("attach", "label_left", "label_right", "label_context", "label_heading", "unit")


class _Verdict(NamedTuple):
    """What a figure's words alone decide, whatever its value, place and period."""

    scope: tuple[str, str] | None
    matches: tuple[tuple[Match, str | None, str | None], ...]
    is_count: bool


class Matcher:
    """Matches the statements of documents against one catalog; time grows with distinct labels."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.indicators = IndicatorMatcher(catalog)
        self.gazetteer = Gazetteer(catalog)
        self._operators = re.compile(any_of(catalog.wordings_of("operator")), re.IGNORECASE)
        self._verdicts: dict[tuple[str | bool, ...], _Verdict] = {}

    def match_document(
        self,
        place_text: str,
        issued_on: date | None,
        reference_year: int | None,
        statements: Iterable[Statement],
        title: str | None = None,
    ) -> MatchedDocument:
        """Readings of one document's statements."""
        operator = self._operators.search(title or "")
        day = issued_on or (_day_in(reference_year, place_text) if reference_year else None)
        place = self.gazetteer.document_place(place_text, day)
        places: dict[tuple[str | None, str | None, int | None], _PlaceFound] = {}
        readings: list[Reading] = []
        for statement in statements:
            readings += self._read(
                statement, place, places, operator.group() if operator else None, len(readings)
            )
        return MatchedDocument(place, tuple(after_all(readings)))

    def _read(
        self,
        statement: Statement,
        document: DocumentPlace,
        places: dict[tuple[str | None, str | None, int | None], _PlaceFound],
        operator: str | None,
        position: int,
    ) -> list[Reading]:
        if statement.figure_role not in _MAY_BE_FACTS:
            return [Reading(statement, "reject", _ROLE_REASONS[statement.figure_role])]
        if statement.unit == "count" and statement.value is not None and statement.value % 1:
            return [Reading(statement, "reject", "not_a_level", "a count with decimals")]
        if self.catalog.ignored_labels and normal_form(statement.label) in self.catalog.ignored_labels:
            return [Reading(statement, "reject", "ignored_label")]
        is_all = statement.unit == "percent" and statement.value == 100
        key = (*_WORDS_OF(statement), statement.numerator is not None, is_all)
        if statement.clause and _IN_A_VILLAGE.search(statement.quote):
            return [Reading(statement, "reject", "village_scope")]
        verdict = self._verdicts.get(key)
        if verdict is None:
            verdict = self._verdicts[key] = self._judge(*key)
        clause = statement.clause
        scope = verdict.scope or (self._clause_scope(clause, operator) if clause else None)
        if scope is not None:
            return [Reading(statement, "reject", scope[0], scope[1])]
        if not verdict.matches:
            return [Reading(statement, "unmatched")]
        if verdict.is_count:
            statement = replace(statement, unit="count", value=statement.numerator)
        place_key = (statement.place_text, statement.place_basis, statement.year)
        place = places.get(place_key)
        if place is None:
            place = places[place_key] = self._place(statement, document)
        unit, basis, reason, detail = self._above_own(place, statement, document)
        if reason is not None:
            return [Reading(statement, "reject", reason, detail)]
        result = []
        shared = None
        for match, *part in verdict.matches:
            segment, segment_type = (statement.segment, statement.segment_type) if statement.segment else part
            result.append(
                Reading(statement, "fact", None, "", match, unit, basis, segment, segment_type, shared)
            )
            shared = position
        return result

    def _judge(
        self,
        attach: str,
        left: str,
        right: str,
        context: str,
        heading: str,
        unit: str,
        is_fraction: bool,
        is_all: bool,
    ) -> _Verdict:
        """Scope, indicators and segments of a figure's words.

        `is_fraction` where a fraction is printed, `is_all` where the figure is a share of 100 %.
        """
        whole = next(reversed(list(_WHOLE_CLAUSE.finditer(left))), None)
        own = f"{left[whole.start() :] if whole else left} ¦ {right}"
        region = _OF_A_REGION.search(own)
        scope = ("zone_scope", region.group()) if region else self._own_scope(own, attach)
        if scope is not None:
            return _Verdict(scope, (), False)
        words = Words(attach, left, right, context, heading)
        matches = self.indicators.matches(words, unit)
        is_count = False
        if not matches and is_fraction and unit == "percent" and self._names_what_is_counted(right):
            # "6/75 trạm 5G" counts 6 stations, it is no share of an indicator.
            matches = self.indicators.matches(replace(words, context="", heading=""), "count")
            is_count = bool(matches)
        if not matches and is_all:
            matches = self.indicators.of_each_member(words)
        parts = tuple((match, *self._segment(own, context, match)) for match in matches)
        return _Verdict(None, parts, is_count)

    def _names_what_is_counted(self, right: str) -> bool:
        """Whether words behind a fraction begin with a thing known here: "trạm 5G", not "dịch vụ dữ liệu có trên nền tảng"."""
        return bool(self.indicators.tagger.tags(" ".join(right.split()[:_NOUN_WORDS])).concepts)

    def _own_scope(self, own: str, attach: str) -> tuple[str, str] | None:
        """Reason and words where a figure's own words are of an operator, a special zone or a sector."""
        tagger = self.indicators.tagger
        roles = {"operator": "operator_scope", "zone": "zone_scope", "sector": "sector_scope"}
        scopes = tagger.tags(own).scopes
        operators = {word for concept, word in scopes if tagger.concepts[concept].role == "operator"}
        for concept, word in scopes:
            role = tagger.concepts[concept].role
            is_of_all = attach == "table" or len(operators) >= _ALL_OPERATORS
            if role in roles and not (role == "operator" and is_of_all):
                return roles[role], word
        return None

    def _clause_scope(self, clause: str, document_operator: str | None) -> tuple[str, str] | None:
        """Reason and words where the words before a figure give it to an operator or a special zone."""
        if document_operator and _THE_OPERATOR.match(clause):
            return "operator_scope", document_operator
        named = list(self._operators.finditer(clause))
        if len({match.group().lower() for match in named}) >= _ALL_OPERATORS:
            named = []
        whole = _WHOLE_CLAUSE.search(clause, named[-1].end()) if named else None
        if named and (whole is None or _OPERATOR_SPEAKS.search(clause, named[-1].end(), whole.start() + 1)):
            return "operator_scope", named[-1].group()
        subjects = list(_SECTOR_SUBJECT.finditer(clause))
        if subjects and ";" not in clause[subjects[-1].end() :]:
            tagger = self.indicators.tagger
            for concept, word in tagger.tags(subjects[-1].group("who")).scopes:
                if tagger.concepts[concept].role in {"sector", "segment_level"}:
                    return "sector_scope", word
        opening = _OPENING.match(clause)
        if opening:
            tagger = self.indicators.tagger
            for concept, word in tagger.tags(opening.group()).scopes:
                if tagger.concepts[concept].role == "zone":
                    return "zone_scope", word
        return None

    def _segment(self, own: str, context: str, match: Match) -> tuple[str | None, str | None]:
        """The part of the whole that a figure's words speak of, and its type; a field goes on over a list."""
        if match.segment:
            return match.segment, "group"
        tagger = self.indicators.tagger
        openings = [part for part in context.split(" ¦ ") if OF_PART.match(part)]
        spoken = _CONDITIONS.sub(" ", _CONCEDED.sub(" ", own))
        scopes = tagger.tags(" ¦ ".join([spoken, *openings])).scopes
        levels = {c for c, _ in scopes if tagger.concepts[c].role == "segment_level"}
        for concept, word in scopes:
            role = tagger.concepts[concept].role
            if role == "segment_level" and len(levels) > 1:
                continue
            if role == "segment_field":
                field = self._field(own, match)
                if field is None:
                    continue
                return field, "field"
            if role.startswith("segment"):
                return word, role.removeprefix("segment_")
        field = self._field(context, match)
        return (field, "field") if field else (None, None)

    def _field(self, words: str, match: Match) -> str | None:
        """The field ("lĩnh vực đất đai") that words name, unless it is what the indicator itself is about."""
        tagger = self.indicators.tagger
        named = _FIELD.search(words)
        if named is None:
            return None
        tags = tagger.tags(named.group())
        is_field = any(tagger.concepts[c].role == "segment_field" for c, _ in tags.scopes)
        about = tagger.tags(match.alias).concepts
        return named.group() if is_field and not set(tags.concepts) & set(about) else None

    def _place(self, statement: Statement, document: DocumentPlace) -> _PlaceFound:
        """(unit, rule, reason, words): the place that the clause names, else the document's."""
        own = document.unit
        text, basis = statement.place_text, statement.place_basis
        if document.basis == "village" and basis != "clause":
            return None, "document_village", "village_scope", ""
        if document.basis == "abroad" and (text is None or basis == "subject"):
            return None, "document_abroad", "world_average", ""
        if text is None:
            return own, f"document_{document.basis}", None, ""
        within = self.gazetteer.province_of(own) if own is not None else None
        if basis == "whole":
            return self._whole(normal_form(text), own, within, document)
        place = self.gazetteer.resolve(text, within, document.day)
        if NO_LONGER in place.detail and statement.year is not None:
            place = self.gazetteer.resolve(text, within, date(statement.year, 1, 1))
        if place.unit is None and own is not None and basis in {"row", "column", "list"}:
            lower = self.gazetteer.below(text, own, document.day)
            place = Place(lower) if lower is not None else place
        if basis == "subject" and place.unit is None and place.reason != "world_average":
            return own, f"document_{document.basis}", None, ""
        if place.unit is None:
            if basis == "clause" and place.reason == "place_unknown" and NO_LONGER not in place.detail:
                return own, f"document_{document.basis}", None, ""
            return None, basis or "clause", place.reason, place.detail
        return place.unit, basis or "clause", None, ""

    def _above_own(self, found: _PlaceFound, statement: Statement, document: DocumentPlace) -> _PlaceFound:
        """A unit above the document's own, only mentioned in a clause, is not meant unless the clause gives it the figure."""
        own, (unit, basis, _, _) = document.unit, found
        mentioned = unit is not None and own is not None and basis == "clause" and _is_above(unit, own)
        if mentioned and unit is not None and not _speaks_of_whole(statement.clause, unit):
            return own, f"document_{document.basis}", None, ""
        return found

    def _whole(
        self, words: str, own: AdminUnit | None, within: str | None, document: DocumentPlace
    ) -> _PlaceFound:
        if not _WHOLE.match(words):
            return self.gazetteer.country, "country_words", None, ""
        if own is None or own.level == "country":
            return own, f"document_{document.basis}", None, ""
        if words.endswith("tỉnh") and own.level != "province" and within:
            place = self.gazetteer.province_by_code(within, document.day)
            return place, "whole_words", None, ""
        if words.endswith("huyện") and own.level == "commune":
            return self.gazetteer.superior(own, document.day), "whole_words", None, ""
        return own, f"document_{document.basis}", None, ""


def _day_in(year: int, place_text: str) -> date:
    """A day of a year by which names resolve: its last, but in 2025 one with districts where a text names any."""
    return (
        date(year, 6, 30) if year == _LAST_DISTRICTS and _DISTRICT.search(place_text) else date(year, 12, 31)
    )


def _speaks_of_whole(clause: str, unit: AdminUnit) -> bool:
    """Whether the words before a figure give it to a unit: "trên địa bàn huyện, huyện A đề ra", "của huyện A"."""
    words = rf"(?<!\w)(?:(?:toàn|cả|trên địa bàn) {unit.unit_type}|của {re.escape(unit.name)})(?!\w)"
    return re.search(words, clause, re.IGNORECASE) is not None


def _is_above(unit: AdminUnit, own: AdminUnit) -> bool:
    order = ("country", "province", "district", "commune")
    return order.index(unit.level) < order.index(own.level)


# Districts, towns and cities of provinces ended with 30 June 2025 (Luật 72/2025/QH15).
_LAST_DISTRICTS = 2025
_DISTRICT = re.compile(r"(?<!\w)(?:huyện|quận|thị xã)\s+[^\W\d_]", re.IGNORECASE)


def match_extracted(extracted: Extracted, matcher: Matcher) -> MatchedDocument:
    """Readings of a document just extracted."""
    header = extracted.header
    return matcher.match_document(
        header.place_text, header.issued_on, header.reference_year, extracted.statements, header.title
    )
