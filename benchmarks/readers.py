"""Readers beside markitdown on one plan with its 37-row table, and documents a second through the reading processes.

markitdown is no dependency of the project: where the running Python has it not, HATANGSO_BENCH_PYTHON names one that
has (`pip install "markitdown[docx,pdf,xlsx]==0.1.9"` in a venv of its own). Both read the same bytes, by turns, in
processes that have loaded what they need; the fastest of all rounds counts for each. LibreOffice writes the PDF and
the old formats; what cannot be written here is left out.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.results import Result
from pipelines.reading.inventory import RawFile, take_inventory
from pipelines.reading.limits import Limits
from pipelines.reading.read import ReadDocument, read_document
from pipelines.reading.sidecar import Sidecar
from pipelines.reading.worker import WorkerPool
from scripts import formats, make_sample_formats

ROUNDS = 4
# How many times as fast as the peer each reader has to be.
AT_LEAST = {"docx": 10.0, "pdf": 3.0, "xlsx": 1.0}
PROCESSES = 2
COPIES, SCAN_COPIES = 60, 4
_PEER = """
import io, json, sys, time
from markitdown import MarkItDown
from pathlib import Path
converter = MarkItDown()
found = {}
for name in sys.argv[1:]:
    data, suffix = Path(name).read_bytes(), Path(name).suffix
    best, text = 1e9, ""
    for _ in range(4):
        started = time.perf_counter()
        text = converter.convert_stream(io.BytesIO(data), file_extension=suffix).text_content
        best = min(best, time.perf_counter() - started)
    found[suffix[1:]] = [best, text]
print(json.dumps(found))
"""


def measure() -> list[Result]:
    """Seconds a document beside the peer, and documents a second for each format."""
    files = plan_in_every_format()
    compared = {name: data for name, data in files.items() if name in AT_LEAST}
    return [*_beside_peer(compared), *(_throughput(name, data) for name, data in files.items())]


def plan_in_every_format() -> dict[str, bytes]:
    """The plan of the sample, by format."""
    items = make_sample_formats.items(make_sample_formats.PLAN)
    word, sheet = formats.to_docx(items), formats.to_xlsx(items, percent_cells=True)
    files = {
        "txt": formats.to_text(items),
        "html": formats.to_html(items),
        "mht": formats.to_mht(items),
        "csv": formats.to_csv(items),
        "docx": word,
        "xlsx": sheet,
    }
    if formats.has_libreoffice():
        files |= {
            target: formats.convert({"a": word}, "docx", target)["a"]
            for target in ("pdf", "doc", "rtf", "odt")
        }
        files |= {target: formats.convert({"a": sheet}, "xlsx", target)["a"] for target in ("xls", "ods")}
        if shutil.which("tesseract"):
            files["scan"] = formats.to_scan(files["pdf"], kind="PNG")
    return files


def _beside_peer(files: dict[str, bytes]) -> list[Result]:
    python = (
        sys.executable if importlib.util.find_spec("markitdown") else os.environ.get("HATANGSO_BENCH_PYTHON")
    )
    ours: dict[str, float] = {}
    theirs: dict[str, tuple[float, str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        names = [str(Path(folder) / f"plan.{suffix}") for suffix in files]
        for name, data in zip(names, files.values(), strict=True):
            Path(name).write_bytes(data)
        for _ in range(ROUNDS):
            for suffix, data in files.items():
                ours[suffix] = min(ours.get(suffix, 1e9), _seconds(lambda data=data: _read(data)))
            if python:
                done = subprocess.run(
                    [python, "-c", _PEER, *names], capture_output=True, text=True, check=True, timeout=600
                )
                for suffix, (seconds, text) in json.loads(done.stdout.splitlines()[-1]).items():
                    theirs[suffix] = (min(seconds, theirs.get(suffix, (1e9, ""))[0]), text)
    results = []
    for suffix, data in files.items():
        if suffix not in theirs:
            results.append(
                Result(f"reading the plan as .{suffix}", ours[suffix], "s", note="markitdown is not here")
            )
            continue
        seconds, text = theirs[suffix]
        results.append(
            Result(
                f"reading the plan as .{suffix}",
                ours[suffix],
                "s",
                peer=f"markitdown ({seconds:.3g} s): times as fast",
                ratio=seconds / ours[suffix],
                at_least=AT_LEAST[suffix],
                limited="ratio",
                note=_cells_seen_by_both(_read(data), text),
            )
        )
    return results


def _cells_seen_by_both(document: ReadDocument, markdown: str) -> str:
    """How many of the table's filled cells the peer shows too; a share may be printed as its number."""
    seen = _bare(markdown)
    cells = [block.text for block in document.blocks if block.kind == "table_cell" and block.text]
    missing = [cell for cell in cells if _bare(cell) not in seen and _number(cell) not in markdown]
    return f"{len(cells)} filled cells, {len(cells) - len(missing)} of them in markitdown's text too"


def _bare(text: str) -> str:
    return re.sub(r"[\s|\\-]+", "", text)


def _number(cell: str) -> str:
    """The number that a percent cell stores."""
    share = cell.rstrip("%").replace(",", ".")
    return f"{float(share) / 100:.6g}" if cell.endswith("%") and share.replace(".", "", 1).isdigit() else cell


def _read(data: bytes) -> ReadDocument:
    return read_document(data, RawFile("plan", "0" * 64, len(data), Sidecar()))


def _seconds(work: Callable[[], object]) -> float:
    best = 1e9
    for _ in range(4):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best


def _throughput(name: str, data: bytes) -> Result:
    """Documents a second through the reading processes, their start not counted."""
    count = SCAN_COPIES if name == "scan" else COPIES
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder)
        for number in range(count + PROCESSES):
            # The same document under different bytes: every format bears something after its end, or a space in it.
            (raw / f"{number:03}").write_bytes(data + b" " * number)
        files = [(file.path, file.document_id) for file in take_inventory(raw).files]
        with WorkerPool(Limits(), PROCESSES) as pool:
            assert all("ok" in answer for answer in pool.read(raw, files[:PROCESSES]))  # noqa: S101
            started = time.perf_counter()
            answers = list(pool.read(raw, files[PROCESSES:]))
            seconds = time.perf_counter() - started
    unread = [answer["error"] for answer in answers if "error" in answer]
    if unread:
        raise RuntimeError(f"{name}: {unread[0]}")
    return Result(
        f"throughput of .{name}", len(answers) / seconds, "documents/s", note=f"{PROCESSES} processes"
    )
