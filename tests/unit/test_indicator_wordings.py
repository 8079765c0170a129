"""Every indicator of the catalog is found in several natural wordings, each alone in a report."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from pipelines.extraction.extract import extract, make_lexer
from pipelines.matching.catalog import load_catalog
from pipelines.matching.match import Matcher, match_extracted
from pipelines.reading.inventory import RawFile
from pipelines.reading.read import read_document
from pipelines.reading.sidecar import Sidecar

SEEDS = Path(__file__).parents[2] / "data" / "seeds"
LEXER = make_lexer(SEEDS)
MATCHER = Matcher(load_catalog(SEEDS))
LINES = [
    line.split(": ", 1)
    for line in (Path(__file__).parent / "indicator_wordings.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
YES_NO = {"ai_as_service", "blockchain_as_service", "iot_as_service"}
NAMED_ONCE = "platform_"
TITLE = "Báo cáo hạ tầng số tỉnh Sơn La năm 2024"


def _codes(sentence: str, value: float | None) -> list[str]:
    """Indicators of the facts with a value in a report of one sentence."""
    text = f"{TITLE}\n{sentence}\n"
    file = RawFile("one.txt", "0" * 64, len(text), Sidecar())
    readings = match_extracted(extract(read_document(text.encode(), file), LEXER), MATCHER).readings
    return [r.match.code for r in readings if r.match is not None and r.statement.value == value]


def test_wordings_name_their_indicators() -> None:
    wrong = []
    for code, marked in LINES:
        figure = re.search(r"\{([^}]+)\}", marked)
        assert figure is not None, marked
        value = next(t.value for t in LEXER.tokens(figure.group(1)) if t.kind == "figure")
        found = _codes(marked.replace("{", "").replace("}", ""), value)
        if found != [code]:
            wrong.append(f"{marked} is {found}, not {code}")
    assert "\n".join(wrong) == ""


def test_every_indicator_has_wordings() -> None:
    counts = Counter(code for code, _ in LINES)
    few = {
        code
        for code in MATCHER.catalog.indicators
        if code not in YES_NO and counts[code] < (1 if code.startswith(NAMED_ONCE) else 2)
    }
    assert few == set()
    assert set(counts) <= set(MATCHER.catalog.indicators)
