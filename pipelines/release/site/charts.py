"""The larger charts: Altair's, drawn to SVG while the pages are built, so that pages need no Vega and no script.

Colours are the stylesheet's custom properties; words are left to the page, so one drawing serves both languages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from pipelines.release.site.drawings import full_scale, target_way
from pipelines.release.site.wording import both

if TYPE_CHECKING:
    from pipelines.release.site.queries import Row

WIDTH = 330
ROW_HEIGHT = 17
MOST_PANELS = 8
FONT = "inherit"
INK, MUTED, LINE, ACTUAL, TARGET, FAINT = (
    "var(--ink)",
    "var(--muted)",
    "var(--line)",
    "var(--actual)",
    "var(--target)",
    "var(--faint)",
)
# Thin spaces part thousands, as both languages read them.
LOCALE = {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", ""]}
# As Vega-Lite spells it: a chart that is told of it by Altair is copied whole for each part.
CONFIG = {
    "font": FONT,
    "aria": False,
    "view": {"stroke": None},
    "axis": {
        "labelColor": MUTED,
        "titleColor": MUTED,
        "gridColor": LINE,
        "domainColor": LINE,
        "tickColor": LINE,
        "labelFontSize": 11,
        "labelLimit": 150,
    },
    "header": {
        "labelColor": INK,
        "labelFontSize": 12,
        "labelFontWeight": 600,
        "labelAnchor": "start",
        "labelLimit": 230,
    },
}
OPAQUE_BACKGROUND = re.compile(r'<rect width="[0-9.]+" height="[0-9.]+" fill="white"/>')
LONG_NUMBER = re.compile(r"(-?[0-9]+\.[0-9]{2})[0-9]+")
OWN_ROLES = re.compile(r' (?:aria-[a-z]+|role|pointer-events|xmlns|xmlns:xlink|version)="[^"]*"')
CLIP = re.compile(r'(id="|url\(#)(clip[0-9]+|gradient_[0-9]+)')


@cache
def _altair() -> Any:
    """Altair, imported when the first chart is drawn: it takes a second."""
    import altair as alt
    from altair.utils import schemapi

    # Each part of a chart would be checked against Vega-Lite's schema on its own; a wrong one draws no chart.
    schemapi.DEBUG_MODE = False
    return alt


def load() -> None:
    """Load all that draws charts, for a process that will soon have some to draw: it takes two seconds."""
    svg(_altair().Chart(_altair().NamedData("rows")).mark_point(), {"rows": []}, "none", "", "")


def svg(chart: Any, datasets: dict[str, list[Any]], name: str, label_vi: str, label_en: str) -> Markup:
    """A chart as inline SVG; ``name`` keeps ids of several charts on a page apart.

    Altair copies its parts often, so charts name their data sets and get them here.
    """
    import vl_convert

    specification = chart.to_dict(validate=False)
    specification["config"] = CONFIG
    specification["datasets"] = datasets
    drawn = vl_convert.vegalite_to_svg(specification, format_locale=LOCALE)
    drawn = OPAQUE_BACKGROUND.sub("", drawn, count=1)
    drawn = CLIP.sub(rf"\g<1>{name}-\g<2>", drawn)
    drawn = LONG_NUMBER.sub(r"\1", drawn)
    drawn = OWN_ROLES.sub("", drawn)
    head = Markup('<svg role="img" aria-label="{}" data-en-aria-label="{}" ').format(label_vi, label_en)
    # Vega writes text escaped; the words in it are names of the catalog.
    return Markup(drawn.replace("<svg ", head, 1).replace('class="marks"', 'class="chart"', 1))  # noqa: S704 - see above


def actual_against_target(found: Sequence[Row], names: dict[str, str], unit: str, code: str) -> Markup:
    """One row per province with a figure, best first: dot = actual, line = target, stretch = the gap between."""
    alt = _altair()
    with_figures = [row for row in found if row["actual_value"] is not None]
    if not with_figures:
        return Markup("")
    rows = [
        {
            "unit": f"{names[row['admin_unit_key']]} {row['year']}",
            "actual": row["actual_value"],
            "target": row["target_value"],
        }
        for row in with_figures
    ]
    lower_first = with_figures[0]["direction"] == "lower_is_better"
    rows.sort(key=lambda row: (row["actual"] if lower_first else -row["actual"], row["unit"]))
    top = full_scale(unit, [value for row in rows for value in (row["actual"], row["target"])])
    base = alt.Chart(alt.NamedData("rows"), width=WIDTH - 130, height=len(rows) * ROW_HEIGHT)
    y = alt.Y(
        "unit:N", sort=[row["unit"] for row in rows], title=None, axis=alt.Axis(ticks=False, domain=False)
    )
    x = alt.X(
        "actual:Q", title=None, scale=alt.Scale(domain=[0, top], nice=unit != "percent"), axis=_value_axis(4)
    )
    gap = base.mark_rule(color=FAINT, strokeWidth=3).encode(y=y, x=x, x2="target:Q")
    goal = base.mark_tick(color=TARGET, thickness=2.5, height=12).encode(y=y, x="target:Q")
    dot = base.mark_circle(color=ACTUAL, size=60, opacity=1).encode(y=y, x=x)
    return svg(
        alt.layer(
            gap.transform_filter("isValid(datum.target)"), goal.transform_filter("isValid(datum.target)"), dot
        ),
        {"rows": rows},
        f"a-{code}",
        "Biểu đồ: giá trị mới nhất của từng tỉnh so với mục tiêu; số liệu nằm trong bảng bên dưới.",
        "Chart: latest value of each province against its target; the figures stand in the table below.",
    )


def values_over_years(found: Sequence[Row], targets: Sequence[Row], unit: str, code: str) -> Markup:
    """Lines of the provinces, the country in front, and the national targets as crosses."""
    alt = _altair()
    rows = [
        {
            "key": row["admin_unit_key"],
            "year": row["year"],
            "value": row["actual_value"],
            "country": row["level"] == "country",
        }
        for row in found
        if row["actual_value"] is not None
    ]
    if len({row["year"] for row in rows}) < 2:
        return Markup("")
    goals = [{"year": row["year"], "value": row["value"]} for row in targets if row["is_current"]]
    years = [row["year"] for row in [*rows, *goals]]
    top = full_scale(unit, [row["value"] for row in [*rows, *goals]])
    x = alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(domain=[min(years), max(years)], nice=False, padding=8),
        axis=alt.Axis(format="d", values=_year_ticks(min(years), max(years)), grid=False),
    )
    y = alt.Y(
        "value:Q", title=None, scale=alt.Scale(domain=[0, top], nice=unit != "percent"), axis=_value_axis(5)
    )
    base = alt.Chart(alt.NamedData("rows"), width=WIDTH - 50, height=210).encode(x=x, y=y, detail="key:N")
    provinces = base.transform_filter("!datum.country")
    country = base.transform_filter("datum.country")
    layers = [
        provinces.mark_line(color=FAINT, strokeWidth=1.5),
        provinces.mark_circle(color=MUTED, size=22, opacity=1),
        country.mark_line(color=ACTUAL, strokeWidth=3),
        country.mark_circle(color=ACTUAL, size=60, opacity=1),
    ]
    if goals:
        layers.append(
            alt.Chart(alt.NamedData("goals"))
            .mark_point(shape="cross", size=90, color=TARGET, filled=True, opacity=1)
            .encode(x=x, y=y)
        )
    return svg(
        alt.layer(*layers),
        {"rows": rows, "goals": goals},
        f"y-{code}",
        "Biểu đồ: giá trị qua các năm; số liệu nằm trong bảng bên dưới.",
        "Chart: values over the years; the figures stand in the table below.",
    )


def trends(panels: Sequence[tuple[str, str, str, Sequence[Row]]], name: str) -> Markup:
    """Small multiples of a unit: actual values as a line, the way to the targets dashed, one panel an indicator.

    ``panels`` are Vietnamese and English titles, a unit and the yearly rows; at most ``MOST_PANELS`` are drawn.
    """
    alt = _altair()
    drawn: list[Markup] = []
    for title_vi, title_en, unit, rows in panels[:MOST_PANELS]:
        way = [{"year": point.year, "value": point.value} for point in target_way(rows)]
        actual = [
            {"year": row["year"], "value": row["actual_value"]}
            for row in rows
            if row["actual_value"] is not None
        ]
        values = [point["value"] for point in [*way, *actual]]
        years = [int(point["year"]) for point in [*way, *actual]]
        if len(set(years)) < 2:
            continue
        low, high = min(values), max(values)
        pad = max((high - low) * 0.15, 2.0 if unit == "percent" else abs(high) * 0.02, 1e-9)
        bottom, top = max(0.0, low - pad) if low >= 0 else low - pad, high + pad
        if unit == "percent":
            top = min(top, max(100.0, high) + 0.5)
        x = alt.X(
            "year:Q",
            title=None,
            scale=alt.Scale(domain=[min(years), max(years)], nice=False, padding=8),
            axis=alt.Axis(format="d", values=_year_ticks(min(years), max(years), 4), grid=False),
        )
        y = alt.Y(
            "value:Q", title=None, scale=alt.Scale(domain=[bottom, top], nice=False), axis=_value_axis(3)
        )
        layers = []
        if way:
            line = alt.Chart(alt.NamedData("way"))
            layers += [
                line.mark_line(color=TARGET, strokeDash=[5, 3], strokeWidth=1.5).encode(x=x, y=y),
                line.mark_point(shape="cross", size=40, color=TARGET, filled=True, opacity=1).encode(
                    x=x, y=y
                ),
            ]
        if actual:
            line = alt.Chart(alt.NamedData("actual"))
            layers += [
                line.mark_line(color=ACTUAL, strokeWidth=2).encode(x=x, y=y),
                line.mark_circle(color=ACTUAL, size=45, opacity=1).encode(x=x, y=y),
            ]
        picture = svg(
            alt.layer(*layers).properties(width=200, height=88),
            {"way": way, "actual": actual},
            f"{name}-{len(drawn)}",
            f"Biểu đồ xu hướng: {title_vi}",
            f"Trend chart: {title_en}",
        )
        drawn.append(
            Markup("<figure><figcaption>{}</figcaption>{}</figure>").format(both(title_vi, title_en), picture)
        )
    return Markup("").join(drawn)


def _value_axis(ticks: int) -> Any:
    return _altair().Axis(format="~s", tickCount=ticks, domain=False, ticks=False)


def _year_ticks(first: int, last: int, most: int = 6) -> list[int]:
    step = max(1, -(-(last - first) // most))
    return list(range(last, first - 1, -step))[::-1]
