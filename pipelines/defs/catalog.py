"""The catalog as an asset: checked before anything is written."""

from __future__ import annotations

import dagster as dg

from pipelines.defs.presentation import sentences, table
from pipelines.night import check_catalog
from pipelines.night.lock import hold_night
from pipelines.settings import get_settings


@dg.asset(group_name="reading", kinds={"csv"})
def catalog() -> dg.MaterializeResult[None]:
    """One row per entry of the hand-kept tables in data/seeds.

    Indicators, wordings, administrative units, targets, rules. A fault in any of them stops the
    night here, with a sentence for each that names file, line and remedy.
    """
    with sentences():
        # The first step of every night: this process holds the lock until it ends.
        hold_night(get_settings())
        tables = check_catalog(get_settings())
    return dg.MaterializeResult(
        metadata={
            "tables": tables.height,
            "rows": int(tables["rows"].sum()),
            "content": table(tables, tables.height),
        }
    )
