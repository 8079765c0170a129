"""What an unknown document may expect: accuracy without its own wordings, and confidence that means something."""

from __future__ import annotations

from functools import cache

import pytest

from benchmarks.accuracy import CASES, Judged, measure_cases, reliability

pytestmark = pytest.mark.skipif(
    not CASES.is_dir(), reason="the labelled cases (../shared/cases) are not beside the project"
)
Rates = tuple[float, float, float]
ENOUGH_FACTS = 40


@cache
def measured() -> tuple[Rates, Rates, list[Judged]]:
    return measure_cases(CASES)


def test_documents_are_understood_without_their_own_wordings() -> None:
    _, (precision, _, f1), _ = measured()

    assert f1 >= 0.85
    assert precision >= 0.88


def test_confidence_tells_how_many_facts_are_right() -> None:
    bands = [(said, right) for _, facts, said, right in reliability(measured()[2]) if facts >= ENOUGH_FACTS]

    assert len(bands) >= 4
    assert all(abs(said - right) <= 0.12 for said, right in bands)


def test_surer_facts_are_more_often_right() -> None:
    judged = measured()[2]
    sure = [fact.is_right for fact in judged if fact.confidence >= 0.95]
    unsure = [fact.is_right for fact in judged if fact.confidence < 0.8]

    assert sum(sure) / len(sure) > 0.95 > sum(unsure) / len(unsure)
