from __future__ import annotations

import json
import multiprocessing
from concurrent.futures import Future
from pathlib import Path

import pytest

from pipelines.night import publishing
from pipelines.night.publishing import begin_drawing, pages_beside
from pipelines.release.errors import ReleaseError
from pipelines.warehouse.connection import WarehouseError


def draw_pages_of_nothing(folder: Path) -> None:
    with pages_beside(folder / "none.duckdb", folder / "site", "a release"):
        pass


@pytest.mark.parametrize("is_ended", [False, True], ids=["it waits", "it was ended while it waited"])
def test_pages_are_drawn_by_the_process_that_waits_for_them_or_by_another(
    tmp_path: Path, is_ended: bool
) -> None:
    before = set(multiprocessing.active_children())
    begin_drawing()
    (waiting,) = set(multiprocessing.active_children()) - before
    if is_ended:
        waiting.kill()
        waiting.join()
    with pytest.raises(WarehouseError, match=r"none\.duckdb"):
        draw_pages_of_nothing(tmp_path)
    assert set(multiprocessing.active_children()) == before


def test_pages_are_drawn_once_more_where_their_process_had_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: Future[None] = Future()
    failed.set_exception(SyntaxError("expected ':'"))
    monkeypatch.setattr(publishing, "_begun", lambda *_: failed)
    with pytest.raises(WarehouseError, match=r"none\.duckdb"):
        draw_pages_of_nothing(tmp_path)


def test_pages_that_cannot_be_drawn_twice_are_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It does not know these arguments.
    monkeypatch.setattr(publishing, "build_site", json.dumps)
    with pytest.raises(ReleaseError, match=r"could not be drawn: their process failed twice \(TypeError\)"):
        draw_pages_of_nothing(tmp_path)
