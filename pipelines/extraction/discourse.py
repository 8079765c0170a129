"""What holds where a figure stands: the headings and lead-ins above it, and what was said before.

A figure's period and kind come from the nearest place that gives them, and the name of the rule
is kept with the figure: clause, after_figure, block, lead_in, discourse, document, title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from pipelines.extraction.figure import Figure
from pipelines.extraction.header import Header, kind_of_heading
from pipelines.extraction.kinds import KINDS_COUNTED, Cue, cues_before, find_cues, heading_cue
from pipelines.extraction.periods import Period, find_periods
from pipelines.extraction.places import opening_unit
from pipelines.extraction.tokens import Token
from pipelines.reading.blocks import Block

_NOT_OF_THE_FIGURE = re.compile(
    r"triển khai (?:kế hoạch|nhiệm vụ|phương hướng)[^,;.\d]{0,30}$|(?:so với|so|cùng kỳ|cùng kì|kể từ|từ|trước|tầm nhìn|tầm nhìn đến|hơn|bằng|sau|ban hành|thành lập|khởi công)\s*(?:của\s+)?(?:ngày|tháng|đầu|giữa|cuối|hết|cùng kỳ|năm|thời điểm|mức)?\s*$",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"(?:(?<!tính )(?:đến|tới|vào)\s*(?:hết|cuối|tháng|ngày)?|giai đoạn|trong giai đoạn|hết|cuối|định hướng|thời kỳ)\s*$",
    re.IGNORECASE,
)
_COUNTED_UP_TO = re.compile(
    r"(?:tính|số liệu|cập nhật|thống kê)\s*(?:đến|tới)?\s*(?:hết|cuối|ngày|thời điểm)?\s*(?:tháng\s*)?$",
    re.IGNORECASE,
)
_AMOUNTS_TO = re.compile(r"\s*,?\s*(?:là|đạt|có)\s[^,;.\d]{0,24}\d", re.IGNORECASE)
# "Nếu năm 2007 là 5% thì hiện nay": an earlier year, told for comparison.
_CONTRASTED = re.compile(r"(?<!\w)(?:nếu|từ chỗ|trước đây)(?!\w)", re.IGNORECASE)
_AIMS = re.compile(r"\W*(?:đảm bảo|bảo đảm|hướng đến|hướng tới)\s", re.IGNORECASE)
# A sentence that says of which period a report is.
_REPORTS_ON = re.compile(r"(?<!\w)(?:báo cáo|kết quả|tình hình)(?!\w)", re.IGNORECASE)
# "Mục tiêu đến tháng 12/2023 đạt 25 thuê bao/100 dân;" is the aim of what was just told, and of nothing behind it.
_ITS_AIM = re.compile(
    r"\W*(?:mục tiêu|chỉ tiêu|kế hoạch)\s(?:[^:;,.\d]|\d[\d/.]*)*?(?:đạt|là)\s+(?:trên |hơn |gần )?\d[\d.,]*\s*(?:%|thuê bao(?:\s?/\s?100 dân)?)?\s*(?:[;.]|$)",
    re.IGNORECASE,
)
# A sentence that says until when its aims are: "với mục tiêu đến năm 2015".
_AIMED_AT = re.compile(
    r"(?<!\w)(?:mục tiêu|chỉ tiêu|phấn đấu)(?=\s+(?:cụ thể\s+)?đến (?:hết |cuối )?(?:năm )?20)", re.IGNORECASE
)
_NEAR = 80
_THIS_YEAR = re.compile(r"(?<!\w)(?:năm nay|(?:cuối|trong|cả) năm)(?!\w)(?!\s*(?:học|\d))", re.IGNORECASE)
# A section "Tầm nhìn đến năm 2030" has that horizon; behind another one these words name a farther one.
_OUTLOOK = re.compile(r"\W*(?:tầm nhìn|định hướng)(?:\s+(?:đến|tới|năm))*\s*", re.IGNORECASE)
# A period right behind a figure is that figure's own: "74,8% năm 2023", "120 trạm (2026)".
_BOUND = re.compile(
    r"\s*(?:(?!(?:và|còn|nhưng)\s)[^\W\d_]\w*\s+|[2-6]G\s+){0,3}?(?P<open>\(?)\s*(?:tính đến|tính tới|đến|vào|trong|của)?\s*(?:thời điểm|cuối|đầu|hết|năm)?\s*$",
    re.IGNORECASE,
)
_LEADS_ON = re.compile(
    r"\s*(?:là|đạt|ước đạt|:)?\s*(?:trên|hơn|gần|khoảng|tối thiểu|từ)?\s*\d", re.IGNORECASE
)
# A plan's figure beside the one that was reached is of the same year: "71,5% (KH 75%)".
_BESIDE = re.compile(
    r"[(/]\s*(?:KH|kế hoạch|chỉ tiêu|mục tiêu)(?:\s+(?:là|đạt|(?:[^\W\d_]+\s+)?giao|đề ra|năm))*\s*[:=]?\s*$",
    re.IGNORECASE,
)
# "vượt kế hoạch năm (80%)": the plan that was exceeded, in brackets.
_AIM_OPENS = re.compile(
    r"(?<!thành )(?<!đạt )(?<!với )(?<!\w)(?:kế hoạch|mục tiêu|chỉ tiêu)[^,;.()\d]{0,30}\(\s*(?:trên |từ )?$",
    re.IGNORECASE,
)
# "vượt mục tiêu 20% đề ra" tells of no aim that what follows belongs to.
_EXCEEDED = re.compile(
    r"(?<!\w)(?:vượt|cao hơn|so với|bằng)\s+(?:mục tiêu|chỉ tiêu|kế hoạch)[^,;.\d]*$", re.IGNORECASE
)
_LEADING = 12
# Figures that are no levels, but tell of what period a text speaks: "trong tháng 3/2022 đã giảm 6 bậc".
_TOLD = {"change", "rank", "per_other"}
# Pages of these first months of a year still speak of the year before.
_LOOKING_BACK = 3
# In a plan these words speak of one clause, not of what follows.
_WEAK_CUES = re.compile(r"đã|đang|kết quả|đạt được", re.IGNORECASE)
_RESTATEMENT = re.compile(r"(?<!\w)(?:tương đương|tương ứng|chiếm)(?!\w)", re.IGNORECASE)
# A year before those that are read here dates its figure all the same: by none.
_TOO_EARLY = re.compile(r"(?<!\d)19[0-8]\d(?!\d)")
_SAME_PERIOD = re.compile(r"cùng k[ỳì](?:\s+(?:của\s+)?năm)?\s+(?P<year>20\d\d)(?!\d)", re.IGNORECASE)
_COMPARED_WITH = re.compile(r"(?<!\w)so với\s+$", re.IGNORECASE)
_NOW = re.compile(
    r"(?<!\w)(?:hiện nay|hiện tại|đến nay|(?<=thì )nay|(?<!thực )(?<!thể )(?<!phát )(?<!xuất )(?<!biểu )hiện(?! đại| thực| tượng| hữu| diện| vật| trạng))(?!\w)",
    re.IGNORECASE,
)
_YEAR_END = re.compile(r"(?<!\w)cuối\s*$", re.IGNORECASE)
_DONE = re.compile(r"(?<!\w)(?:đã|hiện đã)(?!\w)", re.IGNORECASE)
_AFTER = re.compile(
    r"^\s*(?:[^\W\d_]+\s+){0,4}?(?:vào|trong|của|năm|tháng|quý|cuối|đầu|\()?\s*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Frame:
    """A heading or lead-in in force: its depth, words, and what it says of the figures below."""

    level: float
    text: str
    kind: str | None
    status: str
    period: Period | None
    until: bool


@dataclass(slots=True)
class Discourse:
    """State of reading through a document, block by block."""

    header: Header
    frames: list[Frame] = field(default_factory=list)
    last_kind: str | None = None
    last_target: Period | None = None
    last_observation: Period | None = None
    block_kind: str | None = None
    block_period: Period | None = None
    last_figures: list[Figure] = field(default_factory=list)
    in_list: bool = False
    targets_only: bool = False
    block_place: tuple[str, str] | None = None
    # The district or commune that opens a paragraph, which speaks of it to its end.
    block_subject: str | None = None
    _weak_cue: bool = False
    _last_month: Period | None = None
    # The latest year that the text speaks of as reached, for "hiện nay" on a page without a date.
    _latest_year: int | None = None
    _compared_year: int | None = None

    def look_ahead(self, texts: Iterable[str]) -> None:
        """Take the latest year up to which a page without a date counts its figures: "tính đến tháng 6/2014".

        Where it counts up to none, the one behind the year with whose same period it compares: "so với cùng kỳ năm 2024".
        """
        if self.header.reference_year is not None:
            return
        for text in texts:
            for compared in _SAME_PERIOD.finditer(text):
                self._compared_year = max(int(compared.group("year")) + 1, self._compared_year or 0)
            for start, end, period in find_periods(text):
                if not period.year or not period.month:
                    continue
                before = text[max(0, start - _NEAR) : start]
                if _COMPARED_WITH.search(before):
                    continue
                self._years_of_months.setdefault(period.month, set()).add(period.year)
                until = _UNTIL.search(before) and _AMOUNTS_TO.match(text, end)
                counted = until or _COUNTED_UP_TO.search(before)
                if counted and not any(cue.kind == "target" for cue in find_cues(before)):
                    self._latest_year = max(period.year, self._latest_year or 0)
        self._latest_year = self._latest_year or self._compared_year

    # What is done "để đảm bảo 100% …" is aimed at by that clause alone.
    _is_purpose: bool = False
    # Years that a page without a date prints beside months, for "tháng 9" alone.
    _years_of_months: dict[int, set[int]] = field(default_factory=dict)
    _last_stated: tuple[tuple[int, int], str, str] | None = None

    def enter(self, block: Block) -> None:
        """Start a block: drop frames that it ends, take it as a frame if it leads others in."""
        self.block_kind = self.block_period = self.block_place = self._last_stated = None
        self._last_month = None
        self.block_subject = opening_unit(block.text)
        level = _depth(block)
        if block.kind in {"heading", "list_item"}:
            self.frames = [frame for frame in self.frames if frame.level < level]
        elif block.kind == "paragraph":
            ends = 5.5 if self.in_list else 6
            self.frames = [frame for frame in self.frames if frame.level < ends]
        self.in_list = block.kind == "list_item"
        if block.kind == "heading":
            self._push(level, block.text)

    def leave(self, block: Block) -> None:
        """End a block: one that closes with a colon leads the following list in."""
        text = block.text.rstrip()
        if block.kind != "heading" and text.endswith(":"):
            last = re.split(r"(?<=[.;])\s+", text)[-1]
            self._push(_depth(block) if block.kind == "list_item" else 5.5, last)

    def hear(self, sentence: str) -> None:
        """Take in a sentence without figures: "Phấn đấu ..." says what kind the next ones are of."""
        cue = next(iter(find_cues(sentence)), None)
        if cue is not None and cue.kind == "target" and cue.position <= _LEADING:
            self.block_kind = "target"
        aimed = _AIMED_AT.search(sentence)
        if aimed:
            spans = find_periods(sentence[aimed.start() :])
            aim = next((p for start, _, p in spans if p.year and start <= _NEAR), None)
            self.last_target = aim or self.last_target
        reported = _REPORTS_ON.search(sentence)
        if reported and self.block_period is None:
            spans = find_periods(sentence[reported.start() :])
            period = next((p for start, _, p in spans if p.year and start <= _NEAR), None)
            if period is not None and period.precision != "range" and not self._is_future(period):
                self.block_period = period
                self._latest_year = max(period.year or 0, self._latest_year or 0)

    def _push(self, level: float, text: str) -> None:
        self.frames = [frame for frame in self.frames if frame.level < level]
        cue = heading_cue(text)
        kind = kind_of_heading(text, self.header.document_type)
        spans = find_periods(text)
        period, until = None, False
        for start, _, found in spans:
            before = text[:start]
            dated = found.with_year(self.header.reference_year) if found.precision == "months" else found
            opens = _OUTLOOK.fullmatch(before) is not None
            if dated.year is None or (_NOT_OF_THE_FIGURE.search(before) and not opens):
                continue
            period = dated
            until = bool(_UNTIL.search(before)) or found.precision == "range"
        if kind in {"baseline", "estimate"}:
            until = False
        if period and kind in {None, "actual"} and until and self._is_future(period):
            kind = "target"
        self.frames.append(Frame(level, text, kind, cue.status if cue else "A", period, until))

    @property
    def heading(self) -> str:
        """Words of the nearest frame, for labels that need them."""
        return self.frames[-1].text if self.frames else ""

    def _is_future(self, period: Period) -> bool:
        """Whether a period ends after the page was written, or may well do so."""
        known, year = self.header.reference_year, period.year
        if year is None:
            return False
        if known is None:
            told = any(frame.kind in {"actual", "baseline", "estimate"} for frame in self.frames)
            return period.precision == "range" or (
                self.header.document_type in {"plan", "decision"} and not told
            )
        if year != known:
            return year > known
        issued = self.header.issued_on
        if period.as_of and issued:
            return period.as_of > issued
        return self.header.document_type in {"plan", "decision"} or (issued is not None and issued.month < 12)

    def period_and_kind(
        self, figure: Figure, text: str, tokens: list[Token]
    ) -> tuple[Period | None, str | None, str, str, str]:
        """(period, rule, kind, rule, observation status) of a figure."""
        stated, until, rule = self._stated_period(figure, text, tokens)
        kind, kind_rule, status = self._kind(figure, text, tokens, stated, until)
        previous = self._last_stated
        if (
            previous is not None
            and previous[0] == figure.sentence
            and _RESTATEMENT.search(figure.left)
            and kind_rule != "clause"
        ):
            kind, kind_rule, status = previous[1], "restated", previous[2]
        if figure.role == "level":
            self._last_stated = (figure.sentence, kind, status)
        if stated is not None and rule != "now":
            period: Period | None = stated
            period_rule: str | None = rule
        else:
            period, period_rule = self._inherited_period(kind, now=rule == "now")
        if period is not None and kind == "target" and stated is None and period.year is None:
            period, period_rule = None, None
        said = text[figure.sentence[0] : figure.token.start]
        if kind == "target" and (
            (period is None and _BESIDE.search(said)) or (stated is None and _AIM_OPENS.search(said))
        ):
            period, period_rule = self._inherited_period("actual", now=False)
        begin, end = figure.sentence
        if (
            figure.role in _TOLD
            and figure.paren is None
            and stated is not None
            and not self._is_future(stated)
            and not any(cue.kind in {"target", "estimate"} for cue in find_cues(text[begin:end]))
        ):
            self.block_period = stated
            self.last_observation = stated if stated.month else self.last_observation
        is_aside = (
            self._is_purpose
            or _ITS_AIM.match(text, figure.segment[0]) is not None
            or _EXCEEDED.search(said) is not None
        )
        if figure.role == "level" and figure.paren is None and not is_aside:
            self.targets_only = kind == "target" and (self.targets_only or self.last_kind is None)
            self.block_kind = kind if kind != "estimate" or kind_rule == "lead_in" else "actual"
            if not (self._weak_cue and self.header.default_kind == "target"):
                self.last_kind = self.block_kind
            if period is not None and rule != "after_figure" and (stated is not None or rule == "now"):
                self.block_period = period
                if kind == "target":
                    self.last_target = period
                elif not (kind == "estimate" and self._is_future(period)):
                    self.last_observation = period
        return period, period_rule, kind, kind_rule, status

    def _stated_period(
        self, figure: Figure, text: str, tokens: list[Token]
    ) -> tuple[Period | None, bool, str]:
        """The period that the figure's own sentence gives, and whether it is an end to come."""
        begin, end = figure.sentence
        reference_ends = [t.end for t in tokens if t.kind == "reference"]
        candidates: list[tuple[int, Period, bool]] = []
        aims = any(cue.kind in {"target", "estimate"} for cue in find_cues(text[begin:end]))
        for token in tokens:
            if token.kind != "period" or not begin <= token.start < end:
                continue
            if token.period is None:
                if _TOO_EARLY.search(token.text):
                    candidates.append((token.start, Period(None, "year"), False))
                continue
            before = text[begin : token.start]
            # "tăng 83% so với năm 2023 (47,4 Mbps)": the bracket right behind a period is of it.
            is_bracketed = token.end <= (figure.paren or 0) and not text[token.end : figure.paren].strip()
            if not is_bracketed and (
                self._bound_to_other(token, figure, text, tokens)
                or (_NOT_OF_THE_FIGURE.search(before) and not _COUNTED_UP_TO.search(before))
            ):
                continue
            if any(
                0 <= token.start - at <= 14
                and re.fullmatch(r"[\s,(]*(?:ngày|năm|của [\w\s]{0,8})?\s*", text[at : token.start])
                for at in reference_ends
            ):
                continue
            if (
                token.period.precision == "range"
                and re.search(
                    r"(?:kế hoạch|chương trình|đề án|nghị quyết)[^,;.:]{0,80}$", before, re.IGNORECASE
                )
                and token.start > figure.token.end
            ):
                continue
            until = (
                bool(_UNTIL.search(before)) and not _COUNTED_UP_TO.search(before)
            ) or token.period.precision == "range"
            said = candidates[-1][1].year if candidates else self._year_of_month(token.period)
            known = token.period.with_year(said or self.header.reference_year)
            if token.period.month and token.period.year and not self._is_future(token.period):
                self._last_month = token.period
            if token.period.year and not until and not aims:
                self._latest_year = max(token.period.year, self._latest_year or 0)
            candidates.append((token.start, known, until))
        at = figure.token.start
        own = [c for c in candidates if c[0] < at and not _closed_between(text, c[0], at)]
        if figure.paren is not None:
            inside = [c for c in own if c[0] > figure.paren]
            own = inside or own
        follows = [c for c in candidates if c[0] >= figure.token.end]
        if follows:
            start, period, until = follows[0]
            gap = text[figure.token.end : start]
            if self._is_bound_by(text, figure.token.end, next(t for t in tokens if t.start == start)):
                return period, until, "after_figure"
            same_words = start < figure.token.end + len(figure.right) + 2
            if same_words and not re.search(r"[,;:()]", gap) and (_AFTER.match(gap) or not own):
                return period, until, "after_figure"
        now = list(_NOW.finditer(text, begin, at))
        if own:
            start, period, until = own[-1]
            if period.precision == "year" and _YEAR_END.search(text[begin:start]):
                period = replace(period, as_of=date(period.year, 12, 31)) if period.year else period
            if now and now[-1].start() > start and not _closed_between(text, now[-1].start(), at):
                contrasted = _CONTRASTED.search(text, begin, start)
                if self.header.reference_year is None and not until and period.year and not contrasted:
                    return Period(period.year, "year"), False, "clause"
                return None, False, "now"
            return period, until, "clause"
        year = self._year_spoken_of() if _THIS_YEAR.search(text, begin, at) else None
        if year:
            return Period(year, "year"), False, "clause"
        return None, False, "now" if now else "none"

    def _year_spoken_of(self) -> int | None:
        """The year that "cuối năm" is of: that of the block or section, else the page's."""
        section = next((f.period.year for f in reversed(self.frames) if f.period is not None), None)
        block = self.block_period.year if self.block_period is not None else None
        return block or section or self.header.reference_year

    def _year_of_month(self, period: Period) -> int | None:
        """The year of a month without one: of the month that the block named last, or as the page prints it elsewhere."""
        last = self._last_month
        known = self._years_of_months.get(period.month or 0, set())
        if last is None and len(known) == 1:
            return next(iter(known))
        if last is None and not known:
            return self._compared_year
        if last is None or last.month is None or period.month is None or period.month < last.month:
            return None
        return last.year

    @staticmethod
    def _bound_to_other(period: Token, figure: Figure, text: str, tokens: list[Token]) -> bool:
        """Whether a period stands right behind another figure and so is that one's."""
        owner = next((t for t in reversed(tokens) if t.kind == "figure" and t.end <= period.start), None)
        if (
            owner is None
            or owner.start in {figure.token.start, figure.token.end}
            or owner.end == figure.token.end
            or KINDS_COUNTED.match(text, owner.end)
        ):
            return False
        return Discourse._is_bound_by(text, owner.end, period)

    @staticmethod
    def _is_bound_by(text: str, end: int, period: Token) -> bool:
        bound = _BOUND.fullmatch(text[end : period.start])
        if bound is None:
            return False
        if bound.group("open"):
            return text[period.end : period.end + 1] == ")"
        return _LEADS_ON.match(text, period.end) is None

    def _inherited_period(self, kind: str, *, now: bool) -> tuple[Period | None, str | None]:
        reference = self.header.reference_year
        if kind == "target":
            if self.block_period is not None and self.block_kind == "target":
                return self.block_period, "block"
            for frame in reversed(self.frames):
                if frame.period is not None and (frame.kind in {"target", None} or frame.until):
                    return frame.period, "lead_in"
            if self.last_target is not None:
                return self.last_target, "discourse"
            target_year = self.header.target_year
            if target_year is None and self.header.document_type in {"plan", "decision"} and self.frames:
                target_year = next((f.period.year for f in reversed(self.frames) if f.period), None)
            return (Period(target_year, "year"), "title") if target_year else (None, None)
        if now and reference:
            return Period(reference, "year"), "document"
        if now:
            return (Period(self._latest_year, "year"), "discourse") if self._latest_year else (None, None)
        if self.block_period is not None and self.block_kind != "target":
            return self.block_period, "block"
        for frame in reversed(self.frames):
            if frame.period is not None and not (frame.until and self._is_future(frame.period)):
                return frame.period, "lead_in"
        last = self.last_observation
        issued = self.header.issued_on
        back = 1 if issued is not None and issued.month <= _LOOKING_BACK else 0
        recent = last is not None and (reference is None or reference - (last.year or 0) <= back)
        if last is not None and recent:
            return last, "discourse"
        return (Period(reference, "year"), "document") if reference is not None else (None, None)

    def _kind(
        self, figure: Figure, text: str, tokens: list[Token], period: Period | None, until: bool
    ) -> tuple[str, str, str]:
        cue = self._cue(figure, text, tokens)
        begin, end = figure.sentence
        if _AIM_OPENS.search(text[begin : figure.token.start]):
            return "target", "clause", "A"
        said = cues_before(text[begin:end], figure.token.start - begin)
        self._weak_cue = cue is not None and all(_WEAK_CUES.fullmatch(c.word) for c in [*said, cue])
        self._is_purpose = cue is not None and cue.word.lower().startswith(("để ", "nhằm "))
        future = (
            period is not None
            and self._is_future(period)
            and not (self._is_in_status() and period.year == self.header.reference_year)
            and (until or period.year != self.header.reference_year)
        )
        if cue is not None:
            if cue.kind == "baseline":
                return self._status_kind(), "clause", "A"
            if cue.kind == "estimate":
                if future and period is not None and period.year != self.header.reference_year:
                    return "target", "period", "A"
                return "estimate", "clause", cue.status
            if cue.kind == "target":
                return "target", "clause", "A"
            if not future or not until or (self.header.reference_year is None and _DONE.fullmatch(cue.word)):
                return self._observed(), "clause", "A"
        if future:
            return "target", "period", "A"
        if _AIMS.match(text, figure.sentence[0]) and not any(frame.kind for frame in self.frames):
            return "target", "clause", "A"
        if self.block_kind is not None:
            return self.block_kind, "block", "A"
        for frame in reversed(self.frames):
            if frame.kind is not None:
                return frame.kind, "lead_in", frame.status
        if self.last_kind is not None and (
            self.last_kind != "target"
            or self.header.default_kind == "target"
            or self.targets_only
            or figure.comparator == ">="
        ):
            return self.last_kind, "discourse", "A"
        return self.header.default_kind, "document", "A"

    def _observed(self) -> str:
        """Kind of a figure that is said to be reached: in a status section it is the plan's baseline."""
        if self._is_in_status():
            return "baseline"
        return "estimate" if any(frame.kind == "estimate" for frame in self.frames) else "actual"

    def _is_in_status(self) -> bool:
        """Whether a section that tells how things stand is in force."""
        return any(frame.kind == "baseline" for frame in self.frames)

    def _status_kind(self) -> str:
        return "baseline" if self.header.document_type in {"plan", "decision"} else "actual"

    def _cue(self, figure: Figure, text: str, tokens: list[Token]) -> Cue | None:
        (begin, end), at = figure.sentence, figure.token.start
        if begin < figure.segment[0] and _ITS_AIM.match(text, begin):
            begin = figure.segment[0]
        cues = [
            c
            for c in cues_before(text[begin:end], at - begin)
            if not _closed_between(text, begin + c.position, at)
        ]
        if figure.paren is not None:
            inside = [c for c in cues if begin + c.position > figure.paren]
            cues = inside or cues
        if not cues:
            done = _DONE.search(figure.right)
            return Cue("actual", "A", at - begin, done.group()) if done else None
        last = cues[-1]
        if _WEAK_CUES.fullmatch(last.word) and begin + last.position < figure.segment[0]:
            # "đạt 50% số trạm 4G đã phát sóng; tối thiểu 30%": what was done there is done there.
            strong = [c for c in cues if not _WEAK_CUES.fullmatch(c.word)]
            last = strong[-1] if strong else last
        if last.word.lower() == "sẽ":
            last = next((c for c in reversed(cues) if c.kind == "estimate"), last)
        leads = last.position < 40
        said = begin + last.position
        others = any(t.kind == "figure" and said <= t.start < at for t in tokens)
        if last.kind == "estimate" and said < at - len(figure.left) and others and not leads:
            rest = [c for c in cues if c.kind != "estimate"]
            return rest[-1] if rest else None
        return last


def _closed_between(text: str, position: int, at: int) -> bool:
    """Whether `position` stands in a bracket that is closed before `at`."""
    if text.find(")", position, at) < 0:
        return False
    depth = 0
    for char in text[position:at]:
        if char == "(":
            depth += 1
        elif char == ")":
            if depth == 0:
                return True
            depth -= 1
    return False


def _depth(block: Block) -> float:
    if block.level:
        return float(block.level)
    return 1.5 if block.kind == "heading" else 5.5
