"""Packages that frameworks load wherever they are installed, though no process of a night needs them.

Each costs time in every process: what only tests need, with pandera, DuckDB and Altair; and dbt in the process of the
night, with dagster-dbt, which knows how to do without where dbt runs as a program of its own (``dagster_dbt.compat``).
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Collection, Iterator, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

FOR_TESTS = ("hypothesis", "pandas", "pyarrow")
DBT = "dbt"


class _Without:
    """A finder of modules that finds nothing of some packages; in all else the finder that it stands before."""

    def __init__(self, finder: Any, packages: Collection[str]) -> None:
        self.finder = finder
        self.packages = packages

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where a module lies, as Python asks each finder in turn."""
        if name.partition(".")[0] in self.packages:
            return None
        found: ModuleSpec | None = self.finder.find_spec(name, path, target)
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.finder, name)


def leave_out(*packages: str) -> None:
    """Have Python not find these packages, as if they were not installed; those that are loaded stay so."""
    sys.meta_path[:] = [_Without(finder, packages) for finder in sys.meta_path]


@contextlib.contextmanager
def left_out(*packages: str) -> Iterator[None]:
    """Leave these packages out while the block runs."""
    finders = list(sys.meta_path)
    leave_out(*packages)
    try:
        yield
    finally:
        sys.meta_path[:] = finders
