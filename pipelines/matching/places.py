"""Place names to administrative units, by the date of the document.

A name is looked up among the units that exist on the day; where several bear it, the one inside
the document's own unit is meant, and what stays ambiguous is null with a reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from pipelines.extraction.letters import LOWER
from pipelines.extraction.places import NAME, NUMBERED, SYLLABLE
from pipelines.matching.catalog import AdminUnit, Catalog
from pipelines.matching.normal_form import any_of, normal_form, without_marks

COUNTRY = "VN"
NO_LONGER = "does not exist on"
_MERGERS = date(2025, 7, 1)
_TYPE_LEVELS = {
    "tỉnh": ("province",), "thành phố": ("province", "district"), "huyện": ("district",), "quận": ("district",),
    "thị xã": ("district",), "xã": ("commune",), "phường": ("commune",), "thị trấn": ("commune",), "đặc khu": ("commune",),
}  # fmt: skip
_ABBREVIATED = {"tp": "thành phố", "tx": "thị xã", "tt": "thị trấn", "h": "huyện", "q": "quận"}
_TYPE_LEVELS |= {short: _TYPE_LEVELS[unit_type] for short, unit_type in _ABBREVIATED.items()}
_VILLAGES = {"thôn", "bản", "ấp", "buôn", "khu phố", "tổ dân phố", "xóm"}
_TYPED = re.compile(
    r"(?:thành phố|thị xã|thị trấn|đặc khu|tỉnh|huyện|quận|phường|xã|thôn|bản|ấp|buôn|tp|tx|tt|h|q)(?= )"
)
_COUNTRY_WORDS = re.compile(
    r"(?<!\w)(?:cả nước|toàn quốc|việt nam|ủy ban quốc gia|cục chuyển đổi số quốc gia|trên cả nước|(?<!\d )63 (?:tỉnh|địa phương)|63 63|bộ tt tt|ngành tt tt|bộ thông tin và truyền thông|bộ khoa học và công nghệ|bộ kh cn|cục viễn thông|tổng cục thống kê|vnnic|(?<!nhóm )(?<!thứ )(?<!hạng )(?<!top )(?<!vị trí )\d\d? (?:63|34)(?: chiếm \d+)?(?: các)? (?:tỉnh|địa phương)|(?:41|\d\d?\d?) 1\d\d quốc gia)(?!\w)"
)
_DOMAIN = re.compile(
    r"(?<![\w.])(?:[a-z0-9-]+\.)*?(?:bao|dai)?([a-z]{4,})\.(?:gov\.|dcs\.|com\.|org\.)?vn(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A resolved unit, or None with the reason; `level` may be "village" for what is below all units."""

    unit: AdminUnit | None
    reason: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DocumentPlace:
    """The unit that a document is of, the day by which names resolve, and the rule that found it."""

    unit: AdminUnit | None
    day: date | None
    basis: str


