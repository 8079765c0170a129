"""Every code of a closed list that the pages show has words in both languages."""

from __future__ import annotations

import re

import pytest

from pipelines.release.site.wording import QUALITY_CHECKS, REJECT_REASONS, rejection
from pipelines.settings import find_home
from schemas.reasons import REASON_CODES, reason_sentence

ISSUES = find_home() / "dbt_project" / "models" / "intermediate" / "int_quality_issue.sql"


def test_every_quality_check_has_both_wordings() -> None:
    checks = set(re.findall(r"'(\w+)' as check_code", ISSUES.read_text(encoding="utf-8")))
    assert checks
    assert checks == set(QUALITY_CHECKS)
    assert all(words.vi and words.en and words.vi != words.en for words in QUALITY_CHECKS.values())


@pytest.mark.parametrize("code", REASON_CODES)
def test_every_reason_has_both_wordings_that_name_no_single_case(code: str) -> None:
    words = REJECT_REASONS[code]
    assert words.vi != words.en
    for text in (words.vi, words.en):
        assert text.endswith(".")
        assert not re.search(r"[{}]|^\W|\(\)", text)


def test_a_reason_keeps_the_details_of_its_case() -> None:
    assert "thứ hạng" in rejection("rank", reason_sentence("rank"))
    assert "<small" not in rejection("rank", reason_sentence("rank"))
    assert "16 &lt; 20" in rejection("rounded_repeat", reason_sentence("rounded_repeat", detail="16 < 20"))
