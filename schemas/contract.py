"""What all contracts have in common."""

from __future__ import annotations

import pandera.polars as pa


class Contract(pa.DataFrameModel):
    """A table contract: its docstring gives the grain first, then the known faults of its source."""

    class Config:
        """No column more and no column less than the contract names."""

        strict = True
