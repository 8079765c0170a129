"""Labels to indicators.

An alias matches a label when the label holds every concept of the alias and no other concept
that would change the meaning. The most specific alias wins; a tie is no match but a question
for review. The words that a figure stands with are tried from the nearest to the farthest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import fuzz, process

from pipelines.matching.catalog import Catalog
from pipelines.matching.concepts import Tagger, Tags
from pipelines.matching.members import members
from pipelines.matching.normal_form import normal_form

# An alias that begins so fits only a label of these very words.
EXACT_ONLY = "="
_OPTIONAL = re.compile(r"\[([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Alias:
    """One wording of an indicator as concepts."""

    text: str
    code: str
    unit: str
    segment: str | None
    required: frozenset[str]
    allowed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Match:
    """An indicator found for a label, by which alias, how, and how sure."""

    code: str
    matched_by: str
    confidence: float
    segment: str | None
    label: str
    alias: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words around a figure, by where they stand."""

    attach: str
    left: str
    right: str
    context: str
    heading: str


class IndicatorMatcher:
    """Finds the indicators that a statement's words name, for one catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.tagger = Tagger(catalog)
        self.catalog = catalog
        self._aliases: dict[str, list[Alias]] = {}
        self._exact: dict[tuple[str, str], Alias] = {}
        for text, code, segment in catalog.aliases:
            alias = self.alias(text, code, segment)
            if not text.startswith(EXACT_ONLY):
                self._aliases.setdefault(alias.unit, []).append(alias)
            self._exact[core(_OPTIONAL.sub(" ", text)), alias.unit] = alias
        for indicator in catalog.indicators.values():
            if indicator.name_vi:
                self._exact.setdefault(
                    (core(indicator.name_vi), indicator.unit),
                    self.alias(indicator.name_vi, indicator.code, None),
                )
        self.matches = lru_cache(maxsize=200_000)(self._matches)
        self._names = [(normal_form(i.name_vi), i.code) for i in catalog.indicators.values() if i.name_vi]
        self._names += [
            (normal_form(text.replace("[", "").replace("]", "")), code) for text, code, _ in catalog.aliases
        ]

    def alias(self, text: str, code: str, segment: str | None) -> Alias:
        """A wording of the catalog as concepts."""
        optional = frozenset(c for part in _OPTIONAL.findall(text) for c in self.tagger.tags(part).concepts)
        required = frozenset(self.tagger.tags(_OPTIONAL.sub(" ", text)).concepts)
        allowed = self.tagger.closure(required | optional)
        return Alias(text, code, self.catalog.indicators[code].unit, segment, required, allowed)

    def aliases_of(self, unit: str) -> tuple[Alias, ...]:
        """The general wordings of all indicators of a unit."""
        return tuple(self._aliases.get(unit, ()))

    def exact(self, label: str, unit: str) -> Alias | None:
        """The wording of these very words, if an indicator of the unit has it."""
        return self._exact.get((core(_OPTIONAL.sub(" ", label)), unit))

    def _matches(self, words: Words, unit: str) -> tuple[Match, ...]:
        """Every indicator that the words name (two where one value serves two), or none."""
        words = _without_exceptions(words)
        bare = self.tagger.tags(f"{words.left} ¦ {_PURPOSE.sub(' ', words.right)}")
        if words.context and self.tagger.is_foreign(words.context):
            left = self.tagger.tags(words.left)
            says_what = all(map(self.tagger.is_subject, bare.concepts))
            if says_what and not left.unexplained and not self._subjects_among(left.concepts):
                return ()
        if (
            unit == "count"
            and _OF_WHICH.search(words.left)
            and self.tagger.tags(words.right).unexplained >= _STRANGE
        ):
            return ()
        if self._is_whole_label(words.left):
            words = replace(words, context="", heading="")
        behind = self.tagger.tags(words.right)
        if words.attach == "right" and unit == "percent" and not behind.concepts and behind.unexplained > 1:
            return ()
        if words.attach == "left" and unit == "percent" and self._names_subject(words):
            words = replace(words, attach="both")
        taken_over = words.context.split(" ¦ ")[0]
        for own, support, base in self._refined(words, unit) + self._cut_short(words) + _hypotheses(words):
            if not own.strip(" ,;:()¦") or (
                taken_over and own.startswith(taken_over) and bare.unexplained > 1
            ):
                continue
            exact = self._exact.get((core(own), unit)) if not support else None
            if exact is not None:
                return (Match(exact.code, "alias", 0.98, exact.segment, own, exact.text),)
            tags = self.tagger.tags(own)
            supporting = frozenset(self.tagger.tags(support).concepts) if support else frozenset[str]()
            found = self._best(tags, supporting, unit, frozenset(bare.concepts))
            if taken_over and own.startswith(taken_over):
                found = [alias for alias in found if self._shares_subject(alias, frozenset(bare.concepts))]
            if len(found) > 1 and words.heading and own.endswith(words.heading):
                continue
            if found:
                return tuple(
                    Match(
                        alias.code,
                        "context" if support else ("shared_value" if len(found) > 1 else "synonyms"),
                        round(max(0.3, base - _doubt(tags)), 2),
                        alias.segment,
                        own,
                        alias.text,
                    )
                    for alias in found
                )
        return ()

    def of_each_member(self, words: Words) -> tuple[Match, ...]:
        """The indicators of the members of a list all of which have what is said, each by its own words."""
        label = words.right if words.attach != "left" and words.right.strip(" ,;:.") else words.left
        pairs = members(_BRACKETED.sub(" ", label))
        subjects = [self.tagger.tags(subject) for subject, _ in pairs]
        owner = {c for first, _ in pairs[:1] for c in self.tagger.tags(first.split()[-1]).concepts}
        if any(tags.unexplained for tags in subjects):
            return ()
        if subjects and owner & {c for tags in subjects for c in tags.concepts} - {*subjects[0].concepts}:
            return ()  # "nhà văn hóa thôn, khu dân cư" are the houses of both.
        found: dict[str, Match] = {}
        for subject, said in pairs:
            own = Words("right", "", f"{subject} {said}", "", "")
            for match in self.matches(own, "percent"):
                doubted = round(match.confidence * _OF_A_LIST, 2)
                found.setdefault(match.code, replace(match, matched_by="list_member", confidence=doubted))
        return tuple(found.values())

    def _is_whole_label(self, left: str) -> bool:
        """Whether words are a label of their own with an object unknown here: "tỷ lệ hộ có máy giặt"."""
        tags = self.tagger.tags(left)
        has_object = tags.unexplained or len({c for c in tags.concepts if not self.tagger.is_subject(c)}) > 1
        return bool(_WHOLE_LABEL.match(left) and tags.concepts and has_object)

    def _names_subject(self, words: Words) -> bool:
        """Whether the words behind a percentage say of whom it is: "chiếm 82% dân số"."""
        right = self.tagger.tags(words.right).concepts
        left = self.tagger.tags(words.left).concepts
        return bool(right) and self.tagger.is_subject(right[0]) and right[0] not in left and bool(left)

    def _refined(self, words: Words, unit: str) -> list[tuple[str, str, float]]:
        """A bare "số trạm" in a sentence about 5G is of 5G stations, unless a total; a bare "tốc độ" of its network."""
        if words.attach == "right" and _WITH.search(words.left):
            words = replace(words, left="", context=words.left)
        own = f"{words.left} ¦ {words.right}"
        clause = re.split(r"[,;:]", words.left)[-1]
        counted = unit == "count" and words.attach in {"right", "both"}
        if counted and self._is_bare_subject(words.right) and self._kinds(clause):
            return [(f"{clause} ¦ {words.right}", "", 0.86)]
        if words.attach == "table":
            return [(words.left, network, 0.8)] if (network := self._network_above(words)) else []
        if not words.context or re.search(r"(?<!\w)tổng(?!\w)", own, re.IGNORECASE):
            return []
        concepts = set(self.tagger.tags(own).concepts)
        if self._goes_on_of_whom(concepts, words.context.split(" ¦ ")[0]):
            return [(own, words.context.split(" ¦ ")[0], 0.82)]
        if len(concepts) != 1:
            return []
        about = self.tagger.tags(words.context).concepts
        if self.tagger.is_subject(next(iter(concepts))):
            is_of_kind = len(self._kinds(words.context)) == 1 and not _OF_ALL.search(own)
            return [(own, words.context, 0.8)] if is_of_kind else []
        if self._subjects_among(about) and not self._kinds(words.context):
            return []
        return [(own, words.context, 0.8)]

    def _goes_on_of_whom(self, concepts: set[str], said: str) -> bool:
        """Whether words that name nobody measure the same as those before: "dân số được phủ sóng 4G ...; phủ sóng 5G"."""
        before = frozenset(self.tagger.tags(said).concepts)
        kinds = self._kinds_among(concepts)
        return (
            bool(kinds)
            and len(self._subjects_among(before)) == 1
            and not self._subjects_among(concepts)
            and bool((concepts - kinds) & before)
            and bool(self._kinds_among(before))
        )

    def _is_bare_subject(self, words: str) -> bool:
        """Whether words say only what is counted: "trạm tại"."""
        concepts = set(self.tagger.tags(words).concepts)
        return len(concepts) == 1 and all(map(self.tagger.is_subject, concepts))

    def _kinds(self, words: str) -> frozenset[str]:
        """Kinds of one thing that words name: generations of mobile networks."""
        return self._kinds_among(self.tagger.tags(words).concepts)

    def _kinds_among(self, concepts: Iterable[str]) -> frozenset[str]:
        return frozenset(c for c in concepts if self.tagger.concepts[c].enumerates_as)

    def _subjects_among(self, concepts: Iterable[str]) -> frozenset[str]:
        return frozenset(filter(self.tagger.is_subject, concepts))

    def _cut_short(self, words: Words) -> list[tuple[str, str, float]]:
        """The words behind a figure up to a comma behind which they tell of something else: "dân số, sẵn sàng thử nghiệm 6G"."""
        first = re.split(r"[,;]\s", words.right, maxsplit=1)[0]
        is_open = first.count("(") != first.count(")")
        if words.attach == "left" or is_open or first == words.right:
            return []
        rest = self.tagger.tags(words.right[len(first) :])
        lists = self._subjects_among(rest.concepts) or self._kinds_among(rest.concepts)
        goes_on = lists or not (rest.concepts or rest.unexplained > 1)
        if goes_on or not self._subjects_among(self.tagger.tags(first).concepts):
            return []
        return [(first if words.attach == "right" else f"{words.left} ¦ {first}", "", 0.83)]

    def _network_above(self, words: Words) -> str:
        """The group, else the caption of one network, above words that say only what is measured: "Tốc độ tải xuống"."""
        concepts = set(self.tagger.tags(words.left).concepts)
        if len(concepts) != 1 or self._subjects_among(concepts):
            return ""
        group = self.tagger.tags(words.context).concepts
        if group and not self._subjects_among(group):
            return words.context
        return words.heading if len(self._kinds(words.heading)) == 1 else ""

    def _best(self, tags: Tags, support: frozenset[str], unit: str, said: frozenset[str]) -> list[Alias]:
        """The aliases that fit; `said` are all concepts that the figure's own words hold."""
        own = frozenset(tags.concepts)
        if not own or tags.has_unknown_abbreviation or _is_mostly_unknown(tags, unit):
            return []
        kinds = self._kinds_among(own)
        closed_own = self.tagger.closure(own)
        # A share is completed by the name of a network before it, not by what that implies: 58 % of the people
        # that 5G reaches are no users of the Internet.
        implying = support - self._kinds_among(support) if unit == "percent" else support
        closed = closed_own | self.tagger.closure(implying) | support
        candidates = [
            alias
            for alias in self._aliases.get(unit, ())
            if alias.required
            and alias.required <= closed
            and (not support or alias.required & closed_own)
            and not (support and kinds - alias.required)
        ]
        fitting = [
            alias
            for alias in candidates
            if not any(self.tagger.rules_out(c, alias.allowed) for c in own)
            and self._says_enough(alias, own, tags)
        ]
        if support:
            fitting = [
                a
                for a in fitting
                if not (a.required <= closed_own)
                and self._subject_agrees(a, own | said)
                and not any(
                    self.tagger.rules_out(c, a.allowed) for c in said if not self.tagger.is_subject(c)
                )
            ]
        if fitting:
            return self._most_specific(fitting, own, support, tags.concepts)
        return [] if support else self._shared(candidates, own)

    def _says_enough(self, alias: Alias, own: frozenset[str], tags: Tags) -> bool:
        """An alias of one general word ("Internet") fits only a label that says nothing else."""
        if len(alias.required) > 1:
            return True
        if self._subjects_among(alias.required):
            return alias.unit != "count" or tags.unexplained <= _STRANGE_IN_ONE
        return alias.required <= own and tags.unexplained <= 1

    def _shares_subject(self, alias: Alias, said: frozenset[str]) -> bool:
        """Whether an alias is of what the figure's own words name, if they name anything: "hộ gia đình 39.871 hộ"."""
        subjects = self._subjects_among(self.tagger.closure(said))
        wanted = self._subjects_among(alias.required)
        return not subjects or not wanted or bool(subjects & wanted)

    def _subject_agrees(self, alias: Alias, own: frozenset[str]) -> bool:
        """Words taken over may complete a label, but not give it another subject."""
        subjects = self._subjects_among(own)
        wanted = self._subjects_among(alias.required)
        return not subjects or (bool(wanted) and wanted <= subjects)

    def _most_specific(
        self, aliases: list[Alias], own: frozenset[str], support: frozenset[str], order: tuple[str, ...]
    ) -> list[Alias]:
        def weight(alias: Alias) -> float:
            named = alias.required & (own | support)
            return (
                sum(map(self._content, named))
                + 0.6 * sum(map(self._content, alias.required - named))
                + 0.3 * len((alias.allowed - alias.required) & own)
                + (0.2 if alias.segment else 0.0)
            )

        best = max(weight(alias) for alias in aliases)
        winners = {alias.code: alias for alias in aliases if weight(alias) >= best - 1e-9}
        if len(winners) > 1 and order:
            first = next((c for c in order if self.tagger.is_subject(c)), None)
            winners = {code: alias for code, alias in winners.items() if first in alias.required}
        return list(winners.values()) if len(winners) == 1 else []

    def _content(self, concept: str) -> float:
        """How much a concept says: fibre says more than the broadband that it implies."""
        return 1 + 0.9 * (len(self.tagger.closure(frozenset((concept,)))) - 1)

    def _shared(self, candidates: list[Alias], own: frozenset[str]) -> list[Alias]:
        """Two indicators that share one value: "99% thôn phủ sóng di động và cố định"."""
        subjects = self._subjects_among(own)
        usable = [a for a in candidates if a.required <= self.tagger.closure(own) and subjects & a.required]
        for i, first in enumerate(usable):
            for second in usable[i + 1 :]:
                if first.code == second.code or not (subjects & first.required & second.required):
                    continue
                left, right = first.required - second.required, second.required - first.required
                if (
                    left
                    and right
                    and not any(self.tagger.rules_out(c, first.allowed | second.allowed) for c in own)
                ):
                    return [first, second]
        return []

    def nearest(self, label: str, limit: int = 3) -> list[tuple[str, float]]:
        """The indicators whose names come nearest to a label, with a score from 0 to 1."""
        wanted = normal_form(label)
        found = process.extract(
            wanted, [name for name, _ in self._names], scorer=fuzz.token_set_ratio, limit=12
        )
        result: dict[str, float] = {}
        for _, score, index in found:
            result.setdefault(self._names[index][1], round(score / 100, 3))
        return list(result.items())[:limit]


