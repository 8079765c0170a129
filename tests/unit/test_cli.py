"""The command line: formats, exit codes, sentences, and how little `extract` loads."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import pipelines.commands.doctor
from pipelines.cli import app
from pipelines.commands.extract import COLUMNS
from pipelines.settings import get_settings

TEXT = """ỦY BAN NHÂN DÂN TỈNH THANH HÓA
Thanh Hóa, ngày 15 tháng 11 năm 2023
BÁO CÁO
Kết quả phát triển hạ tầng số tỉnh Thanh Hóa năm 2023
- Tỷ lệ dân số trưởng thành có điện thoại thông minh đạt 75%.
- Tỷ lệ con cá biết bay đạt 12%.
"""
HEAVY = ("dagster", "dagster_dbt", "dbt", "duckdb", "pandera", "polars", "rich")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "bao-cao.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def invoke(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, list(arguments))
    return done.exit_code, done.stdout, done.stderr


def test_help_lists_the_commands() -> None:
    code, out, _ = invoke("--help")
    assert code == 0
    for command in ("nightly", "extract", "explain", "review", "doctor"):
        assert command in out


@pytest.mark.parametrize("command", ["nightly", "extract", "explain", "review", "doctor"])
def test_every_command_has_help(command: str) -> None:
    assert invoke(command, "--help")[0] == 0


def test_extract_gives_one_object_per_figure(report: Path) -> None:
    code, out, err = invoke("extract", str(report), "--jsonl")
    assert (code, err) == (0, "")
    objects = [json.loads(line) for line in out.splitlines()]
    assert all(tuple(found) == COLUMNS for found in objects)
    by_code = {found["indicator_code"]: found for found in objects}
    fact = by_code["adult_smartphone_share"]
    assert (fact["value"], fact["unit"], fact["year"], fact["kind"]) == (75, "percent", 2023, "actual")
    assert (fact["admin_unit_code"], fact["admin_unit_name"]) == ("38", "tỉnh Thanh Hóa")
    assert fact["document"] == str(report)
    unmatched = by_code[None]
    assert (unmatched["value"], unmatched["matched_by"]) == (12, None)


def test_the_quote_stands_where_the_offsets_say(report: Path) -> None:
    for line in invoke("extract", str(report), "--jsonl")[1].splitlines():
        found = json.loads(line)
        assert TEXT[found["char_start"] : found["char_end"]] == found["quote"]


def test_extract_uses_the_sidecar_beside_the_file(report: Path) -> None:
    report.with_name("bao-cao.txt.yml").write_text("admin_unit: tỉnh Cà Mau\n", encoding="utf-8")
    (found, *_) = (json.loads(line) for line in invoke("extract", str(report), "--jsonl")[1].splitlines())
    assert found["admin_unit_code"] == "96"


def test_extract_as_csv(report: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(invoke("extract", str(report), "--csv")[1])))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["approximate"] == "false"


def test_extract_for_people(report: Path) -> None:
    code, out, _ = invoke("extract", str(report))
    assert code == 0
    assert "1 facts, 1 figures with labels not recognised" in " ".join(out.split())


def test_yes_no_values_are_booleans(tmp_path: Path) -> None:
    from pipelines.commands.extract import json_value

    assert json_value(1.0, "boolean") is True
    assert json_value(0.0, "boolean") is False
    assert json_value(1.0, "count") == 1.0
    assert json_value(None, "boolean") is None


def test_a_file_that_cannot_be_read_does_not_stop_the_others(report: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    code, out, err = invoke("extract", str(tmp_path / "nowhere.txt"), str(empty), str(report), "--jsonl")
    assert code == 1
    assert len(out.splitlines()) == 2
    assert len(err.splitlines()) == 2
    assert "nowhere.txt" in err
    assert "empty.txt" in err


def test_a_wrong_sidecar_is_one_sentence(report: Path) -> None:
    report.with_name("bao-cao.txt.yml").write_text("colour: red\n", encoding="utf-8")
    code, out, err = invoke("extract", str(report), "--jsonl")
    assert (code, out) == (1, "")
    assert "bao-cao.txt.yml, line 1" in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["extract"],
        ["extract", "a.txt", "--jsonl", "--csv"],
        ["explain"],
        ["nonsense"],
        ["doctor", "--colour"],
    ],
)
def test_bad_usage_exits_2(arguments: list[str]) -> None:
    code, out, err = invoke(*arguments)
    assert (code, out) == (2, "")
    assert err
    assert "Traceback" not in err


def test_extract_loads_nothing_heavy(report: Path) -> None:
    program = (
        "import sys\n"
        "from pipelines.cli import app\n"
        f"sys.argv = ['hatangso', 'extract', '--jsonl', {str(report)!r}]\n"
        "try:\n    app()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=get_settings().home, capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"


def test_explain_before_the_first_night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HATANGSO_WORK_DIR", str(tmp_path))
    monkeypatch.setenv("HATANGSO_PUBLISHED_DIR", str(tmp_path))
    code, out, err = invoke("explain", "--unit", "38", "--indicator", "bts_4g_count", "--year", "2023")
    assert (code, out) == (1, "")
    assert "run the nightly first" in err


def test_doctor_for_programs() -> None:
    code, out, _ = invoke("doctor", "--jsonl")
    findings = {found["part"]: found for found in map(json.loads, out.splitlines())}
    assert code == 0
    assert findings["dagster"]["status"] == "ok"
    assert findings["catalog"]["status"] == "ok"
    assert {"chromium", "tesseract", "work folder"} <= set(findings)


def test_doctor_names_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HATANGSO_RAW_DIR", str(tmp_path / "nowhere"))
    code, out, err = invoke("doctor")
    assert code == 1
    assert "documents" in out
    assert err.strip() == "The nightly cannot run: documents."


def test_an_unknown_error_is_one_sentence_with_the_traceback_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        message = "the moon is in the way"
        raise RuntimeError(message)

    monkeypatch.setattr(pipelines.commands.doctor, "run_doctor", broken)
    monkeypatch.setenv("HATANGSO_WORK_DIR", str(tmp_path))
    code, _, err = invoke("doctor")
    assert code == 1
    assert "the moon is in the way" in err
    assert len(err.splitlines()) == 1
    assert "Traceback" in (tmp_path / "logs" / "error.log").read_text(encoding="utf-8")