class Gazetteer:
    """Every unit of the catalog by name."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self.resolve = lru_cache(maxsize=50_000)(self._resolve)

    @cached_property
    def _abroad(self) -> frozenset[str]:
        """Normal forms of the names of other countries."""
        return frozenset(self._catalog.wordings_of("abroad"))

    @cached_property
    def _abroad_pattern(self) -> re.Pattern[str]:
        return re.compile(any_of(sorted(self._abroad, key=len, reverse=True)))

    @cached_property
    def _units(self) -> dict[str, list[AdminUnit]]:
        return self._by_name(self._catalog.admin_units)

    @cached_property
    def _provinces(self) -> dict[str, list[AdminUnit]]:
        return self._by_name(tuple(u for u in self._catalog.provinces if u.level == "province"))

    @cached_property
    def _unmarked(self) -> dict[str, list[AdminUnit]]:
        """Districts and communes by the letters of their names without marks."""
        found: dict[str, list[AdminUnit]] = {}
        for unit in self._catalog.admin_units:
            if unit.level in {"district", "commune"}:
                found.setdefault(without_marks(unit.bare_name), []).append(unit)
        return found

    @cached_property
    def _slugs(self) -> dict[str, str]:
        return {without_marks(name): name for name in self._provinces}

    def _by_name(self, units: tuple[AdminUnit, ...]) -> dict[str, list[AdminUnit]]:
        found: dict[str, list[AdminUnit]] = {}
        for unit in units:
            found.setdefault(normal_form(unit.bare_name), []).append(unit)
        for alias, code, valid_from in self._catalog.unit_aliases:
            entry = found.setdefault(normal_form(alias), [])
            entry += [
                unit
                for unit in units
                if unit.code == code and valid_from in {None, unit.valid_from} and unit not in entry
            ]
        return found

    @cached_property
    def _by_code(self) -> dict[str, list[AdminUnit]]:
        result: dict[str, list[AdminUnit]] = {}
        for unit in self._catalog.admin_units:
            result.setdefault(unit.code, []).append(unit)
        return result

    @cached_property
    def country(self) -> AdminUnit:
        """The country's own row."""
        return next(unit for unit in self._catalog.provinces if unit.code == COUNTRY)

    @cached_property
    def _province_pattern(self) -> re.Pattern[str]:
        names = sorted((name for name in self._provinces if len(name) > 3), key=len, reverse=True)
        return re.compile(any_of(names))

    def _resolve(self, text: str, within: str | None, day: date | None) -> Place:
        """The unit that a printed name means, inside province code `within` where several bear it."""
        words = normal_form(text)
        if _COUNTRY_WORDS.fullmatch(words):
            return Place(self.country)
        if words in self._abroad:
            return Place(None, "world_average", text)
        typed = _TYPED.match(words + " ")
        if typed and typed.group() in _VILLAGES and words in self._units:
            typed = None  # "Buôn Ma Thuột" is a name.
        unit_type = typed.group() if typed else None
        if unit_type in _VILLAGES:
            return Place(None, "village_scope", text)
        candidates = list(self._provinces.get(words, ()))
        if typed and unit_type is not None:
            levels = _TYPE_LEVELS[unit_type]
            index = self._provinces if levels == ("province",) else self._units
            bare = words[typed.end() :].strip()
            named = (*index.get(bare, ()), *index.get(words, ()))
            candidates += [unit for unit in named if unit.level in levels and unit not in candidates]
            candidates = candidates or self._spelled_otherwise(bare, levels, within, day)
        elif not candidates and within:
            named = tuple(self._units.get(words, ()))
            candidates = [u for u in named if u.level == "district" and self.province_of(u) == within]
        if not candidates:
            return Place(None, "place_unknown", text)
        return self._choose(candidates, unit_type, within, day, text)

    def _spelled_otherwise(
        self, bare: str, levels: tuple[str, ...], within: str | None, day: date | None
    ) -> list[AdminUnit]:
        """The only unit of these levels that bears the name with other marks: "Mù Cang Chải", "Đăk Song", "Cư Mgar"."""
        units = [
            unit
            for unit in self._unmarked.get(without_marks(bare), ())
            if unit.level in levels
            and (day is None or unit.holds_on(day))
            and (within is None or self.province_of(unit) == within)
        ]
        return units if len({unit.code for unit in units}) == 1 else []

    def _choose(
        self,
        candidates: list[AdminUnit],
        unit_type: str | None,
        within: str | None,
        day: date | None,
        text: str,
    ) -> Place:
        if day is not None:
            standing = [u for u in candidates if u.holds_on(day)]
            if not standing:
                return Place(None, "place_unknown", f"{text} {NO_LONGER} {day.isoformat()}")
            candidates = standing
        if unit_type:
            same = [u for u in candidates if u.unit_type == _ABBREVIATED.get(unit_type, unit_type)]
            candidates = same or candidates
        if within and len(candidates) > 1:
            inside = [u for u in candidates if u.code == within or self.province_of(u) == within]
            candidates = inside or candidates
        if day is None:
            earliest = min(u.valid_from for u in candidates)
            candidates = [u for u in candidates if u.valid_from == earliest]
        ranked = sorted(candidates, key=lambda u: ("province", "district", "commune").index(u.level))
        top = [u for u in ranked if u.level == ranked[0].level]
        if len(top) > 1:
            return Place(None, "place_ambiguous", f"{text}: {', '.join(sorted(u.code for u in top)[:6])}")
        return Place(top[0])

    def below(self, text: str, own: AdminUnit, day: date | None) -> AdminUnit | None:
        """The only unit right below `own` that bears a name without its type, as the rows of its tables do."""
        for named in (self._units.get(normal_form(text), ()), self._unmarked.get(without_marks(text), ())):
            units = {
                unit.code: unit
                for unit in named
                if unit.parent_code == own.code and (day is None or unit.holds_on(day))
            }
            if len(units) == 1:
                return next(iter(units.values()))
        return None

    @lru_cache(maxsize=50_000)  # noqa: B019 - one gazetteer lives as long as the process
    def province_of(self, unit: AdminUnit) -> str | None:
        """Code of the province that a unit lies in, itself for a province."""
        while unit.level not in {"province", "country"}:
            parents = [
                p for p in self._by_code.get(unit.parent_code or "", ()) if p.valid_from <= unit.valid_from
            ]
            if not parents:
                return None
            unit = max(parents, key=lambda p: p.valid_from)
        return unit.code if unit.level == "province" else None

    def superior(self, unit: AdminUnit, day: date | None) -> AdminUnit | None:
        """The unit right above one, as it stands on a day (its earliest row where no day is known)."""
        return _earliest_on(day, self._by_code.get(unit.parent_code or "", ()))

    def province_by_code(self, code: str, day: date | None) -> AdminUnit | None:
        """The province of a code on a day (the earliest row where no day is known)."""
        return _earliest_on(day, [unit for unit in self._catalog.provinces if unit.code == code])

    def document_place(self, text: str, day: date | None) -> DocumentPlace:
        """The unit that a document is of, from the words of its title, letter head and beginning.

        The lowest unit named in the title or the letter head wins; then a province named anywhere
        in the first lines; then the country, if the text speaks of it.
        """
        title, letter, body, dateline = [
            *_NOT_ABOUT.sub(" ", _LINKED_IN.sub(" ", _EVENT_PLACE.sub(" ", text))).split(" ¦ "),
            "",
            "",
            "",
        ][:4]
        for basis, part in (("title", title), ("letter_head", letter)):
            unit = self._lowest(part, day, typed_only=basis != "title", context=text)
            if unit is None and basis == "title":
                unit = self._opening_unit(title, f"{letter} {body} {dateline}", day)
            if unit is not None:
                return DocumentPlace(unit, day, basis)
        if _COUNTRY_WORDS.search(normal_form(f"{title} {letter}")):
            return DocumentPlace(self.country, day, "country_words")
        if _LOWER_WORDS.search(body):
            unit = self._lowest(body, day, typed_only=True)
            if unit is not None and unit.level == "commune" and _OF_DISTRICT.search(body):
                unit = self._only_district(body, day) or unit
            province = self.province_of(unit) if unit is not None and _OF_PROVINCE.search(body) else None
            if province is not None and not _OF_LOWER.search(body):
                return DocumentPlace(self.province_by_code(province, day), day, "text")
            if unit is not None:
                if unit.level == "commune" and _VILLAGE_OF.search(body):
                    return DocumentPlace(None, day, "village")
                return DocumentPlace(unit, day, "text")
        if self._speaks_of_country(body):
            return DocumentPlace(self.country, day, "country_words")
        for basis, part in (("letter_head", letter), ("text", body)):
            named = self._first_province(part, day)
            if named is not None:
                return DocumentPlace(named, day, basis)
        for domain in _DOMAIN.finditer(text.lower()):
            place = self.resolve(self._slugs.get(domain.group(1), ""), None, day)
            if place.unit:
                return DocumentPlace(place.unit, day, "web_address")
        if _COUNTRY_WORDS.search(normal_form(body)):
            return DocumentPlace(self.country, day, "country_words")
        named = self._first_province(dateline, day)
        if named is None and self._abroad_pattern.search(normal_form(title)):
            return DocumentPlace(None, day, "abroad")
        return DocumentPlace(named, day, "dateline" if named is not None else "not_found")

    def _opening_unit(self, title: str, rest: str, day: date | None) -> AdminUnit | None:
        """The district or commune that opens a title without its type ("Càng Long: ..."), if the text bears it out.

        It does when it names the unit's province or the unit in full, or speaks of "toàn huyện" or "của xã".
        """
        opening = _TITLE_OPENS.match(title)
        if opening is None:
            return None
        province = self._first_province(rest, day)
        for words in _shorter(opening.group("name"), least=1):
            units = [
                unit
                for unit in self._units.get(normal_form(words), ())
                if unit.level in {"district", "commune"} and (day is None or unit.holds_on(day))
            ]
            within = [u for u in units if province is not None and self.province_of(u) == province.code]
            spoken = [
                u
                for u in units
                if u.name in rest
                or re.search(rf"(?<!\w)(?:của|toàn|trên địa bàn)\s+{u.unit_type}(?!\w)", rest)
            ]
            for found in (
                [u for u in within if u.level == "district"],
                spoken,
                within,
            ):
                if len(found) == 1:
                    return found[0]
        return None

    def _speaks_of_country(self, body: str) -> bool:
        """Whether a text names the country before any province, or many provinces and none above all."""
        words = normal_form(body)
        country = _COUNTRY_WORDS.search(words)
        provinces = list(self._province_pattern.finditer(words))
        if country and (not provinces or country.start() < provinces[0].start()):
            return True
        counts = Counter(match.group() for match in provinces)
        return len(counts) >= _MANY_PROVINCES and counts[provinces[0].group()] == 1

    def _lowest(
        self, text: str, day: date | None, *, typed_only: bool, context: str = ""
    ) -> AdminUnit | None:
        """The lowest unit that a text names with its type, or its first province without one.

        Where several bear a name, the one inside a superior that the text names is meant, else inside the
        first province that `context` names.
        """
        province = self._first_province(text, day)
        found: list[AdminUnit] = []
        for match in _MENTION.finditer(text):
            name = match.group("name")
            words = f"{match.group('type')} {name.strip()}" if name else match.group()
            for candidate in _shorter(words):
                place = self.resolve(candidate, province.code if province else None, day)
                if place.reason == "place_ambiguous":
                    place = self._inside_named(candidate, normal_form(text), day) or place
                if place.reason == "place_ambiguous" and (around := self._first_province(context, day)):
                    place = self.resolve(candidate, around.code, day)
                if place.unit is not None:
                    found.append(place.unit)
                    break
        if found:
            order = ("country", "province", "district", "commune")
            if province is not None:
                found = [u for u in found if self.province_of(u) == province.code] or found
            if province is not None and all(unit.level == "province" for unit in found):
                return province
            first_level = max(found, key=lambda u: order.index(u.level)).level
            return next(u for u in found if u.level == first_level)
        return None if typed_only else province

    def _only_district(self, text: str, day: date | None) -> AdminUnit | None:
        """The one district that a text names with its type, None where it names none or several."""
        named = (self.resolve(match.group(), None, day).unit for match in _MENTION.finditer(text))
        districts = {unit.code: unit for unit in named if unit is not None and unit.level == "district"}
        return next(iter(districts.values())) if len(districts) == 1 else None

    def _inside_named(self, words: str, text: str, day: date | None) -> Place | None:
        """Of several units of one name the only one whose superior a text names: "xã Tả Phìn (Sa Pa)"."""
        form = normal_form(words)
        typed = _TYPED.match(form + " ")
        if typed is None:
            return None
        levels = _TYPE_LEVELS.get(typed.group(), ())
        named = [
            unit
            for unit in self._units.get(form[typed.end() :].strip(), ())
            if unit.level in levels and (day is None or unit.holds_on(day))
        ]
        inside = [
            unit
            for unit in named
            if any(
                re.search(rf"(?<!\w){re.escape(normal_form(parent.bare_name))}(?!\w)", text)
                for parent in self._by_code.get(unit.parent_code or "", ())
            )
        ]
        return Place(inside[0]) if len(inside) == 1 else None

    def _first_province(self, text: str, day: date | None) -> AdminUnit | None:
        for match in self._province_pattern.finditer(normal_form(text)):
            candidates = self._provinces[match.group()]
            place = self._choose(list(candidates), None, None, day, match.group())
            if place.unit is not None:
                return place.unit
        return None


