"""Small drawings that stand in tables by the hundred, and the map: SVG written by hand, no library.

The larger charts are Altair's, in charts.py. Colours and line styles are classes of the stylesheet, so that
light, dark and print need no second drawing. Lengths are pixels.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from pipelines.release.site.queries import Row

BULLET_WIDTH, BULLET_HEIGHT = 132, 20
SPARK_WIDTH, SPARK_HEIGHT = 104, 30
MAP_SCALE = 40.0
MAP_WEST, MAP_NORTH, MAP_EAST, MAP_SOUTH = 101.6, 23.7, 115.8, 8.0
MAP_SQUEEZE = math.cos(math.radians(16.0))  # a degree of longitude in the middle of the country


def full_scale(unit: str | None, values: Iterable[float | None]) -> float:
    """Upper end of a scale from zero: 100 for percent unless a value lies above, else a tenth above the largest."""
    largest = max((value for value in values if value is not None), default=0.0)
    if unit == "percent":
        return max(100.0, largest)
    if unit == "boolean":
        return 1.0
    return largest * 1.1 if largest > 0 else 1.0


def bullet(
    actual: float | None,
    target: float | None,
    final: float | None,
    unit: str | None,
    status: str | None,
    top: float | None = None,
) -> Markup:
    """Bullet chart: bar = actual, thick line = target of the year, thin line = target of the end of the plan.

    ``top`` is the end of the scale; without it the drawing has a scale of its own.
    """
    if actual is None and target is None:
        return Markup("")
    end = top or full_scale(unit, (actual, target, final))

    def at(value: float) -> str:
        return f"{max(0.0, min(1.0, value / end)) * BULLET_WIDTH:.1f}"

    parts = [f'<rect class="b0" y="4" width="{BULLET_WIDTH}" height="12"/>']
    if actual is not None:
        parts.append(f'<rect class="b1" y="7" width="{at(actual)}" height="6"/>')
    if final is not None and final != target:
        parts.append(f'<path class="b3" d="M{at(final)} 4v12"/>')
    if target is not None:
        parts.append(f'<path class="b2" d="M{at(target)} 1v18"/>')
    return Markup(  # noqa: S704 - made of numbers and an escaped status
        f'<svg class="bullet s-{escape(status or "none")}" viewBox="-2 0 {BULLET_WIDTH + 4} {BULLET_HEIGHT}" '
        f'width="{BULLET_WIDTH + 4}" height="{BULLET_HEIGHT}" aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
    )


class Point(NamedTuple):
    """A value of a year."""

    year: int
    value: float


def target_way(rows: Sequence[Row]) -> list[Point]:
    """The way to the target by year: base value, targets stated or interpolated, goal of the plan."""
    way: dict[int, float] = {
        row["year"]: row["target_value"]
        for row in rows
        if row["target_value"] is not None and row["target_basis"] != "end_of_plan"
    }
    bases: dict[int, float] = {}
    for row in rows:
        if row["final_target_value"] is not None and row["final_target_year"] is not None:
            way.setdefault(row["final_target_year"], row["final_target_value"])
        if row["baseline_value"] is not None and row["baseline_year"] is not None:
            bases[row["baseline_year"]] = row["baseline_value"]
    before = [year for year in bases if way and year < min(way)]
    if before:
        way[max(before)] = bases[max(before)]
    return [Point(year, value) for year, value in sorted(way.items())]


def sparkline(actuals: Sequence[Point], targets: Sequence[Point], unit: str | None) -> Markup:
    """Trend of one indicator: line and dots = actual values, dashed = the way to the targets."""
    if len(actuals) + len(targets) < 2:
        return Markup("")
    points = [*actuals, *targets]
    first, last = min(p.year for p in points), max(p.year for p in points)
    low, high = min(p.value for p in points), max(p.value for p in points)
    # A nearly flat line shall look flat: a percent scale spans at least ten points.
    least = 10.0 if unit == "percent" else (abs(high) * 0.1 or 1.0)
    if high - low < least:
        middle = (high + low) / 2
        low, high = middle - least / 2, middle + least / 2
    span = max(1, last - first)

    def at(point: Point) -> tuple[float, float]:
        x = 4 + (point.year - first) / span * (SPARK_WIDTH - 8)
        y = SPARK_HEIGHT - 4 - (point.value - low) / (high - low) * (SPARK_HEIGHT - 8)
        return x, y

    parts = []
    if len(targets) > 1 or (targets and actuals):
        way = (
            targets
            if len(targets) > 1
            else [*[p for p in actuals if p.year < targets[0].year][-1:], *targets]
        )
        parts.append(f'<path class="k2" d="{_path(at(p) for p in way)}"/>')
        x, y = at(targets[-1])
        parts.append(f'<path class="k3" d="M{x - 3:.1f} {y:.1f}h6M{x:.1f} {y - 3:.1f}v6"/>')
    if actuals:
        parts.append(f'<path class="k1" d="{_path(at(p) for p in actuals)}"/>')
        for index, point in enumerate(actuals):
            x, y = at(point)
            size = 2.8 if index == len(actuals) - 1 else 1.7
            parts.append(f'<circle class="k0" cx="{x:.1f}" cy="{y:.1f}" r="{size}"/>')
    return Markup(  # noqa: S704 - made of numbers
        f'<svg class="spark" viewBox="0 0 {SPARK_WIDTH} {SPARK_HEIGHT}" width="{SPARK_WIDTH}" height="{SPARK_HEIGHT}" '
        f'aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
    )


def stacked_bar(parts: Sequence[tuple[str, int]], width: int = 100, height: int = 8) -> Markup:
    """Shares of a whole side by side; ``parts`` are a class and a count. Its numbers stand beside it as text."""
    total = sum(count for _, count in parts)
    if not total:
        return Markup("")
    pieces, x = [], 0.0
    for name, count in parts:
        wide = count / total * width
        if count:
            pieces.append(
                f'<rect class="p-{escape(name)}" x="{x:.2f}" width="{max(0.0, wide - 0.4):.2f}" height="{height}"/>'
            )
        x += wide
    return Markup(  # noqa: S704 - made of numbers and escaped classes
        f'<svg class="stack" viewBox="0 0 {width} {height}" preserveAspectRatio="none" aria-hidden="true" '
        f'focusable="false">{"".join(pieces)}</svg>'
    )


def strip(values: Sequence[float], target: float | None, unit: str | None) -> Markup:
    """One dot per unit on a common scale, and a line for the target: how far apart units are."""
    if not values:
        return Markup("")
    top = full_scale(unit, [*values, target])
    width, height = 180, 22
    dots = "".join(f"M{4 + value / top * (width - 8):.1f} 11h0" for value in sorted(values))
    mark = "" if target is None else f'<path class="b2" d="M{4 + target / top * (width - 8):.1f} 2v18"/>'
    return Markup(  # noqa: S704 - made of numbers
        f'<svg class="strip" viewBox="0 0 {width} {height}" width="{width}" height="{height}" aria-hidden="true" '
        f'focusable="false"><path class="b0" d="M4 11H{width - 4}"/><path class="d0" d="{dots}"/>{mark}</svg>'
    )


class MapMark(NamedTuple):
    """A province on the map: what it is called, where its page is, how it stands."""

    name: str
    href: str
    longitude: float
    latitude: float
    band: str
    size: float
    sentence: str
    label: bool


def on_map(longitude: float, latitude: float) -> tuple[float, float]:
    """Place on the map in pixels from its upper left corner."""
    return (
        (longitude - MAP_WEST) * MAP_SCALE * MAP_SQUEEZE,
        (MAP_NORTH - latitude) * MAP_SCALE,
    )


def map_size() -> tuple[int, int]:
    """Width and height of the map in pixels."""
    width, height = on_map(MAP_EAST, MAP_SOUTH)
    return round(width), round(height)


def land(places: Sequence[tuple[float, float]]) -> Markup:
    """A dot for each place (longitude, latitude): together they draw the country without any border."""
    return Markup('<path class="land" d="{}"/>').format(
        "".join(f"M{x:.0f} {y:.0f}h0" for x, y in sorted({_rounded(place) for place in places}))
    )


def _rounded(place: tuple[float, float]) -> tuple[float, float]:
    x, y = on_map(*place)
    return float(round(x)), float(round(y))


def map_mark(mark: MapMark) -> Markup:
    """A province as a link with a shape for its band: circle, triangle, diamond or ring."""
    x, y = on_map(mark.longitude, mark.latitude)
    r = mark.size
    shapes = {
        "high": f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}"/>',
        "middle": f'<path d="M{x:.1f} {y - r * 1.15:.1f}l{r * 1.15:.1f} {r * 2:.1f}h{-r * 2.3:.1f}z"/>',
        "low": f'<path d="M{x:.1f} {y - r * 1.25:.1f}l{r * 1.25:.1f} {r * 1.25:.1f}l{-r * 1.25:.1f} {r * 1.25:.1f}'
        f'l{-r * 1.25:.1f} {-r * 1.25:.1f}z"/>',
    }
    shape = shapes.get(mark.band, f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{max(3.0, r * 0.6):.1f}"/>')
    text = (
        Markup('<text x="{}" y="{}" aria-hidden="true">{}</text>').format(
            f"{x + r + 4:.1f}", f"{y + 4:.1f}", mark.name
        )
        if mark.label
        else Markup("")
    )
    return Markup('<a href="{}" class="m-{}" aria-label="{}"><title>{}</title>{}{}</a>').format(
        mark.href,
        mark.band,
        mark.sentence,
        mark.sentence,
        Markup(shape),  # noqa: S704 - a shape is made of numbers
        text,
    )


def _path(places: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
