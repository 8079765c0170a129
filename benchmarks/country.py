"""Correctness at scale: the facts of a made-up country's documents against their truth, in every layout and format.

What is missed or wrong is listed with its document, so that it can be looked at: `HATANGSO_BENCH_KEEP=FOLDER` keeps
the documents. `HATANGSO_BENCH_LABELLED` (1000) sets how many are written.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.processes import PROJECT
from benchmarks.results import Result
from benchmarks.synthetic.documents import write_documents
from benchmarks.synthetic.score import Key, score

DOCUMENTS = int(os.environ.get("HATANGSO_BENCH_LABELLED", "1000"))
SEEDS = PROJECT / "data" / "seeds"
SHOWN = 15


def measure() -> list[Result]:
    """F1 of all documents and of each layout and format; the commonest misses are printed."""
    with tempfile.TemporaryDirectory(prefix="hatangso-bench-") as temporary:
        folder = Path(os.environ.get("HATANGSO_BENCH_KEEP", temporary))
        read = score(write_documents(folder, SEEDS, DOCUMENTS), SEEDS)
    tell("missed", read.missed)
    tell("too many", read.extra)
    facts = read.counts["all"]["hit"] + read.counts["all"]["missed"]
    return [
        Result(f"F1 over {DOCUMENTS:,} documents with {facts:,} facts", read.f1("all"), "", at_least=0.95),
        *(Result(f"F1, {group}", read.f1(group), "") for group in sorted(read.counts) if group != "all"),
    ]


def tell(what: str, found: list[tuple[str, Key]]) -> None:
    """Print how often which indicator in which layout, with one document of each."""
    kinds = Counter((document.split("-")[1].split(".")[0], key[0]) for document, key in found)
    examples = {(document.split("-")[1].split(".")[0], key[0]): (document, key) for document, key in found}
    for kind, count in kinds.most_common(SHOWN):
        document, key = examples[kind]
        print(f"{what} {count:5} x {kind[1]} in {kind[0]}, such as {document}: {key[1:]}")
