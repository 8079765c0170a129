"""An unchanged night over very many known documents against one over ten.

`HATANGSO_BENCH_DOCUMENTS` (100000) sets how many. The documents are short, since their content is not read again;
the first night, which reads them, is told as well.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from pathlib import Path

from benchmarks.processes import PROJECT, Finished, night
from benchmarks.results import Result
from benchmarks.synthetic.documents import read_country

MANY = int(os.environ.get("HATANGSO_BENCH_DOCUMENTS", "100000"))
FEW = 10
ROUNDS = 3
PER_FOLDER = 1000


def measure() -> list[Result]:
    """Unchanged nights over both folders in turn; medians are compared."""
    with tempfile.TemporaryDirectory(prefix="hatangso-bench-") as temporary:
        folder = Path(temporary)
        for count in (FEW, MANY):
            write_short(folder / f"raw-{count}", count)
        night(folder / f"raw-{FEW}", folder / str(FEW))
        first = night(folder / f"raw-{MANY}", folder / str(MANY))
        few: list[Finished] = []
        many: list[Finished] = []
        for _ in range(ROUNDS):
            few.append(night(folder / f"raw-{FEW}", folder / str(FEW)))
            many.append(night(folder / f"raw-{MANY}", folder / str(MANY)))
    seconds_of_few, seconds_of_many = (
        statistics.median(done.seconds for done in nights) for nights in (few, many)
    )
    return [
        Result(
            f"an unchanged night over {MANY:,} known documents, above one over {FEW}",
            seconds_of_many - seconds_of_few,
            "s",
            peer=f"an unchanged night over {FEW}: {seconds_of_few:.1f} s",
            ratio=seconds_of_many / seconds_of_few,
            at_most=5,
        ),
        Result(
            f"memory of an unchanged night over {MANY:,}",
            max(done.memory_gib for done in many),
            "GiB",
            at_most=1,
        ),
        Result(f"the first night over {MANY:,} short documents", first.seconds, "s"),
        Result(f"memory of the first night over {MANY:,}", first.memory_gib, "GiB"),
    ]


def write_short(folder: Path, count: int) -> None:
    """Write so many documents of one sentence, each with figures of its own."""
    country = read_country(PROJECT / "data" / "seeds")
    shares = [indicator for indicator in country.indicators if indicator.unit == "percent"]
    for number in range(count):
        place = country.districts[number % len(country.districts)]
        indicator = shares[number // len(country.districts) % len(shares)]
        year, value = 2020 + number % 5, f"{number % 9901 / 100:g}".replace(".", ",")
        name = indicator.name[0].lower() + indicator.name[1:]
        path = folder / f"{number // PER_FOLDER:04d}" / f"{number:06d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"Báo cáo số {number} của {place.name}, {place.parent}\nĐến hết năm {year}, {name} đạt {value}%.\n",
            encoding="utf-8",
        )
