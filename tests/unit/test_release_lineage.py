from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.release import lineage
from pipelines.release.lineage import DbtArtifacts, lineage_id, write_lineage

MODEL: dict[str, Any] = {
    "resource_type": "model",
    "compiled_code": "select 1 as value",
    "created_at": 1.0,
    "build_path": "a",
}
TEST: dict[str, Any] = {"resource_type": "test", "compiled_code": "select 1"}


def artifacts(folder: Path, at: str = "2026-11-25", test: str = "select 1", **changes: Any) -> DbtArtifacts:
    """dbt's description of one model and one test of it."""
    folder.mkdir(exist_ok=True)
    of = {"metadata": {"generated_at": at}, "sources": {}}
    nodes = {"model.one": MODEL | changes, "test.one": TEST | {"compiled_code": test}}
    dbt = DbtArtifacts(folder / "manifest.json", folder / "catalog.json", folder / "page.html")
    dbt.manifest.write_text(json.dumps(of | {"nodes": nodes, "exposures": {}}), encoding="utf-8")
    dbt.catalog.write_text(
        json.dumps(of | {"nodes": {"model.one": {"columns": ["value"]}}}), encoding="utf-8"
    )
    return dbt


def test_the_page_depends_on_the_models_and_not_on_when_or_where_they_were_built(tmp_path: Path) -> None:
    one = lineage_id(artifacts(tmp_path))
    assert lineage_id(artifacts(tmp_path, at="2026-11-26", created_at=2.0, build_path="b")) == one
    assert lineage_id(artifacts(tmp_path, test="select 2")) == one
    assert lineage_id(artifacts(tmp_path, compiled_code="select 2 as value")) != one


def test_the_page_is_drawn_once_for_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[DbtArtifacts] = []

    def draw(dbt: DbtArtifacts) -> str:
        drawn.append(dbt)
        return f"page {len(drawn)}"

    monkeypatch.setattr(lineage, "_drawn", draw)
    page, target = tmp_path / "lineage.html", tmp_path / "target"
    for changes, expected in (
        ({}, "page 1"),
        ({"created_at": 2.0}, "page 1"),
        ({"description": "another"}, "page 2"),
    ):
        write_lineage(artifacts(target, **changes), page)
        assert page.read_text(encoding="utf-8") == expected
    assert len(list(target.glob("lineage-*"))) == 1
