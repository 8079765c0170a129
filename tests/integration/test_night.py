"""The real nightly on the sample documents: the figures it must show, what must balance, and the second night."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.commands.nightly import STOPPED
from pipelines.night import document_balance, program_versions, read_stage, statement_balance
from pipelines.night.dbt_project import is_catalog_built, is_unit_tested
from pipelines.night.publishing import dbt_artifacts
from pipelines.reading.recognition import missing_parts
from pipelines.release.publish import BUILDING, SITE, publish
from pipelines.release.published import Retention
from pipelines.release.verify import failures
from pipelines.settings import Settings, find_home, get_settings
from schemas.tables import NIGHT_TABLES
from tests.integration.running import Night, python, run

pytestmark = pytest.mark.slow

FIVE_DOCUMENTS = (
    "thanh-hoa/vinh-loc/2024-bao-cao-ha-tang-so.txt",
    "son-la/thuan-chau/2023-ket-qua-chuyen-doi-so.html",
    "quang-tri/2023-ke-hoach-ha-tang-so-dieu-chinh.txt",
    "thanh-hoa/2023-ke-hoach-ha-tang-so.txt",
    "ca-mau/2023-ke-hoach-ha-tang-so.txt",
)


SAMPLE = [path for path in Settings().raw_dir.rglob("*") if path.is_file() and path.suffix != ".yml"]
# The sample's scan is a reject on a machine without recognition.
UNREAD = 1 if missing_parts() else 0


def cell(night: Night, level: str, unit: str, indicator: str, year: int) -> dict[str, Any]:
    """One row of a yearly mart by the unit's name; empty where there is none."""
    with night.released() as connection:
        cursor = connection.execute(
            f"select * from marts.mart_{level}_indicator_yearly where admin_unit_name = ? and indicator_code = ? and year = ?",
            [unit, indicator, year],
        )
        names = [column[0] for column in cursor.description or ()]
        found = cursor.fetchall()
    assert len(found) <= 1
    return dict(zip(names, found[0], strict=True)) if found else {}


def test_the_night_ends_well_and_says_what_changed(night: Night) -> None:
    assert night.exit_code == 0, night.errors
    assert f"{len(SAMPLE) - UNREAD} new, {UNREAD} rejected" in night.output
    assert "Traceback" not in night.errors


# level, unit, indicator, year, expected columns
CELLS: list[tuple[str, str, str, int, dict[str, Any]]] = [
    (
        "district",
        "huyện Vĩnh Lộc",
        "adult_smartphone_share",
        2024,
        {
            "actual_value": 75,
            "actual_kind": "estimate",
            "obs_status": "E",
            "target_value": 80,
            "target_scope": "province",
            "target_basis": "end_of_plan",
            "final_target_year": 2025,
            "gap_to_target": -5,
            "attainment_pct": 93.75,
            "progress_status": "not_assessable",
            "province_code": "38",
        },
    ),
    (
        "district",
        "huyện Vĩnh Lộc",
        "villages_mobile_broadband_coverage",
        2024,
        {"actual_value": 100, "progress_status": "achieved", "target_value": 100},
    ),
    (
        "province",
        "tỉnh Cà Mau",
        "antenna_mast_sharing",
        2023,
        {
            "actual_value": 11.74,
            "actual_kind": "baseline",
            "actual_as_of": date(2023, 6, 30),
            "baseline_value": 11.74,
            "baseline_year": 2023,
            "target_value": 13,
            "target_scope": "own",
            "target_basis": "stated",
        },
    ),
    ("province", "tỉnh Cà Mau", "antenna_mast_sharing", 2024, {"actual_value": None, "target_value": 19}),
    ("province", "tỉnh Cà Mau", "antenna_mast_sharing", 2025, {"actual_value": None, "target_value": 25}),
    (
        "province",
        "tỉnh Cà Mau",
        "blockchain_as_service",
        2023,
        {
            "actual_value": 0,
            "actual_as_of": date(2023, 6, 30),
            "target_value": 1,
            "target_basis": "stated",
            "unit": "boolean",
            "progress_status": "insufficient",
        },
    ),
    (
        "province",
        "tỉnh Cà Mau",
        "cable_duct_sharing",
        2023,
        {
            "actual_value": 0,
            "baseline_value": 0,
            "target_value": 0,
            "progress_status": "achieved",
            "attainment_pct": None,
        },
    ),
    (
        "province",
        "tỉnh Cà Mau",
        "platform_data_analytics",
        2023,
        {"actual_value": None, "obs_status": "O", "progress_status": "no_observation"},
    ),
    ("province", "tỉnh Cà Mau", "cable_duct_sharing", 2024, {"actual_value": None, "target_value": 1}),
    ("province", "tỉnh Cà Mau", "cable_duct_sharing", 2025, {"actual_value": None, "target_value": 2}),
    (
        "province",
        "tỉnh Quảng Trị",
        "adult_smartphone_share",
        2025,
        {
            "actual_value": None,
            "target_value": 85,
            "target_comparator": ">",
            "progress_status": "no_observation",
        },
    ),
    (
        "district",
        "huyện Thuận Châu",
        "households_smartphone_share",
        2023,
        {"actual_value": 80.36, "target_value": None, "progress_status": "no_target"},
    ),
    (
        "district",
        "huyện Thuận Châu",
        "smartphone_per_capita_share",
        2023,
        {"actual_value": 51.52, "progress_status": "no_target"},
    ),
    (
        "district",
        "huyện Thuận Châu",
        "bts_4g_count",
        2023,
        {"actual_value": 149, "progress_status": "no_target"},
    ),
]


