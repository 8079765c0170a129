"""Documents of a made-up country, in the layouts and formats of the real ones, each with its truth.

Names of places and indicators come from the catalog, figures from a seed; the sentences are patterns of how such
documents speak. The truth is labelled as the project's hand-labelled cases are: what a careful reader would write
down, not what the extractor finds. Indicators that are yes/no, or whose name says that it is unclear, are left out.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.formats import Item, table, to_csv, to_docx, to_html, to_text, to_xlsx

FORMATS: dict[str, Callable[[list[Item]], bytes]] = {
    "txt": to_text,
    "html": to_html,
    "docx": to_docx,
    "xlsx": to_xlsx,
    "csv": to_csv,
}
# Spreadsheets hold tables; the other layouts are not sent that way.
SHEETS = ("xlsx", "csv")
UNIT_TEXTS = {"percent": "%", "count": "", "per_100_people": "thuê bao/100 dân", "mbps": "Mbps"}
ROWS = (8, 37)
FILLERS = (
    "Công tác tuyên truyền về hạ tầng viễn thông được các cơ quan, đơn vị và địa phương quan tâm thực hiện.",
    "Các doanh nghiệp viễn thông tiếp tục đầu tư, nâng cấp mạng lưới, mở rộng vùng phục vụ tới khu vực khó khăn.",
    "Việc ngầm hóa cáp và chỉnh trang tuyến cột được phối hợp thực hiện cùng với các công trình giao thông, đô thị.",
    "Công tác bảo đảm an toàn thông tin cho các hệ thống dùng chung được duy trì thường xuyên theo quy định.",
    "Các sở, ban, ngành chủ động rà soát nhiệm vụ được giao, kịp thời tháo gỡ khó khăn khi triển khai.",
    "Đội ngũ cán bộ phụ trách công nghệ thông tin được bồi dưỡng kiến thức, kỹ năng phù hợp với vị trí việc làm.",
    "Một số địa bàn vùng sâu còn gặp khó khăn do địa hình chia cắt, dân cư phân tán, chi phí đầu tư lớn.",
    "Trong thời gian tới, các đơn vị tập trung hoàn thiện cơ chế phối hợp, chia sẻ, dùng chung hạ tầng kỹ thuật.",
)
# What real documents tell beside their indicators; a reader of indicators leaves it out. So often that documents
# of 15 to 25 KB hold as many statements a KB as real ones of that size (docs/decisions/spreading-work.md).
OTHER_FIGURES_SHARE = 0.45
OTHER_FIGURES = (
    "Đã tổ chức {} lớp tập huấn cho {} lượt cán bộ, công chức.",
    "Các cơ quan, đơn vị tiếp nhận và xử lý {} văn bản, trong đó {} văn bản trước thời hạn.",
    "Tổng kinh phí thực hiện trong kỳ là {} triệu đồng.",
    "Đã đăng tải {} tin, bài tuyên truyền và phát {} tờ rơi tới các hộ dân.",
)
Record = dict[str, Any]


@dataclass(frozen=True)
class Indicator:
    """An indicator as documents name it; shares are drawn from 0 to 100."""

    code: str
    name: str
    unit: str


@dataclass(frozen=True)
class Place:
    """A province or district and where it lies; the district's ``parent`` is its province."""

    name: str
    bare_name: str
    level: str
    parent: str | None


@dataclass
class Written:
    """A document as it will be written: its parts and what a careful reader would note."""

    layout: str
    items: list[Item] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)


@dataclass(frozen=True)
class Country:
    """What documents are drawn from."""

    indicators: tuple[Indicator, ...]
    provinces: tuple[Place, ...]
    districts: tuple[Place, ...]


def read_country(seeds: Path) -> Country:
    """The catalog's places of 2024 and the indicators that a document can state in one figure."""
    with (seeds / "indicators.csv").open(encoding="utf-8", newline="") as file:
        indicators = tuple(
            Indicator(row["indicator_code"], row["name_vi"], row["unit"])
            for row in csv.DictReader(file)
            if row["unit"] in UNIT_TEXTS and "không nói rõ" not in row["name_vi"]
        )
    with (seeds / "admin_units.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["valid_from"] <= "2019-12-31" and (row["valid_to"] or "9999-12-31") >= "2025-01-01"
        ]
    names = {row["admin_unit_code"]: row["name"] for row in rows if row["level"] == "province"}
    provinces = tuple(
        Place(row["name"], row["bare_name"], "province", None) for row in rows if row["level"] == "province"
    )
    districts = tuple(
        Place(row["name"], row["bare_name"], "district", names[row["parent_code"]])
        for row in rows
        if row["level"] == "district" and row["parent_code"] in names
    )
    return Country(indicators, provinces, districts)


