"""Write data/seeds/public_holidays.csv: the public holidays of Vietnam on which nothing falls due.

Source: the package holidays (MIT), which follows the Labour Code and the yearly announcements of day
swaps; a development dependency, never imported at run time. Run by `make catalog`.
"""

from __future__ import annotations

import csv
from pathlib import Path

import holidays

SEEDS = Path(__file__).resolve().parents[1] / "data" / "seeds"
FIRST_YEAR, LAST_YEAR = 2020, 2035
# The last year whose day swaps the government had announced when the package was released; later
# years follow the law alone, and the days off around Tết are still to be announced.
LAST_ANNOUNCED_YEAR = 2026
COLUMNS = ("holiday_on", "name_vi", "confirmed")


def rows() -> list[tuple[str, str, str]]:
    """One row per holiday, by date."""
    found = holidays.country_holidays("VN", years=range(FIRST_YEAR, LAST_YEAR + 1), language="vi")
    return [
        (day.isoformat(), name, "true" if day.year <= LAST_ANNOUNCED_YEAR else "false")
        for day, name in sorted(found.items())
    ]


def main() -> None:
    """Write the seed."""
    with (SEEDS / "public_holidays.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows())


if __name__ == "__main__":
    main()