_EDGES = re.compile(
    r"^(?:(?:và|có|về|trong đó|các|những)\s+)+|(?:\s+(?:ước|đã|đạt|đạt được|là|trên|hơn|gần|khoảng|từ|dưới|tối thiểu|ước đạt|ít nhất|chiếm|còn|bằng|lên|tới|đến))+$"
)


def core(label: str) -> str:
    """Normal form without the verbs and hedges that join a label to its figure.

    >>> core("+ Tỷ lệ điện thoại thông minh trên tổng dân số ước đạt trên")
    'tỷ lệ điện thoại thông minh trên tổng dân số'
    """
    return _EDGES.sub("", normal_form(label))


_SOURCE = r"(?:tính (?:đến|tới)|theo (?:số liệu|công bố|báo cáo|thông tin|thống kê|kết quả))(?!\w)[^,;]*(?=\s(?:là|đạt)(?!\w))"
_BRACKETED = re.compile(rf"\([^()]*\)?|\s[–—]\s[^–—]*\s[–—]\s|{_SOURCE}", re.IGNORECASE)
_INSERTED = re.compile(rf"\(|\s[–—]\s|{_SOURCE}", re.IGNORECASE)
_LOCATIVE = re.compile(r"(?<!\w)(?:tại|ở|trên địa bàn|đến|tới)(?!\w).*$", re.IGNORECASE | re.DOTALL)
_PURPOSE = re.compile(
    r"(?<!\w)(?:để|nhằm|góp phần|giúp|tạo điều kiện|đáp ứng|phục vụ(?! (?:các )?cơ quan)|gồm|bao gồm|trong đó|tham gia hỗ trợ)(?!\w).*$|,\s*(?:cung cấp|phục vụ|bảo đảm|đảm bảo|hoạt động|phổ cập|tạo|từng bước|đồng thời|góp phần)(?!\w).*$",
    re.IGNORECASE | re.DOTALL,
)
# "triển khai 5G, với hơn 300 trạm": what stands before says of what the stations are.
_WITH = re.compile(r",\s*với(?:\s+(?:hơn|trên|gần|khoảng|tổng số|tổng cộng))*\s*$", re.IGNORECASE)
# "trong đó có 34.000 vị trí đã được cấp giấy chứng nhận": a part with words of its own.
_OF_WHICH = re.compile(r"(?<!\w)trong đó(?:,?\s+(?:có|đã có))?\s*(?:hơn|trên|gần|khoảng)?\s*$", re.IGNORECASE)
_OF_ALL = re.compile(r"(?<!\w)(?:toàn|cả) (?:tỉnh|huyện|xã|thành phố|nước|quốc)(?!\w)", re.IGNORECASE)
_STRANGE = 4
_STRANGE_IN_ONE = 2
_OF_A_LIST = 0.9
_WHOLE_LABEL = re.compile(r"\W*(?:và\s+)?(?:tỷ|tỉ) (?:lệ|trọng)(?!\w)", re.IGNORECASE)
# "Năm nay, tỉnh đặt mục tiêu phát triển hạ tầng đồng bộ, nâng tỷ lệ phủ sóng lên": the last label of long words.
_LAST_LABEL = re.compile(
    r"(?:[,;]|(?<!\w)(?:khi|là)(?!\w))\s*(?:(?:và|nâng|đưa|tăng)\s+)*(?=(?:tỷ lệ|tỉ lệ|mật độ|tốc độ|tổng số|số thuê bao|số lượng|độ phủ|vùng phủ)(?!\w)(?![^,;]*[,;]))",
    re.IGNORECASE,
)
# "Về hạ tầng, chương trình yêu cầu, mở rộng phủ sóng 5G đạt": the words nearest to the figure name it alone.
_LAST_CLAUSE = re.compile(r"[^,;:]{12,}[,;:]\s*(?P<words>(?:[^\s,;:]+(?:\s+|$)){2,12})$")
# "ứng dụng AI trong 4/7 nền tảng": the counted things are where it is, not what it is.
_WHERE = re.compile(r"(?<!\w)(?:trong|tại|ở|cho|của)\s*$", re.IGNORECASE)
_QUALIFIES = re.compile(
    r"^\s*(?:thuê bao\s+)?(?:cho|tại|ở|đối với|trong|so với số|số|trạm|của)(?!\w)", re.IGNORECASE
)


