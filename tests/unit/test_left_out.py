from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec

import pytest

from pipelines.left_out import left_out

WHAT_A_NIGHT_LOADS = """
import sys
from pipelines.left_out import DBT, FOR_TESTS, left_out
with left_out(DBT, *FOR_TESTS):
    from pipelines.definitions import defs
    job = defs().resolve_job_def("nightly")
    assert len(job.asset_layer.asset_graph.get_all_asset_keys()) > 70
assert not sys.modules.keys() & {DBT, *FOR_TESTS}
import dbt, pandas
"""


def test_a_package_is_left_out_while_the_block_runs_unless_it_is_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "this", raising=False)
    with left_out("this", "sys"):
        with pytest.raises(ImportError):
            import this  # noqa: F401
        assert sys.modules["sys"] is sys
        assert find_spec("this") is None
        assert version("pytest")
    assert find_spec("this") is not None


def test_dagster_loads_the_assets_of_a_night_without_them() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WHAT_A_NIGHT_LOADS], capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
