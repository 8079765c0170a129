"""Nights that faults befall at random moments: what they leave, and whether the next night gives what an undisturbed one gives.

Before each fault the folders are those of a good night over a few documents; the night that is struck has new ones and
a renamed one to do, so that it has a release to lose and another to make. After each fault the current release must
open and hold what its manifest says, and a night that failed must have said why, to a person. Then a night runs to
its end, and its exports are compared, byte for byte, with those of nights that nothing disturbed.

| variable | sets |
|---|---|
| HATANGSO_FAULT_KILLS | how many kills (200) |
| HATANGSO_FAULT_REPEATS | how many of each other fault (20) |
| HATANGSO_FAULTS | which faults, with commas between (all that this machine can bring about) |
| HATANGSO_FAULT_STATE | a folder that keeps what was found, so that a later run goes on from there; all of it must come from one version of the program, another version begins anew |
| HATANGSO_FAULT_MINUTES | minutes after which to stop and tell what was found so far (no end) |
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import duckdb

from benchmarks import damage
from benchmarks.damage import Disturbed, Fault, Place
from benchmarks.processes import PROJECT
from benchmarks.results import Result
from benchmarks.unchanged import write_short
from pipelines.night.versions import code_version
from pipelines.settings import get_settings
from tests.integration.postgresql import run_client, running_postgresql, server_programs

KILLS = int(os.environ.get("HATANGSO_FAULT_KILLS", "200"))
REPEATS = int(os.environ.get("HATANGSO_FAULT_REPEATS", "20"))
MINUTES = float(os.environ.get("HATANGSO_FAULT_MINUTES", "inf"))
SEED = 20261124
# How often a fault is tried for each strike that is asked for.
TRIES = 3
SAMPLE = PROJECT / "data" / "raw"
KNOWN = (
    "ca-mau/2023-ke-hoach-ha-tang-so.txt",
    "quang-tri/2023-ke-hoach-ha-tang-so-dieu-chinh.txt",
    "thanh-hoa/2023-ke-hoach-ha-tang-so.txt",
    "thanh-hoa/vinh-loc/2024-bao-cao-ha-tang-so.txt",
    "quoc-gia/2023-ke-hoach-chuyen-doi-so.txt",
)
NEW = (
    "ca-mau/2023-phu-luc-chi-tieu.xlsx",
    "son-la/thuan-chau/2023-ket-qua-chuyen-doi-so.html",
    "tay-ninh/2025-ke-hoach-ha-tang-so.txt",
)
RENAMED = ("quang-tri/2023-ke-hoach-ha-tang-so-dieu-chinh.txt", "quang-tri/2023-dieu-chinh.txt")
# Enough for workers to be worth their start, see pipelines.night.workers.
FOR_WORKERS = 200
RECEIVED = "received_at: 2026-10-01T08:00:00+07:00\n"
# What a message for a person never holds.
FOR_PROGRAMMERS = re.compile(
    r"Traceback|an error it does not know|ended unexpectedly|^The step .* failed:", re.MULTILINE
)

# That the night before was killed, why this one failed, and where its log is.
MOST_SENTENCES = 3


@dataclass(frozen=True)
class Kind:
    """A fault of the list: how it strikes, in which scene, and how many strikes go before a night that may end."""

    title: str
    strike: Fault
    scene: str = "few"
    strikes: int = 1


KINDS = {
    "kill": Kind("killed at random moments", damage.kill, strikes=5),
    "disk": Kind("on a disk that fills up", damage.fill_disk),
    "folder": Kind("whose folder becomes read-only", damage.lock_folder),
    "database": Kind("that find their database corrupted", damage.corrupt_database),
    "clock": Kind("with the clock set back", damage.set_clock_back),
    "postgresql": Kind("whose PostgreSQL goes", damage.stop_postgresql, scene="lake"),
    "worker": Kind("that lose a worker", damage.kill_worker, scene="many"),
    "memory": Kind("with a worker out of memory", damage.starve_worker, scene="many"),
}


@dataclass(frozen=True)
class Found:
    """What was seen after a fault: one line of what the state folder keeps.

    ``strikes`` counts those that met a night that still ran; on a machine that has become faster some come too late.
    ``broken`` counts strikes after which the current release was not whole, ``unclear`` those whose night failed
    without a clear sentence. ``is_apart`` where the next night failed or gave other exports than an undisturbed one.
    """

    fault: str
    number: int
    strikes: int
    broken: int
    unclear: int
    is_apart: bool
    seconds: float
    done: list[str]
    after: list[str]
    said: list[str]

    @property
    def is_good(self) -> bool:
        """Whether nothing of what must not be was seen."""
        return not (self.broken or self.unclear or self.is_apart)


@dataclass(frozen=True)
class Scene:
    """Where a fault strikes: the folders as they are before it, and what an undisturbed night exports then."""

    place: Place
    before: Path
    expected: dict[str, str]


def measure() -> list[Result]:
    """Counts of each fault, and of what must not be: broken releases, unclear ends, next nights that differ."""
    asked = {name: KILLS if name == "kill" else REPEATS for name in possible()}
    with tempfile.TemporaryDirectory(prefix="hatangso-faults-") as temporary, ExitStack() as servers:
        state = Path(os.environ.get("HATANGSO_FAULT_STATE") or temporary).resolve()
        begin_anew_where_the_program_changed(state)
        found = read_found(state)
        scenes: dict[str, Scene] = {}
        until = time.monotonic() + 60 * MINUTES
        while time.monotonic() < until and (name := least_done(found, asked)):
            scene = KINDS[name].scene
            if scene not in scenes:
                scenes[scene] = made_scene(state, scene, servers)
            one = befall(name, found, asked[name], scenes[scene])
            found.append(one)
            with (state / "found.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
            print(
                f"{name} {one.number}: {'; '.join(one.done)}; {'' if one.is_good else 'NOT '}good", flush=True
            )
    return [result for name, times in asked.items() for result in told(name, times, found)]


def possible() -> list[str]:
    """The faults asked for that this machine can bring about; the others are told."""
    chosen = [name for name in os.environ.get("HATANGSO_FAULTS", ",".join(KINDS)).split(",") if name]
    unknown = sorted(set(chosen) - set(KINDS))
    if unknown:
        sys.exit(f"HATANGSO_FAULTS: there is no fault {', '.join(unknown)}; there are {', '.join(KINDS)}.")
    lacking = {"clock": shutil.which("faketime"), "postgresql": server_programs()}
    for name in [name for name in chosen if not lacking.get(name, True)]:
        print(f"left out: nights {KINDS[name].title}, whose program is not installed", flush=True)
    return [name for name in chosen if lacking.get(name, True)]


def least_done(found: list[Found], asked: dict[str, int]) -> str | None:
    """The fault of which the smallest part is done, so that a run that is cut short has seen all; None at the end.

    One that comes too late again and again is given up.
    """
    shares = {
        name: strikes_of(name, found) / times
        for name, times in asked.items()
        if sum(one.fault == name for one in found) < TRIES * times
    }
    open_ones = [name for name, share in shares.items() if share < 1]
    return min(open_ones, key=lambda name: shares[name], default=None)


def befall(name: str, found: list[Found], asked: int, scene: Scene) -> Found:
    """Let a fault strike, look at what it left, and let a night run to its end."""
    kind, number = KINDS[name], sum(one.fault == name for one in found)
    moments = random.Random(f"{SEED} {name} {number}")  # noqa: S311 - moments, not secrets
    strikes = min(kind.strikes, asked - strikes_of(name, found))
    restore(scene.before, scene.place)
    struck: list[Disturbed] = []
    broken = 0
    for _ in range(strikes):
        struck.append(kind.strike(scene.place, moments))
        broken += not is_whole(scene.place.folder)
    began = time.monotonic()
    last = damage.ended(damage.begin(scene.place), "nothing")
    seconds = time.monotonic() - began
    is_apart = last.status != 0 or exports(scene.place.folder) != scene.expected
    return Found(
        fault=name,
        number=number,
        strikes=sum(one.is_struck for one in struck),
        broken=broken,
        unclear=sum(not is_clear(one) for one in struck),
        is_apart=is_apart,
        seconds=seconds,
        done=[one.done for one in struck],
        after=[one.last_step for one in struck],
        said=[
            f"{one.status}: {sentence}"
            for one in [*struck, last]
            for sentence in one.sentences or ["nothing"]
        ],
    )


def is_clear(one: Disturbed) -> bool:
    """Whether a struck night ended well, was killed, or said in words for a person why it failed."""
    is_for_people = not FOR_PROGRAMMERS.search(one.said)
    if one.status in (0, -9):
        return is_for_people
    return one.status == 1 and is_for_people and 0 < len(one.sentences) <= MOST_SENTENCES


def told(name: str, asked: int, found: list[Found]) -> list[Result]:
    """What was found of one fault."""
    kind, of_it = KINDS[name], [one for one in found if one.fault == name]
    failed = sum(said.startswith("1: ") for one in of_it for said in one.said[:1])
    bad = sum(one.broken + one.unclear + one.is_apart for one in of_it)
    slowest = max((one.seconds for one in of_it), default=0.0)
    struck = Result(
        f"nights {kind.title}",
        strikes_of(name, found),
        "nights",
        at_least=asked,
        note=None if name == "kill" else f"{failed} failed and said why",
    )
    if not struck.value:
        # Of what was not seen nothing can be said.
        return [struck]
    return [
        struck,
        Result(
            f"nights {kind.title}: broken releases, ends without a clear sentence, next nights that differ",
            bad,
            "cases",
            at_most=0,
        ),
        Result(f"slowest night after nights {kind.title}", slowest, "s"),
    ]


def strikes_of(name: str, found: list[Found]) -> int:
    """How often a fault has struck."""
    return sum(one.strikes for one in found if one.fault == name)


# --- what is kept from run to run ---------------------------------------------------------


def begin_anew_where_the_program_changed(state: Path) -> None:
    """Put what another version of the program gave aside, and its folders away."""
    state.mkdir(parents=True, exist_ok=True)
    mark, version = state / "program", code_version(get_settings())
    if mark.is_file() and mark.read_text(encoding="ascii") != version:
        for name in ("place", "base", *{kind.scene for kind in KINDS.values()}):
            shutil.rmtree(state / name, ignore_errors=True)
        found = state / "found.jsonl"
        if found.is_file():
            found.rename(state / f"found-{mark.read_text(encoding='ascii')[:12]}.jsonl")
    mark.write_text(version, encoding="ascii")


def read_found(state: Path) -> list[Found]:
    """What earlier runs found."""
    path = state / "found.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [Found(**json.loads(line)) for line in lines]


# --- the folders that faults befall -------------------------------------------------------


def made_scene(state: Path, name: str, servers: ExitStack) -> Scene:
    """A scene, made by two undisturbed nights unless an earlier run has left it."""
    kept = state / name
    place = Place(state / "place", environment_of(state / "place"), seconds=0)
    if name == "lake":
        server = servers.enter_context(running_postgresql())
        place = replace(
            place,
            environment=place.environment | lake_environment(place.folder, server.catalog("lake")),
            server=server,
        )
    about = kept / "scene.json"
    if not about.is_file():
        shutil.rmtree(kept, ignore_errors=True)
        first_night(state, place, kept / "before")
        change_documents(kept / "before" / "raw", name)
        seconds, worker_seconds, expected = undisturbed(kept / "before", place)
        about.write_text(
            json.dumps({"seconds": seconds, "worker_seconds": worker_seconds, "expected": expected})
        )
    known = json.loads(about.read_text())
    place = replace(place, seconds=known["seconds"], worker_seconds=known["worker_seconds"])
    return Scene(place, kept / "before", known["expected"])


def environment_of(folder: Path) -> dict[str, str]:
    """The settings of nights in a folder."""
    return {f"HATANGSO_{name.upper()}_DIR": str(folder / name) for name in ("raw", "work", "published")} | {
        "HATANGSO_READING_PROCESSES": "2"
    }


def lake_environment(folder: Path, catalog: str) -> dict[str, str]:
    """The settings of nights on a lake, beside those of their folder."""
    return {
        "HATANGSO_WAREHOUSE_TARGET": "lake",
        "HATANGSO_LAKE_CATALOG": catalog,
        "HATANGSO_LAKE_DATA": f"{folder / 'lake'}/",
    }


def first_night(state: Path, place: Place, into: Path) -> None:
    """Keep the folders as a first night over the known documents leaves them; on a file, one serves two scenes."""
    base = state / "base"
    if place.server is not None or not base.is_dir():
        shutil.rmtree(place.folder, ignore_errors=True)
        put(KNOWN, place.folder / "raw")
        if place.server is not None:
            run_client(place.server, "createdb", "lake")
        run_undisturbed(place)
        if place.server is not None:
            run_client(place.server, "pg_dump", "-Fc", "-f", place.folder / "catalog.dump", "lake")
            shutil.copytree(place.folder, into, symlinks=True)
            return
        shutil.copytree(place.folder, base, symlinks=True)
    shutil.copytree(base, into, symlinks=True)


def change_documents(raw: Path, scene: str) -> None:
    """What has come since the first night: a few documents and another name; in the scene of workers, many."""
    put(NEW, raw)
    for suffix in ("", ".yml"):
        (raw / f"{RENAMED[0]}{suffix}").rename(raw / f"{RENAMED[1]}{suffix}")
    if scene == "many":
        write_short(raw, FOR_WORKERS)
        for path in list(raw.glob("0*/*.txt")):
            path.with_name(f"{path.name}.yml").write_text(RECEIVED, encoding="utf-8")


def put(paths: tuple[str, ...], raw: Path) -> None:
    """Copy documents of the sample with their sidecars."""
    for path in paths:
        for name in (path, f"{path}.yml"):
            (raw / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(SAMPLE / name, raw / name)


def restore(before: Path, place: Place) -> None:
    """Put the folders, and a lake's catalog, back as they were before a fault."""
    shutil.rmtree(place.folder, ignore_errors=True)
    shutil.copytree(before, place.folder, symlinks=True)
    if place.server is not None:
        run_client(place.server, "dropdb", "--if-exists", "--force", "lake")
        run_client(place.server, "createdb", "lake")
        run_client(place.server, "pg_restore", "-d", "lake", place.folder / "catalog.dump")