@pytest.mark.parametrize(
    ("level", "unit", "indicator", "year", "expected"),
    CELLS,
    ids=[
        f"{unit.split()[-2]}-{unit.split()[-1]}-{indicator}-{year}" for _, unit, indicator, year, _ in CELLS
    ],
)
def test_figures_of_the_five_documents(
    night: Night, level: str, unit: str, indicator: str, year: int, expected: dict[str, Any]
) -> None:
    row = cell(night, level, unit, indicator, year)
    assert {name: row.get(name) for name in expected} == expected


def test_a_scan_is_read_with_its_page_and_never_wins_over_text(night: Night) -> None:
    with night.released() as connection:
        scanned = connection.execute(
            """
            select count(*), bool_and(obs_status = 'V'), bool_and(page = 1) from raw.facts
            inner join raw.documents using (document_id)
            where documents.path like '%ban-quet.pdf'
            """
        ).fetchone()
        winning = connection.execute(
            """
            select count(*) from marts.fct_observation
            inner join raw.documents using (document_id)
            where documents.path like '%ban-quet.pdf'
            """
        ).fetchone()
        rejects = connection.execute(
            """
            select rejects.reason_code, rejects.reason like '%tesseract-ocr-vie%' from raw.rejects
            inner join raw.documents using (document_id)
            where documents.path like '%ban-quet.pdf' and level = 'document'
            """
        ).fetchall()
    assert winning == (0,)
    if UNREAD:
        assert rejects == [("recognition_missing", True)]
    else:
        assert scanned == (8, True, True)
        assert rejects == []


def test_a_blank_cell_is_not_a_zero(night: Night) -> None:
    assert cell(night, "province", "tỉnh Cà Mau", "platform_data_analytics", 2023).get("actual_value") is None
    with night.released() as connection:
        observed = connection.execute(
            """
            select count(*) from marts.fct_observation
            where indicator_code = 'platform_data_analytics' and admin_unit_code = '96' and year = 2023
            """
        ).fetchone()
        blanks = connection.execute(
            """
            select count(*) from raw.rejects
            inner join raw.documents using (document_id)
            where documents.path = 'ca-mau/2023-ke-hoach-ha-tang-so.txt' and reason_code = 'blank_cell'
            """
        ).fetchone()
    assert observed == (0,)
    assert blanks is not None
    assert blanks[0] > 0


def test_every_statement_and_document_is_accounted_for(night: Night) -> None:
    assert statement_balance(night.settings).holds
    assert document_balance(night.settings).holds
    with night.released() as connection:
        counts = connection.execute(
            """
            select
                (select count(*) from raw.statements),
                (select count(*) from raw.facts)
                + (select coalesce(sum(statement_count), 0) from raw.unmatched)
                + (select count(*) from raw.rejects where level = 'statement')
            """
        ).fetchone()
    assert counts is not None
    assert counts[0] == counts[1]


@pytest.mark.parametrize("path", FIVE_DOCUMENTS)
def test_each_of_the_five_documents_was_read(night: Night, path: str) -> None:
    with night.released() as connection:
        row = connection.execute(
            "select status, admin_unit_code is not null, statement_count > 0 from raw.documents where path = ?",
            [path],
        ).fetchone()
    assert row == ("read", True, True)


def test_every_fact_leads_back_to_its_words(night: Night) -> None:
    """The words that a fact's span names are its quote; for a cell of a table, the quote's last part."""
    texts = dict(read_stage(night.settings, "texts").select("document_id", "text").iter_rows())
    with night.released() as connection:
        facts = connection.execute(
            "select document_id, char_start, char_end, quote, table_no from raw.facts"
        ).fetchall()
    assert facts
    wrong = []
    for document, start, end, quote, table_no in facts:
        words = " ".join(texts[document][start:end].split())
        shown = " ".join(quote.split())
        if words != (shown if table_no is None else shown.rsplit(" | ", 1)[-1]):
            wrong.append((quote, words))
    assert not wrong