def write_documents(
    folder: Path,
    seeds: Path,
    count: int,
    seed: int = 1,
    *,
    only: str | None = None,
    sizes: tuple[int, int] | None = None,
    labels: bool = True,
) -> list[Path]:
    """Write so many documents with their labels (``<name>.json``) into a folder; returns the documents' paths.

    Layouts and formats take turns; ``only`` names one format. ``sizes`` gives the bytes of text that a document has
    at least, drawn between the two; sentences fill it that hold no indicator, but other figures as often as real
    documents do. The same seed writes the same bytes of text, HTML and CSV.
    """
    folder.mkdir(parents=True, exist_ok=True)
    country = read_country(seeds)
    paths = []
    for number, (written, suffix) in enumerate(draw(country, count, seed, only)):
        if sizes is not None:
            _fill(written, *sizes, random.Random(f"{seed}/{number}/filling"))  # noqa: S311 - repeatable, not secret
        path = folder / f"{number:06d}-{written.layout}.{suffix}"
        path.write_bytes(FORMATS[suffix](written.items))
        if labels:
            truth = {"document": path.name, "layout": written.layout, "records": written.records}
            path.with_suffix(".json").write_text(
                json.dumps(truth, ensure_ascii=False, indent=1), encoding="utf-8"
            )
        paths.append(path)
    return paths


