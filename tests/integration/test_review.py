"""The review loop: the list, decisions as lines of the catalog, and the next night that applies them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipelines import night
from pipelines.cli import app
from pipelines.matching.catalog import load_catalog
from pipelines.matching.teaching import general_wording
from pipelines.night import reading as night_reading
from pipelines.settings import Settings, get_settings
from pipelines.warehouse.connection import connect

REPORT = """ỦY BAN NHÂN DÂN TỈNH THANH HÓA
Thanh Hóa, ngày 15 tháng 11 năm 2023
BÁO CÁO
Kết quả phát triển hạ tầng số tỉnh Thanh Hóa năm 2023
- Tỷ lệ người trưởng thành dùng điện thoại thông minh đạt 75%.
- Tỷ lệ nhà dân lên mạng bằng sợi quang đạt 61%.
- Tỷ lệ con cá biết bay đạt 12%.
- Tỷ lệ con cá biết bay đạt 14%.
"""
LABEL = "Tỷ lệ nhà dân lên mạng bằng sợi quang đạt"
CODE = "households_fiber_share"


def folders(folder: Path, patch: pytest.MonkeyPatch) -> Settings:
    """Settings whose folders all lie in this one."""
    for name in ("raw", "work", "published", "seeds"):
        patch.setenv(f"HATANGSO_{name.upper()}_DIR", str(folder / name))
    patch.setenv("HATANGSO_READING_PROCESSES", "1")
    return get_settings()


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A raw folder with one report, a copy of the catalog, and one night behind it."""
    folder = tmp_path_factory.mktemp("review")
    with pytest.MonkeyPatch.context() as patch:
        settings = folders(folder, patch)
        shutil.copytree(Path(__file__).parents[2] / "data" / "seeds", settings.seeds_dir)
        settings.raw_dir.mkdir()
        (settings.raw_dir / "bao-cao.txt").write_text(REPORT, encoding="utf-8")
        stages(settings)
    return folder