def test_the_release_is_complete(night: Night) -> None:
    folder = night.settings.current_release
    manifest = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
    assert len(manifest["documents"]) == len(SAMPLE)
    page = (folder / "docs" / "index.html").read_text(encoding="utf-8")
    assert "fct_observation" in page
    assert str(night.settings.work_dir) not in page
    assert (folder / "report.md").read_text(encoding="utf-8").startswith(f"# Release {manifest['release']}")
    assert failures(folder, []) == ["The marts hold no table to release."]


def test_macros_answer_in_the_release(night: Night) -> None:
    with night.released() as connection:
        for macro in ("as_of", "as_published"):
            rows = connection.execute(f"select count(*) from marts.{macro}(date '2099-01-01')").fetchone()
            assert rows is not None
            assert rows[0] > 0


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(
            [
                *folder.glob("csv/*"),
                *folder.glob("parquet/*"),
                *folder.glob("sdmx/*"),
                folder / "hatangso.xlsx",
            ]
        )
    }


def test_a_second_night_changes_nothing(night: Night, tmp_path: Path) -> None:
    before = digests(night.settings.current_release)
    release = night.settings.current_release.readlink()
    second = night.again()
    assert second.returncode == 0, second.stderr
    assert "0 new, 0 rejected" in second.stdout
    assert "0 new, 0 gone" in second.stdout
    assert "the same content: no new release" in " ".join(second.stdout.split())
    assert night.settings.current_release.readlink() == release
    publish(
        night.settings.warehouse,
        tmp_path / "elsewhere",
        night.settings.seeds_dir,
        dbt_artifacts(night.settings),
        program_versions(night.settings),
        Retention(1),
    )
    assert digests(tmp_path / "elsewhere" / "current") == before


def kinds_of_nodes_run(settings: Settings) -> set[str]:
    results = json.loads((settings.dbt_target_dir / "run_results.json").read_text(encoding="utf-8"))[
        "results"
    ]
    return {result["unique_id"].split(".")[0] for result in results}


def test_unit_tests_of_dbt_are_run_again_only_for_another_project(night: Night, tmp_path: Path) -> None:
    assert {"model", "seed", "test", "unit_test"} <= kinds_of_nodes_run(night.settings)
    assert is_unit_tested(night.settings)
    shutil.copytree(night.settings.dbt_project_dir, tmp_path / "dbt_project")
    elsewhere = night.settings.model_copy(update={"home": tmp_path})
    assert is_unit_tested(elsewhere)
    with (tmp_path / "dbt_project" / "models" / "marts" / "fct_target.sql").open("a") as model:
        model.write("-- another one\n")
    assert not is_unit_tested(elsewhere)


def test_the_catalog_is_built_again_only_where_it_or_the_project_has_changed(
    night: Night, tmp_path: Path
) -> None:
    assert is_catalog_built(night.settings)
    shutil.copytree(night.settings.seeds_dir, tmp_path / "seeds")
    elsewhere = night.settings.model_copy(update={"seeds_dir": tmp_path / "seeds"})
    assert is_catalog_built(elsewhere)
    with (tmp_path / "seeds" / "indicator_aliases.csv").open("a", encoding="utf-8") as aliases:
        aliases.write("another wording,adult_smartphone_share,\n")
    assert not is_catalog_built(elsewhere)


