"""Documents that a worker fetches from an fsspec address give what the same documents give in a folder."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipelines.batches.batch import Batch, Place
from pipelines.batches.reading import read_batch
from pipelines.reading.limits import Limits
from schemas.frames import polars_schema
from schemas.tables import NIGHT_TABLES

fsspec = pytest.importorskip("fsspec")

SENTENCE = "Tỷ lệ hộ gia đình có cáp quang đạt 75%."
SIDECAR = "issuer: UBND tỉnh Cà Mau\nreceived_at: 2026-10-01T08:00:00+07:00\n"


def archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("trong/hai.txt", f"{SENTENCE} Hai.")
    return packed.getvalue()


FILES = {
    "ca-mau/một.txt": SENTENCE.encode(),
    "ca-mau/một.txt.yml": SIDECAR.encode(),
    "hai.zip": archive(),
    "hai.zip.yml": SIDECAR.encode(),
}
DOCUMENTS = {"ca-mau/một.txt": SENTENCE.encode(), "hai.zip!trong/hai.txt": f"{SENTENCE} Hai.".encode()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, data in FILES.items():
        (tmp_path / "raw" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "raw" / name).write_bytes(data)
    return tmp_path / "raw"


def place(raw_dir: Path) -> Place:
    return Place(
        raw_dir=raw_dir,
        seeds_dir=raw_dir,
        documents_url="",
        limits=Limits(),
        catalog="",
        shapes={name: polars_schema(model) for name, model in NIGHT_TABLES.items()},
        is_spread=False,
    )


def batch(documents: dict[str, bytes]) -> Batch:
    return {
        "documents": pl.DataFrame(
            [(hashlib.sha256(data).hexdigest(), path, len(data)) for path, data in documents.items()],
            schema={"document_id": pl.String, "path": pl.String, "byte_count": pl.Int64},
            orient="row",
        )
    }


@pytest.mark.parametrize("protocol", ["file", "memory"])
def test_fetched_documents_are_those_of_the_folder(folder: Path, tmp_path: Path, protocol: str) -> None:
    url = folder.as_uri()
    if protocol == "memory":
        url = f"memory://{tmp_path.name}/raw"
        for name, data in FILES.items():
            fsspec.filesystem("memory").pipe_file(f"/{tmp_path.name}/raw/{name}", data)
    here = read_batch(place(folder), batch(DOCUMENTS))
    # The worker has no such folder: everything must come by the address.
    fetched = read_batch(replace(place(tmp_path / "nowhere"), documents_url=url), batch(DOCUMENTS))
    assert here["texts"].height == 2
    assert {sidecar["issuer"] for sidecar in here["texts"]["sidecar"]} == {"UBND tỉnh Cà Mau"}
    for name, frame in here.items():
        assert fetched[name].equals(frame), name


def test_a_document_that_is_not_there_or_another_one_is_a_reject(folder: Path) -> None:
    (folder / "ba.txt").write_bytes(b"changed since")
    asked = DOCUMENTS | {"gone.txt": b"gone", "ba.txt": b"as it was listed"}
    read = read_batch(replace(place(folder), documents_url=folder.as_uri()), batch(asked))
    assert read["texts"]["path"].sort().to_list() == sorted(DOCUMENTS)
    rejects = dict(read["rejects"].select("path", "reason_code").iter_rows())
    assert rejects == {"gone.txt": "unreadable_file", "ba.txt": "changed_while_read"}