@pytest.fixture
def settings(first_night: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy of that night's folders for one test."""
    shutil.copytree(first_night, tmp_path, dirs_exist_ok=True)
    return folders(tmp_path, monkeypatch)


def stages(settings: Settings) -> night.Loaded:
    night.check_catalog(settings)
    night.take_documents(settings)
    night.read_blocks(settings)
    night.extract_statements(settings)
    night.match_facts(settings)
    assert night.statement_balance(settings).holds
    return night.load_warehouse(settings)


def review(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["review", *arguments])
    assert "Traceback" not in done.stderr
    return done.exit_code, done.stdout, done.stderr


def labels() -> list[dict[str, Any]]:
    return [json.loads(line) for line in review("--jsonl")[1].splitlines()]


def facts(settings: Settings) -> list[tuple[str, float]]:
    with connect(settings.warehouse, read_only=True) as connection:
        return connection.execute("select indicator_code, value from raw.facts order by block_no").fetchall()


def last_line(settings: Settings, name: str) -> str:
    return (settings.seeds_dir / name).read_text(encoding="utf-8").splitlines()[-1]


def test_labels_are_listed_most_frequent_first_with_what_comes_near(settings: Settings) -> None:
    first, second = labels()

    assert (first["label_key"], first["statement_count"], first["document_count"]) == (
        "tỷ lệ con cá biết bay đạt",
        2,
        1,
    )
    assert second["label"] == LABEL
    assert second["units"] == "percent"
    assert "61%" in second["sample_quote"]
    assert second["sample_path"] == "bao-cao.txt"
    codes = load_catalog(settings.seeds_dir).indicators
    for number in (1, 2, 3):
        assert second[f"nearest_indicator_{number}"] in codes
        assert 0 <= second[f"nearest_score_{number}"] <= 1


def test_the_list_for_people_and_as_csv(settings: Settings) -> None:
    code, out, err = review("--limit", "1")
    assert (code, err) == (0, "")
    assert "2 labels with 3 figures wait; 1 are shown." in out
    rows = list(csv.DictReader(io.StringIO(review("--csv")[1])))
    assert [row["statement_count"] for row in rows] == ["2", "1"]


def test_an_accepted_label_is_a_fact_the_next_night_and_no_document_is_read_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert facts(settings) == [("adult_smartphone_share", 75)]
    code, out, err = review("--accept", f"{LABEL}={CODE}")
    assert (code, err) == (0, "")
    assert "without reading a document again" in out
    assert "Stored figures that it names: 1." in out
    assert [row["label_key"] for row in labels()] == ["tỷ lệ con cá biết bay đạt"]

    read_batch = night_reading.read_batch
    read: list[str] = []

    def counted(place: Any, batch: Any) -> Any:
        read.extend(batch["documents"]["path"].to_list())
        return read_batch(place, batch)

    monkeypatch.setattr(night_reading, "read_batch", counted)
    loaded = stages(settings)

    assert read == []
    assert (loaded.new_facts, loaded.gone_facts) == (1, 0)
    assert facts(settings) == [("adult_smartphone_share", 75), (CODE, 61)]


def test_an_ignored_label_is_a_reject_the_next_night(settings: Settings) -> None:
    code, out, _ = review("--ignore", "Tỷ lệ con cá biết bay đạt", "--reason", "cá không bay")
    assert code == 0
    assert "ignored_labels.csv" in out
    assert last_line(settings, "ignored_labels.csv") == "Tỷ lệ con cá biết bay đạt,cá không bay"
    stages(settings)
    with connect(settings.warehouse, read_only=True) as connection:
        rejected = connection.execute(
            "select count(*) from raw.rejects where reason_code = 'ignored_label'"
        ).fetchone()
    assert rejected == (2,)


def test_a_line_is_appended_and_nothing_else_of_the_file_changes(settings: Settings) -> None:
    path = settings.seeds_dir / "indicator_aliases.csv"
    before = path.read_bytes()
    review("--accept", f"{LABEL}={CODE}")
    after = path.read_bytes()
    assert after.startswith(before)
    assert after[len(before) :].count(b"\n") == 1

    code, out, err = review("--accept", f"{LABEL}={CODE}")
    assert (code, err) == (0, "")
    assert "already" in out
    assert path.read_bytes() == after


def test_an_ignored_label_is_written_once(settings: Settings) -> None:
    for label in ("Con cá biết bay", "con cá  biết bay:"):
        assert review("--ignore", label)[0] == 0
    assert (settings.seeds_dir / "ignored_labels.csv").read_text(encoding="utf-8").count("bay") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--accept", "trạm lạ=bts_9g_count"), "no indicator 'bts_9g_count'"),
        (("--accept", "=bts_4g_count"), "label is empty"),
        (("--accept", " …=bts_4g_count"), "label is empty"),
        (("--accept", "trạm lạ"), "LABEL=CODE"),
        (("--accept", "Trạm BTS 4G=bts_5g_count"), "a wording of bts_4g_count"),
        (("--accept", f"{LABEL}=bts_4g_count"), "printed in percent"),
        (("--ignore", " "), "label is empty"),
        (("--ignore", "Trạm BTS 4G"), "alias of bts_4g_count"),
        (("--reason", "vì sao"), "--ignore"),
        (("--aliases", "--accept", "a=b"), "leave the other options out"),
    ],
)
def test_a_decision_that_cannot_be_right_is_refused_in_one_sentence(
    settings: Settings, arguments: tuple[str, ...], words: str
) -> None:
    before = {path.name: path.read_bytes() for path in settings.seeds_dir.iterdir()}
    code, out, err = review(*arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert len(err.splitlines()) == 1
    assert {path.name: path.read_bytes() for path in settings.seeds_dir.iterdir()} == before


def test_the_good_decisions_are_written_where_another_is_refused(settings: Settings) -> None:
    code, out, err = review("--accept", "x=y", "--accept", f"{LABEL}={CODE}")
    assert code == 2
    assert "'y'" in err
    assert CODE in out
    assert CODE in last_line(settings, "indicator_aliases.csv")


def test_words_that_the_catalog_does_not_know_fit_only_themselves(settings: Settings) -> None:
    _, out, _ = review("--accept", "tỷ lệ con cá biết bay đạt=adult_smartphone_share")
    assert last_line(settings, "indicator_aliases.csv") == "=tỷ lệ con cá biết bay,adult_smartphone_share,"
    assert "'cá'" in out
    stages(settings)
    assert [value for _, value in facts(settings)] == [75, 12, 14]


def test_known_words_make_a_general_alias_without_place_year_and_verb(settings: Settings) -> None:
    _, out, _ = review("--accept", "số trạm 3G trên địa bàn tỉnh Cà Mau năm 2024 đạt=bts_3g_count")
    assert last_line(settings, "indicator_aliases.csv") == "số trạm 3g,bts_3g_count,"
    assert "Stored figures that it names: 0." in out


@pytest.mark.parametrize(
    ("label", "wording"),
    [
        ("Tổng số trạm BTS 5G trên địa bàn TP.HCM là", "tổng số trạm bts 5g"),
        ("Số xã của huyện Vĩnh Lộc có cáp quang đạt", "số xã có cáp quang"),
        ("tỷ lệ hộ gia đình có Internet toàn tỉnh ước đạt", "tỷ lệ hộ gia đình có internet"),
        ("Đến năm 2025, tỷ lệ thôn có cáp quang đạt trên", "tỷ lệ thôn có cáp quang"),
        ("dịch vụ công mức độ 4", "dịch vụ công mức độ 4"),
        ("đạt", ""),
    ],
)
def test_general_wording(label: str, wording: str) -> None:
    assert general_wording(label, CATALOG) == wording


CATALOG = load_catalog(Path(__file__).parents[2] / "data" / "seeds")


def test_aliases_and_synonyms_of_no_use_are_named(settings: Settings) -> None:
    rows = [json.loads(line) for line in review("--aliases", "--jsonl")[1].splitlines()]
    unused = {(row["file"], row["wording"]) for row in rows if row["problem"] == "unused"}
    assert ("indicator_aliases.csv", "người trưởng thành điện thoại thông minh") not in unused
    assert ("indicator_aliases.csv", "trạm bts 2g") in unused
    assert ("synonyms.csv", "điện thoại thông minh") not in unused
    assert ("synonyms.csv", "ấp") in unused
    assert "unused" in review("--aliases", "--limit", "3")[1]


def test_aliases_that_say_the_same_of_two_indicators_are_named(settings: Settings) -> None:
    with (settings.seeds_dir / "indicator_aliases.csv").open("a", encoding="utf-8") as file:
        file.write("3g trạm,bts_2g_count,\n")
    rows = [json.loads(line) for line in review("--aliases", "--jsonl")[1].splitlines()]
    pairs = {(row["wording"], row["points_to"]) for row in rows if row["problem"] == "conflict"}
    assert ("trạm bts 3g", "bts_3g_count") in pairs


def test_a_catalog_with_a_conflict_of_the_same_words_is_named_with_file_and_line(settings: Settings) -> None:
    with (settings.seeds_dir / "indicator_aliases.csv").open("a", encoding="utf-8") as file:
        file.write("trạm bts 3g,bts_2g_count,\n")
    code, out, err = review("--aliases")
    assert (code, out) == (1, "")
    assert "data/seeds/indicator_aliases.csv, line" in err


def test_before_the_first_night_there_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("work", "published"):
        monkeypatch.setenv(f"HATANGSO_{name.upper()}_DIR", str(tmp_path / name))
    for arguments in ((), ("--aliases",)):
        code, out, err = review(*arguments)
        assert (code, out) == (1, "")
        assert "run the nightly first" in err


def test_a_decision_needs_no_night(tmp_path: Path, settings: Settings) -> None:
    settings.warehouse.unlink()
    code, out, _ = review("--accept", f"{LABEL}={CODE}")
    assert code == 0
    assert "Stored figures" not in out
