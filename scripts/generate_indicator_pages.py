"""Write docs/indicators.md: the families of indicators that look alike, each member with its definition.

Source: the catalog alone (data/seeds). Run by `make docs`; a test holds the page to the catalog.
"""

from __future__ import annotations

import csv
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
SEEDS = HOME / "data" / "seeds"
PAGE = HOME / "docs" / "indicators.md"

Row = dict[str, str]

INTRODUCTION = """# Indicators and their families

Generated from the catalog (`data/seeds`) by `make docs`; edit the catalog, not this page.

Indicators of one family look alike in documents and are **not** interchangeable: what is counted, or out of
what, differs. The system never turns one into another. A part of another indicator stands indented below it;
its parts add up to at most the whole. *Not confirmed* marks what is inferred and not yet read in a legal text.
"""


def table(name: str) -> list[Row]:
    """The rows of a table of the catalog."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tree(members: list[Row], indicators: dict[str, Row]) -> list[tuple[int, Row]]:
    """Members in the order of the family, each part right below its whole: (depth, member)."""
    codes = {member["indicator_code"] for member in members}

    def below(parent: str) -> list[tuple[int, Row]]:
        found = []
        for member in members:
            whole = indicators[member["indicator_code"]]["parent_indicator_code"]
            if (whole if whole in codes else "") == parent:
                found.append((0, member))
                found += [(depth + 1, part) for depth, part in below(member["indicator_code"])]
        return found

    return below("")


def page() -> str:
    """The whole page."""
    indicators = {row["indicator_code"]: row for row in table("indicators")}
    units = {row["unit"]: row for row in table("units")}
    members = sorted(table("indicator_family_members"), key=lambda row: int(row["position"]))
    parts = [INTRODUCTION]
    for family in table("indicator_families"):
        of_family = [row for row in members if row["family_code"] == family["family_code"]]
        ordered = tree(of_family, indicators)
        parts.append(f"## {family['name_vi']} / {family['name_en']}\n")
        parts.append(f"{family['note_vi']}\n{family['note_en']}\n")
        parts.append(
            "\n".join(
                f"{'  ' * depth}- `{member['indicator_code']}`: {member['counts_vi']} / {member['counts_en']}"
                for depth, member in ordered
            )
            + "\n"
        )
        parts += [definition(indicators[member["indicator_code"]], units) for _, member in ordered]
    return "\n".join(parts)


def definition(indicator: Row, units: dict[str, Row]) -> str:
    """One indicator: names, definitions in both languages, calculation, unit, direction."""
    unit = units[indicator["unit"]]
    facts = [
        f"unit: {unit['name_en']}",
        indicator["direction"].replace("_", " "),
        *([f"DII criterion {indicator['dii_criterion']}"] if indicator["dii_criterion"] else []),
        *(["cumulative: normally does not fall"] if indicator["is_cumulative"] == "true" else []),
        *([f"weight: `{indicator['weight_indicator_code']}`"] if indicator["weight_indicator_code"] else []),
        *([] if indicator["confirmed"] == "true" else ["*not confirmed*"]),
    ]
    return (
        f"### {indicator['indicator_code']}\n\n"
        f"**{indicator['name_vi']}** / {indicator['name_en']} ({'; '.join(facts)})\n\n"
        f"{indicator['definition_vi']}\n\n{indicator['definition_en']}\n\n"
        f"Cách tính: {indicator['calculation_vi']}\n"
    )


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