def begin_elsewhere() -> subprocess.Popen[str]:
    """A night in a session of its own, by which its processes can be found."""
    return subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", "nightly"],
        cwd=find_home(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def left_over(session: int) -> list[str]:
    """The processes that still run in a session a few seconds after the one that began it has ended."""
    until = time.monotonic() + 5
    while processes_of(session) and time.monotonic() < until:
        time.sleep(0.1)
    return processes_of(session)


def processes_of(session: int) -> list[str]:
    """The processes that run in a session, by name."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name stands in brackets and may hold anything; state, parent, group and session come after it.
            name, _, rest = stat.read_text(encoding="utf-8", errors="replace").rpartition(") ")
            state, _, _, its_session = rest.split()[:4]
            if state != "Z" and int(its_session) == session:
                found.append(name)
    return found


def test_a_night_that_is_killed_and_one_that_is_asked_to_stop_leave_no_process_and_converge(
    night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("work", "published"):
        monkeypatch.setenv(f"HATANGSO_{name.upper()}_DIR", str(tmp_path / name))
    settings = get_settings()
    with begin_elsewhere() as killed:
        assert killed.stderr is not None
        for line in killed.stderr:
            if "loading the warehouse" in line:
                break
        time.sleep(4)
        killed.send_signal(signal.SIGKILL)
    assert not settings.current_release.exists()
    assert left_over(killed.pid) == []

    with begin_elsewhere() as stopped:
        site = settings.published_dir / BUILDING / SITE
        while not site.exists():
            time.sleep(0.1)
        stopped.send_signal(signal.SIGTERM)
        _, said = stopped.communicate(timeout=20)
    assert stopped.returncode == 1
    assert "The last night did not end by itself" in said
    assert said.splitlines()[-1] == STOPPED
    assert "Traceback" not in said
    assert left_over(stopped.pid) == []
    assert not settings.current_release.exists()

    done = run("nightly")
    assert done.returncode == 0, done.stderr
    assert "The last night did not end by itself" not in done.stderr
    # The killed night may not have come to them; the stopped one has built the catalog, which is as it was.
    assert is_unit_tested(settings)
    assert kinds_of_nodes_run(settings) == {"exposure", "model", "test"}
    assert digests(settings.current_release) == digests(night.settings.current_release)


@pytest.fixture
def cli(night: Night, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    for name, value in night.environment.items():
        monkeypatch.setenv(name, value)
    return CliRunner()


EXPLAIN = ["explain", "--indicator", "adult_smartphone_share", "--year", "2024", "--unit"]


@pytest.mark.parametrize("unit", ["huyện Vĩnh Lộc", "vinh loc", "Vĩnh Lộc"])
def test_explain_leads_from_a_cell_to_the_words(cli: CliRunner, unit: str) -> None:
    done = cli.invoke(app, [*EXPLAIN, unit])
    assert done.exit_code == 0, done.output
    for words in (
        "75 (estimate, status E)",
        "80 (province, end_of_plan",
        "vinh-loc/2024-bao-cao-ha-tang-so.txt",
        "75%",
    ):
        assert words in done.stdout


def test_explain_for_programs(cli: CliRunner) -> None:
    done = cli.invoke(app, [*EXPLAIN, "huyện Vĩnh Lộc", "--jsonl"])
    content = json.loads(done.stdout)
    assert content["cell"]["actual_value"] == 75
    assert content["vintages"][0]["is_winner"] is True
    assert any(row["is_used"] for row in content["targets"])


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (
            ["--unit", "Nơi Nào Đó", "--indicator", "adult_smartphone_share", "--year", "2024"],
            2,
            "No administrative unit",
        ),
        (
            ["--unit", "38", "--indicator", "adult_smartfone_share", "--year", "2024"],
            2,
            "perhaps adult_smartphone_share",
        ),
        (
            ["--unit", "huyện Vĩnh Lộc", "--indicator", "adult_smartphone_share", "--year", "1999"],
            1,
            "no such cell",
        ),
    ],
)
def test_explain_says_what_it_does_not_know(
    cli: CliRunner, arguments: list[str], code: int, words: str
) -> None:
    done = cli.invoke(app, ["explain", *arguments])
    assert done.exit_code == code
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


DESCRIBE = """
import json
from pipelines.definitions import defs
repository = defs().get_repository_def()
graph = repository.asset_graph
job = repository.get_job("nightly")
schedule = repository.get_schedule_def("nightly_at_half_past_one")
print(json.dumps({
    "executor": job.executor_def.name,
    "cron": [schedule.cron_schedule, schedule.execution_timezone],
    "assets": sorted(key.to_user_string() for key in graph.get_all_asset_keys()),
    "upstream_of_stg_facts": sorted(key.to_user_string() for key in graph.get(
        next(key for key in graph.get_all_asset_keys() if key.path[-1] == "stg_facts")).parent_keys),
    "blocking": sorted(key.name for key in graph.asset_check_keys if graph.get_check_spec(key).blocking),
    "undescribed": sorted(key.to_user_string() for key in graph.get_all_asset_keys() if not graph.get(key).description),
}))
"""


def test_what_dagster_shows(night: Night) -> None:
    done = python(DESCRIBE, environment=night.environment)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.strip().splitlines()[-1])
    assert found["executor"] == "in_process"
    assert found["cron"] == ["30 1 * * *", "Asia/Ho_Chi_Minh"]
    stages = {
        "catalog",
        "documents",
        "blocks",
        "statements",
        "facts",
        "unmatched",
        "rejects",
        "dbt_docs",
        "release",
    }
    assert stages <= set(found["assets"])
    assert {"raw/documents", "raw/facts", "raw/released_cells"} <= set(found["assets"])
    assert found["upstream_of_stg_facts"] == ["raw/facts"]
    contracts = [f"{name}_keep_their_contract" for name in NIGHT_TABLES]
    assert {*contracts, "no_statement_is_lost", "no_document_is_lost"} <= set(found["blocking"])
    assert found["undescribed"] == []
