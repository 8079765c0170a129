"""Short texts read to their end, for the tests of what becomes of each figure: one catalog for all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.extraction.extract import extract, make_lexer
from pipelines.matching.catalog import load_catalog
from pipelines.matching.match import Matcher, match_extracted
from pipelines.matching.readings import Reading
from pipelines.reading.inventory import RawFile
from pipelines.reading.read import read_document
from pipelines.reading.sidecar import Sidecar

SEEDS = Path(__file__).parents[2] / "data" / "seeds"
LEXER = make_lexer(SEEDS)
MATCHER = Matcher(load_catalog(SEEDS))
PROVINCE = "Kết quả chuyển đổi số tỉnh Sơn La năm 2023\n\n"


def read(text: str, **sidecar: Any) -> tuple[Reading, ...]:
    """The readings of a text's figures, in order; ``sidecar`` as a file beside it would say."""
    file = RawFile("a.txt", "0" * 64, len(text.encode()), Sidecar(**sidecar))
    return match_extracted(extract(read_document(text.encode(), file), LEXER), MATCHER).readings
