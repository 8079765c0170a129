"""The pages that are generated are those of the present catalog and of the present tables."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

HOME = Path(__file__).resolve().parents[2]
SEEDS = HOME / "data" / "seeds"


def loaded(name: str) -> ModuleType:
    """A script of the project as a module."""
    spec = importlib.util.spec_from_file_location(name, HOME / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return loaded("generate_indicator_pages")


def test_the_data_dictionary_is_current() -> None:
    found = (HOME / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert found == loaded("generate_data_dictionary").page(), "run `make docs`"


def test_the_data_dictionary_describes_every_column() -> None:
    """No table without a sentence, no column without a meaning, no mart left out."""
    page = (HOME / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    marts = {path.stem for path in (HOME / "dbt_project" / "models" / "marts").glob("*.sql")}
    assert {name for name in marts if f"\n### marts.{name}\n" in page} == marts
    assert not [line for line in page.splitlines() if line.startswith("| `") and line.endswith("|  |")]


def test_the_page_of_indicators_is_current(script: ModuleType) -> None:
    found = (HOME / "docs" / "indicators.md").read_text(encoding="utf-8")
    assert found == script.page(), "run `make docs`"


def test_every_indicator_stands_in_one_family() -> None:
    tables = {}
    for name in ("indicators", "indicator_family_members"):
        with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            tables[name] = [row["indicator_code"] for row in csv.DictReader(file)]
    assert sorted(tables["indicators"]) == sorted(tables["indicator_family_members"])


def test_look_alikes_share_a_family_and_stay_apart(script: ModuleType) -> None:
    """The three fibre indicators, and the smartphone shares of different denominators."""
    families: dict[str, set[str]] = {}
    for row in script.table("indicator_family_members"):
        families.setdefault(row["family_code"], set()).add(row["indicator_code"])
    assert {"households_fiber_coverage", "households_fiber_on_demand", "households_fiber_share"} <= families[
        "fibre"
    ]
    assert {
        "smartphone_share_of_mobile_subs",
        "smartphone_share_of_mobile_users",
        "adult_smartphone_share",
        "population_smartphone_share",
    } <= families["smartphones"]
    for code in families["fibre"] | families["smartphones"]:
        assert f"### {code}\n" in script.page()


def test_parts_stand_below_their_whole(script: ModuleType) -> None:
    assert "\n- `digital_platforms_deployed`: " in script.page()
    assert "\n  - `platform_data_sharing`: " in script.page()