# "78.215 thuê bao (chưa tính 3G)": what was left out names nothing.
_EXCEPTED = re.compile(
    r"\(\s*(?:chưa|không)\s+(?:tính|kể|bao gồm|gồm)(?!\w)[^()]*\)?|\(\s*(?:trừ|ngoài)\s[^()]*\)?",
    re.IGNORECASE,
)


def _without_exceptions(words: Words) -> Words:
    left, right, context = (_EXCEPTED.sub(" ", part) for part in (words.left, words.right, words.context))
    return Words(words.attach, left, right, context, words.heading)


def _is_mostly_unknown(tags: Tags, unit: str) -> bool:
    """Whether too many words mean nothing; a count may be of any part ("trạm hết hạn thuê đất")."""
    if unit == "count":
        return tags.unexplained > 4
    return tags.unexplained > 6 and tags.unexplained > 0.5 * tags.words


def _doubt(tags: Tags) -> float:
    """How much the words that meant nothing take from the confidence."""
    return min(0.4, 0.03 * max(0, tags.unexplained - 1))


def _hypotheses(words: Words) -> list[tuple[str, str, float]]:
    """(label, words that may complete it, confidence) from the likeliest on."""
    left, right, context, heading = words.left, words.right, words.context, words.heading
    both = f"{left} ¦ {right}"
    if words.attach == "table":
        return [
            (left, "", 0.97),
            *([(_BRACKETED.sub(" ", left), "", 0.95)] if _INSERTED.search(left) else []),
            (both, "", 0.95),
            (left, context, 0.9),
            (both, context, 0.88),
            *([(f"{left} ¦ {context}", "", 0.86)] if context else []),
            (f"{left} ¦ {heading}", "", 0.85),
            (f"{both} ¦ {heading}", "", 0.85),
            (f"{left} ¦ {context} ¦ {heading}", "", 0.8),
        ]
    if _WHERE.search(left) and words.attach != "left":
        own = [(both, "", 0.9)]
    elif words.attach == "right":
        own = [(right, "", 0.95), (both, "", 0.9)]
    elif words.attach == "both":
        own = [(both, "", 0.92), (right, "", 0.88), (left, "", 0.85)]
    elif _QUALIFIES.match(right):
        own = [(both, "", 0.92), (left, "", 0.9), (right, "", 0.85)]
    else:
        own = [(left, "", 0.96), (both, "", 0.88), (right, "", 0.85)]
    tail = _LAST_LABEL.search(left) if words.attach != "right" else None
    if tail:
        own.append((left[tail.end() :], "", 0.84))
    clause = _LAST_CLAUSE.search(left) if words.attach != "right" else None
    if clause:
        nearest = left[clause.start("words") :]
        own.append(
            (
                nearest if words.attach == "left" and not right.strip(" .,;") else f"{nearest} ¦ {right}",
                "",
                0.8,
            )
        )
    bare = [(_BRACKETED.sub(" ", text), "", base - 0.06) for text, _, base in own if _INSERTED.search(text)]
    local = [
        (_LOCATIVE.sub(" ", text), "", base - 0.1)
        for text, _, base in own
        if text is right and _LOCATIVE.search(text)
    ]
    short = _PURPOSE.sub(" ", right)
    local += [(short, "", base - 0.06) for text, _, base in own if text is right and short != right]
    own = own + bare + local
    taken = []
    if context:
        pieces = (both, right, left, *([short] if short != right else [])) if right else (left,)
        taken = [(part, context, 0.82) for part in pieces if part.strip(" ¦")]
        # What was said last stands first: the nearer words name, the farther ones complete.
        parts = context.split(" ¦ ")
        for near in range(1, len(parts) + 1):
            taken.append((" ¦ ".join([*parts[:near], both]), " ¦ ".join(parts[near:]), 0.8))
    if heading:
        taken.append((both, heading, 0.7))
    return own + taken
