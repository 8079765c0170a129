from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from pipelines.night.publishing import begin_drawing, pages_beside
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
