"""A few hundred spoilt files: none ends a process, breaks a limit or stays without a row. `benchmarks.mutations` reads 10,000."""

from __future__ import annotations

from benchmarks import mutations
from pipelines.reading.limits import Limits
from tests.integration import mutated_files

COUNT = 300
LIMITS = Limits(seconds=30, scan_seconds=60)


def test_spoilt_files_end_as_rows() -> None:
    outcome = mutations.run(COUNT, seed=7, limits=LIMITS)
    assert outcome.faults == []
    assert outcome.file_count == COUNT
    assert not any("reader_failed" in ends for ends in outcome.ends.values())
    assert sum(ends["read"] for ends in outcome.ends.values()) >= COUNT // 4
    assert {"a.docx", "a.xlsx", "a.html", "a.zip"} <= set(outcome.ends)


def test_the_same_number_gives_the_same_change() -> None:
    assert dict(mutated_files.mutated(5, seed=3)) == dict(mutated_files.mutated(5, seed=3))