def _earliest_on(day: date | None, rows: Sequence[AdminUnit]) -> AdminUnit | None:
    """The earliest of a unit's rows that hold on a day, of all where none does or no day is known."""
    standing = [unit for unit in rows if day is None or unit.holds_on(day)]
    return min(standing or rows, key=lambda unit: unit.valid_from, default=None)


_LOWER_WORDS = re.compile(
    r"(?:toàn|trên địa bàn|UBND|Ủy ban nhân dân|trong|trung tâm|của)\s+(?:huyện|quận|thị xã|xã|phường)(?!\s+hội)|(?<!\w)(?:thôn|bản|ấp) \w+(?: \w+){0,2},\s*(?:xã|phường)"
    r"|(?:^|[,.;]\s+)(?:huyện|quận|thị xã|phường)\s+(?:đã|triển khai|có|tập trung|chỉ đạo|phấn đấu|đạt|thành lập|tiếp tục|sẽ)(?!\w)",
    re.IGNORECASE,
)
# "tại Hà Nội, Bộ TT&TT đã tổ chức hội nghị": where a meeting was held.
_EVENT_PLACE = re.compile(
    r"(?<!\w)(?i:tại|ở)\s+(?:(?i:thành phố|tỉnh|tp\.?)\s*)?[^\W\d_]+(?:\s[^\W\d_]+){0,3}(?:\s*\([^()]*\))?,\s+(?=[^.;¦]{0,140}"
    r"(?<!\w)(?:tổ chức|diễn ra|khai mạc|chủ trì|họp báo|hội nghị|hội thảo|phiên họp|buổi lễ)(?!\w))"
)
# A text about a province may begin with the story of one village.
_OF_PROVINCE = re.compile(r"(?<!\w)(?:toàn tỉnh|cả tỉnh|trên địa bàn tỉnh)(?!\w)", re.IGNORECASE)
_OF_DISTRICT = re.compile(r"(?<!\w)(?:toàn|cả|trên địa bàn) huyện(?!\w)", re.IGNORECASE)
_OF_LOWER = re.compile(
    r"(?<!\w)(?:toàn|cả|trên địa bàn)\s+(?:huyện|quận|thị xã|xã|phường|thị trấn|thôn|bản)(?!\w)",
    re.IGNORECASE,
)
_TITLE_OPENS = re.compile(rf"\s*(?P<name>{NAME})\s*(?::|[-–]\s|(?-i:[{LOWER}]))")
# "Nhanh nhất Việt Nam: không phải Hà Nội hay TP HCM": what a text is not about.
_NOT_ABOUT = re.compile(
    rf"(?<!\w)(?i:không phải|chứ không phải|ngoài)\s+(?i:là\s+)?(?:(?i:tỉnh|thành phố|tp\.?)\s*)?{NAME}(?:\s*(?:,|hay|hoặc|và)\s*(?:(?i:tỉnh|thành phố|tp\.?)\s*)?{NAME})*"
)
_LINKED_IN = re.compile(
    r"(?i:(?:tại|ở)\s+(?:các\s+)?điểm cầu)\s+(?:(?i:tỉnh|thành phố|tp\.?)\s*)?[^\W\d_]+(?:\s[^\W\d_]+){0,2}"
)
_MANY_PROVINCES = 4
_VILLAGE_OF = re.compile(
    r"(?<!\w)(?:[Tt]hôn|[Bb]ản|[Ấấ]p|[Bb]uôn|[Xx]óm)\s+[^\W\d_]+(?:\s[^\W\d_]+){0,3},\s*(?:xã|phường)"
)
_MENTION = re.compile(
    rf"(?<!\w)(?P<type>(?i:thành phố|thị xã|thị trấn|đặc khu|tỉnh|huyện|quận|phường|xã)(?=\s)|(?<![&-])(?:TP|Tp|TX|Tx|TT)(?=[.\s]))"
    rf"\.?\s*(?P<name>{SYLLABLE}(?:\s?[-–]?\s?{SYLLABLE}){{0,4}})"
    rf"|{NUMBERED}"
)


def _shorter(words: str, least: int = 2) -> list[str]:
    """A mention and its beginnings, longest first: capital letters may run on into the next words."""
    parts = words.split()
    return [" ".join(parts[:length]) for length in range(len(parts), least - 1, -1)]
