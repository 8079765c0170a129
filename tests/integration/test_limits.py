"""Limits of a document over nights: what went over is asked again when a limit has changed, and memory is a real limit."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines import night
from pipelines.settings import Settings, get_settings
from tests.integration.test_bad_input import PLAN, facts, put, rejected, stages

SENTENCE = "Đến hết năm 2023, tỷ lệ hộ gia đình ở huyện Vĩnh Lộc, tỉnh Thanh Hóa có cáp quang đạt 75%.\n"
LONG = "long.txt"


@pytest.fixture
def settings(empty_folders: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A document of the sample, and one of 4,650 characters."""
    monkeypatch.setattr("pipelines.reading.inventory._SETTLED_NS", 0)
    put(empty_folders, PLAN)
    (empty_folders.raw_dir / LONG).write_text(SENTENCE * 50, encoding="utf-8")
    return empty_folders


def status(settings: Settings) -> str:
    """What the inventory says of the long document."""
    (found,) = night.take_documents(settings).inventory.filter(path=LONG)["status"]
    return str(found)


def test_what_went_over_a_limit_is_asked_again_when_the_limit_has_changed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HATANGSO_LIMIT_CHARACTERS", "1000")
    stages(get_settings())
    assert rejected(settings)[LONG][0] == "limit_exceeded"
    before = facts(settings)

    assert status(settings) == "known"
    stages(get_settings())
    assert night.read_stage(settings, "texts").is_empty()
    assert rejected(settings)[LONG][0] == "limit_exceeded"

    monkeypatch.setenv("HATANGSO_LIMIT_CHARACTERS", "2000")
    assert status(settings) == "new"
    stages(get_settings())
    assert rejected(settings)[LONG][0] == "limit_exceeded"
    assert status(settings) == "known"

    monkeypatch.setenv("HATANGSO_LIMIT_CHARACTERS", "10000")
    stages(get_settings())
    assert LONG not in rejected(settings)
    assert facts(settings) > before
    monkeypatch.setenv("HATANGSO_LIMIT_CHARACTERS", "1000")
    assert status(settings) == "known"


def test_what_cannot_be_helped_is_not_asked_again_by_another_limit(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.raw_dir / "broken.pdf").write_bytes(b"%PDF-1.7 nothing here")
    stages(settings)
    monkeypatch.setenv("HATANGSO_LIMIT_CHARACTERS", "1000")
    inventory = night.take_documents(get_settings()).inventory
    assert inventory.filter(path="broken.pdf")["status"].to_list() == ["known"]


def test_a_document_that_needs_more_memory_than_a_reading_process_may_have(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process really runs out of memory; the others are read, and so is this one once the limit allows it."""
    monkeypatch.setenv("HATANGSO_LIMIT_CHARACTERS", "100000000")
    monkeypatch.setenv("HATANGSO_LIMIT_MEMORY_MIB", "256")
    put_greedy(settings.raw_dir / LONG)
    stages(get_settings())
    reason, sentence = rejected(settings)[LONG]
    assert reason == "limit_exceeded"
    assert sentence == f"{LONG}: reading it needs more than 256 MiB of memory; split the document."
    assert facts(settings) > 0
    assert status(settings) == "known"


def put_greedy(path: Path) -> None:
    """A document of 60 MB, whose text alone takes more than 256 MiB once it is decoded and cleaned."""
    with path.open("w", encoding="utf-8") as file:
        for _ in range(500_000):
            file.write(SENTENCE)