def draw(country: Country, count: int, seed: int, only: str | None) -> Iterator[tuple[Written, str]]:
    """Documents with the format each is to be written in."""
    for number in range(count):
        chance = random.Random(f"{seed}/{number}")  # noqa: S311 - repeatable, not secret
        suffix = only or list(FORMATS)[number % len(FORMATS)]
        layouts = SHEET_LAYOUTS if suffix in SHEETS else LAYOUTS
        yield layouts[(number // (1 if only else len(FORMATS))) % len(layouts)](country, chance), suffix


# --- layouts ------------------------------------------------------------------------------


def prose_report(country: Country, chance: random.Random) -> Written:
    """A report: results of its year in sentences, a target or two at its end."""
    place, year = _place(country, chance), chance.randint(2020, 2024)
    written = Written(
        "prose", _head(place, "BC", "BÁO CÁO", f"Kết quả phát triển hạ tầng số năm {year}", year, chance)
    )
    written.items.append(Item(f"I. KẾT QUẢ THỰC HIỆN NĂM {year}"))
    chosen = _indicators(country, chance)
    for indicator in chosen[:-2]:
        value, text = _figure(indicator, chance)
        words = chance.choice(("đạt", "hiện đạt", "đã đạt"))
        written.items.append(
            Item(f"Đến hết năm {year}, {_lower(indicator.name)} {words} {text}. {_filler(chance)}")
        )
        written.records.append(_record(indicator, value, year, "actual", place))
    written.items.append(Item(f"II. MỤC TIÊU ĐẾN NĂM {year + 2}"))
    for indicator in chosen[-2:]:
        value, text = _figure(indicator, chance)
        written.items.append(Item(f"Phấn đấu đến năm {year + 2}, {_lower(indicator.name)} đạt {text}."))
        written.records.append(_record(indicator, value, year + 2, "target", place))
    return written


def indicator_list(country: Country, chance: random.Random) -> Written:
    """A report that lists indicator and figure, one a line, under a line that gives the year."""
    place, year = _place(country, chance), chance.randint(2020, 2024)
    written = Written(
        "list", _head(place, "BC", "BÁO CÁO", f"Tình hình chuyển đổi số năm {year}", year, chance)
    )
    written.items.append(Item(_filler(chance)))
    written.items.append(Item(f"Kết quả đạt được năm {year}:"))
    for indicator in _indicators(country, chance):
        value, text = _figure(indicator, chance)
        written.items.append(Item(f"- {indicator.name}: {text}."))
        written.records.append(_record(indicator, value, year, "actual", place))
    return written


def plan_with_appendix(country: Country, chance: random.Random) -> Written:
    """A plan whose targets of two years stand in an appendix table."""
    place, year = _place(country, chance), chance.randint(2020, 2023)
    years = (year + 1, year + 2)
    written = Written(
        "appendix",
        _head(
            place, "KH", "KẾ HOẠCH", f"Phát triển hạ tầng số giai đoạn {years[0]} - {years[1]}", year, chance
        ),
    )
    written.items += [Item(_filler(chance)) for _ in range(6)]
    written.items.append(Item("PHỤ LỤC"))
    written.items.append(Item("CHỈ TIÊU PHÁT TRIỂN HẠ TẦNG SỐ"))
    rows = [["TT", "Chỉ tiêu", "Đơn vị tính", *(f"Mục tiêu năm {each}" for each in years)]]
    for number, indicator in enumerate(_indicators(country, chance), 1):
        figures = [_figure(indicator, chance) for _ in years]
        rows.append(
            [
                str(number),
                indicator.name,
                UNIT_TEXTS[indicator.unit] or "số lượng",
                *(_bare(text) for _, text in figures),
            ]
        )
        for each, (value, _) in zip(years, figures, strict=True):
            written.records.append(_record(indicator, value, each, "target", place))
    written.items.append(table(rows))
    return written


def status_and_target(country: Country, chance: random.Random) -> Written:
    """A plan with one column of the present state and one of the target."""
    place, year = _place(country, chance), chance.randint(2020, 2023)
    written = Written(
        "status", _head(place, "KH", "KẾ HOẠCH", f"Phát triển hạ tầng số đến năm {year + 2}", year, chance)
    )
    written.items += [Item(_filler(chance)) for _ in range(3)]
    rows = [["STT", "Tên chỉ tiêu", "ĐVT", f"Hiện trạng năm {year}", f"Mục tiêu đến năm {year + 2}"]]
    for number, indicator in enumerate(_indicators(country, chance), 1):
        (now, now_text), (then, then_text) = _figure(indicator, chance), _figure(indicator, chance)
        unit = UNIT_TEXTS[indicator.unit] or "số lượng"
        rows.append([str(number), indicator.name, unit, _bare(now_text), _bare(then_text)])
        written.records.append(_record(indicator, now, year, "baseline", place))
        written.records.append(_record(indicator, then, year + 2, "target", place))
    written.items.append(table(rows))
    return written


def years_as_columns(country: Country, chance: random.Random) -> Written:
    """A report with the results of several years side by side."""
    place, last = _place(country, chance), chance.randint(2021, 2024)
    years = range(last - 2, last + 1)
    written = Written(
        "years", _head(place, "BC", "BÁO CÁO", f"Kết quả {last - 2} - {last} về hạ tầng số", last, chance)
    )
    written.items.append(Item(f"Bảng: Kết quả thực hiện giai đoạn {last - 2} - {last}"))
    rows = [["TT", "Chỉ tiêu", "Đơn vị", *(f"Năm {each}" for each in years)]]
    for number, indicator in enumerate(_indicators(country, chance), 1):
        figures = [_figure(indicator, chance) for _ in years]
        unit = UNIT_TEXTS[indicator.unit] or "số lượng"
        rows.append([str(number), indicator.name, unit, *(_bare(text) for _, text in figures)])
        for each, (value, _) in zip(years, figures, strict=True):
            written.records.append(_record(indicator, value, each, "actual", place))
    written.items.append(table(rows))
    return written


def places_as_rows(country: Country, chance: random.Random) -> Written:
    """A province's report with one row a district, or the country's with one row a province."""
    year = chance.randint(2020, 2024)
    if chance.random() < 0.5:
        place = chance.choice(country.provinces)
        places = [each for each in country.districts if each.parent == place.name]
    else:
        place, places = Place("Việt Nam", "Việt Nam", "country", None), list(country.provinces)
    places = sorted(chance.sample(places, min(len(places), 20)), key=lambda each: each.name)
    written = Written(
        "places", _head(place, "BC", "BÁO CÁO", f"Hạ tầng số của các địa phương năm {year}", year, chance)
    )
    written.items.append(Item(f"Bảng: Số liệu của các địa phương đến hết năm {year}"))
    chosen = _indicators(country, chance)[:3]
    heads = [
        f"{indicator.name} ({UNIT_TEXTS[indicator.unit]})"
        if indicator.unit in {"percent", "mbps"}
        else indicator.name
        for indicator in chosen
    ]
    rows = [["TT", "Địa phương", *heads]]
    for number, each in enumerate(places, 1):
        figures = [_figure(indicator, chance) for indicator in chosen]
        rows.append(
            [str(number), each.name[0].upper() + each.name[1:], *(_bare(text) for _, text in figures)]
        )
        for indicator, (value, _) in zip(chosen, figures, strict=True):
            written.records.append(_record(indicator, value, year, "actual", each))
    written.items.append(table(rows))
    return written


def news(country: Country, chance: random.Random) -> Written:
    """A piece of news: figures of a month, each with its indicator before it."""
    place, year, month = _place(country, chance), chance.randint(2020, 2024), chance.randint(1, 12)
    written = Written("news", [Item(f"{_capital(place.bare_name)} đẩy mạnh phát triển hạ tầng số")])
    written.items.append(Item(f"Ngày {chance.randint(1, 28)}/{month}/{year}"))
    written.items.append(Item(_filler(chance)))
    for indicator in _indicators(country, chance)[:8]:
        value, text = _figure(indicator, chance)
        written.items.append(
            Item(f"Tính đến hết tháng {month}/{year}, {_lower(indicator.name)} của {place.name} đạt {text}.")
        )
        written.records.append(_record(indicator, value, year, "actual", place))
    return written


Layout = Callable[[Country, random.Random], Written]
SHEET_LAYOUTS: tuple[Layout, ...] = (plan_with_appendix, status_and_target, years_as_columns, places_as_rows)
LAYOUTS: tuple[Layout, ...] = (
    prose_report,
    plan_with_appendix,
    indicator_list,
    status_and_target,
    news,
    *SHEET_LAYOUTS[2:],
)


# --- words and figures --------------------------------------------------------------------


def _head(place: Place, symbol: str, kind: str, title: str, year: int, chance: random.Random) -> list[Item]:
    where = "trên cả nước" if place.level == "country" else f"trên địa bàn {place.name}"
    issuer = (
        "BỘ THÔNG TIN VÀ TRUYỀN THÔNG"
        if place.level == "country"
        else f"ỦY BAN NHÂN DÂN {place.name.upper()}"
    )
    seat = "Hà Nội" if place.level == "country" else _capital(place.bare_name)
    number = chance.randint(10, 400)
    return [
        Item(issuer),
        Item(f"Số: {number}/{symbol}-UBND"),
        Item(f"{seat}, ngày {chance.randint(10, 28)} tháng 12 năm {year}"),
        Item(kind),
        Item(f"{title} {where}"),
        Item(_filler(chance)),
    ]


def _place(country: Country, chance: random.Random) -> Place:
    return chance.choice(country.provinces if chance.random() < 0.6 else country.districts)


def _indicators(country: Country, chance: random.Random) -> list[Indicator]:
    return chance.sample(country.indicators, chance.randint(*ROWS))


def _figure(indicator: Indicator, chance: random.Random) -> tuple[float, str]:
    """A value and how the documents print it: decimal comma, thousands with stops."""
    if indicator.unit == "count":
        number = chance.randint(2, 400_000)
        return float(number), f"{number:,}".replace(",", ".")
    value = round(chance.uniform(5, 99), chance.choice((0, 1, 2)))
    text = f"{value:g}".replace(".", ",")
    return value, text + {"percent": "%", "mbps": " Mbps", "per_100_people": " thuê bao/100 dân"}[
        indicator.unit
    ]


def _bare(text: str) -> str:
    """The figure without its unit, for a cell whose column or row says it."""
    return text.removesuffix("%").split(" ")[0]


def _record(indicator: Indicator, value: float, year: int, kind: str, place: Place) -> Record:
    return {
        "indicator": indicator.code,
        "year": year,
        "kind": kind,
        "value": value,
        "unit": indicator.unit,
        "admin_unit": None if place.level == "country" else place.name,
        "admin_level": place.level,
    }


def _filler(chance: random.Random) -> str:
    return " ".join(chance.sample(FILLERS, 3))


def _fill(written: Written, at_least: int, at_most: int, chance: random.Random) -> None:
    """Add sentences without indicators behind the document's head until it is as long as it should be."""
    wanted = chance.randint(at_least, at_most)
    length = sum(
        len(item.text.encode()) + sum(len(cell.text.encode()) + 3 for cell in item.cells)
        for item in written.items
    )
    while length < wanted:
        text = _filler(chance)
        if chance.random() < OTHER_FIGURES_SHARE:
            text = f"{text} {_other_figures(chance)}"
        written.items.insert(6, Item(text))
        length += len(text.encode()) + 2


def _other_figures(chance: random.Random) -> str:
    sentence = chance.choice(OTHER_FIGURES)
    return sentence.format(*(chance.randint(3, 900) for _ in range(sentence.count("{}"))))


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]