def undisturbed(before: Path, place: Place) -> tuple[float, float, dict[str, str]]:
    """Seconds of a night that nothing disturbs, seconds during which it has workers, and its exports."""
    restore(before, place)
    began = time.monotonic()
    night = damage.begin(place)
    worker_seconds = damage.seconds_with_workers(night)
    seconds = time.monotonic() - began
    stop_where_it_failed(damage.ended(night, "nothing"))
    return seconds, worker_seconds, exports(place.folder)


def run_undisturbed(place: Place) -> None:
    """A night that has to end well."""
    stop_where_it_failed(damage.ended(damage.begin(place), "nothing"))


def stop_where_it_failed(night: Disturbed) -> None:
    """Without an undisturbed night there is nothing to compare with."""
    if night.status:
        sys.exit(f"A night that nothing disturbed failed: {' '.join(night.sentences)}")


def exports(folder: Path) -> dict[str, str]:
    """SHA-256 of every table that the current release exports."""
    release = folder / "published" / "current"
    return {
        path.relative_to(release).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for kind in ("csv", "parquet")
        for path in sorted((release / kind).glob("*"))
    }


def is_whole(folder: Path) -> bool:
    """Whether there is a release whose database opens and whose files are those of its manifest."""
    current = folder / "published" / "current"
    try:
        manifest = json.loads((current / "MANIFEST.json").read_text(encoding="utf-8"))
        with duckdb.connect(str(current / "warehouse.duckdb"), read_only=True) as connection:
            connection.execute("select count(*) from marts.fct_observation").fetchall()
        return all(
            hashlib.sha256((current / path).read_bytes()).hexdigest() == about["sha256"]
            for path, about in manifest["files"].items()
        )
    except (OSError, ValueError, duckdb.Error):
        return False
