"""Drafts, approval, going back, retention and comparison: who decides what readers follow, and that it holds."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.night import is_released, publish_release
from pipelines.night.versions import released_from
from pipelines.release.compare import differences
from pipelines.release.errors import ReleaseError
from pipelines.release.manifest import read_manifest
from pipelines.release.naming import existing_releases
from pipelines.release.publish import Publication
from pipelines.release.published import (
    Retention,
    approve,
    current_name,
    history,
    prune,
    releases,
    resolved,
    rollback,
    switch_current,
)
from pipelines.settings import get_settings
from pipelines.warehouse.memory import RELEASED_FROM, set_marks
from tests.unit.releasing import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def cli(place: Place, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("HATANGSO_PUBLISHED_DIR", str(place.published))
    return CliRunner()


def statuses(place: Place) -> list[str]:
    return [row["status"] for row in releases(place.published)]


def test_where_approval_is_asked_for_a_night_ends_in_a_draft(place: Place) -> None:
    first = place.publish()
    draft = place.publish_value(9, require_approval=True)
    assert (draft.is_new, draft.is_draft) == (True, True)
    assert current_name(place.published) == first.release
    again = place.publish(require_approval=True)
    assert (again.is_new, again.is_draft, again.release) == (False, True, draft.release)
    assert statuses(place) == ["draft", "current"]


def test_approval_is_recorded_and_switches_readers(place: Place) -> None:
    place.publish()
    draft = place.publish_value(9, require_approval=True)
    before = place.files(draft.release)
    approve(place.published, "draft", "Nguyễn Văn A", "đã đối chiếu")
    assert current_name(place.published) == draft.release
    manifest = read_manifest(place.current)
    assert manifest is not None
    assert manifest["approval"]["required"] is True
    assert (manifest["approval"]["by"], manifest["approval"]["note"]) == ("Nguyễn Văn A", "đã đối chiếu")
    assert manifest["approval"]["at"]
    assert place.files() == before
    assert not place.publish(require_approval=True).is_new
    with pytest.raises(ReleaseError, match="no draft"):
        approve(place.published, draft.release, "B", "again")


def test_the_first_draft_can_be_approved_where_nothing_was_published(place: Place) -> None:
    draft = place.publish(require_approval=True)
    assert current_name(place.published) is None
    approve(place.published, draft.release, "A", "first")
    assert current_name(place.published) == draft.release


def test_a_draft_that_was_compared_with_another_release_is_not_approved(place: Place) -> None:
    place.publish()
    old = place.publish_value(8, require_approval=True)
    place.publish_value(9)
    with pytest.raises(ReleaseError, match="run the nightly, which compares again"):
        approve(place.published, old.release, "A", "late")


def test_a_damaged_draft_is_not_approved(place: Place) -> None:
    first = place.publish()
    draft = place.publish_value(9, require_approval=True)
    file = place.published / draft.release / "csv" / "fct_observation.csv"
    file.chmod(0o644)
    file.write_text("code,value\n")
    with pytest.raises(ReleaseError, match=r"csv/fct_observation\.csv was changed"):
        approve(place.published, draft.release, "A", "fine")
    assert current_name(place.published) == first.release


def test_what_was_rolled_back_is_not_published_again(place: Place) -> None:
    first = place.publish()
    wrong = place.publish_value(9)
    rollback(place.published, "1", "A", "9 is wrong")
    assert current_name(place.published) == first.release
    assert statuses(place) == ["rolled_back", "current"]
    for options in ({}, {"require_approval": True}):
        night = place.publish(**options)
        assert not night.is_new
        assert night.held_back is not None
        assert f"{wrong.release}, which was rolled back by A" in night.held_back
        assert current_name(place.published) == first.release
    mended = place.publish_value(3)
    assert mended.is_new
    assert mended.held_back is None
    assert current_name(place.published) == mended.release


def test_what_was_rolled_back_stays_so_when_its_files_are_gone(place: Place) -> None:
    place.publish()
    wrong = place.publish_value(9)
    rollback(place.published, "1", None, None)
    assert prune(place.published, Retention(1)) == [wrong.release]
    assert place.publish().held_back is not None


def test_approval_brings_back_what_was_rolled_back(place: Place) -> None:
    place.publish()
    release = place.publish_value(9).release
    rollback(place.published, "1", "A", "doubtful")
    approve(place.published, release, "B", "was right after all")
    assert current_name(place.published) == release
    assert place.publish().held_back is None
    assert [decision.event for decision in history(place.published)] == [
        "published",
        "published",
        "rolled_back",
        "approved",
    ]


def test_a_night_that_changes_nothing_knows_what_became_of_its_content(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that marts and release are not built again only to find a draft, or what was rolled back."""
    monkeypatch.setenv("HATANGSO_WORK_DIR", str(place.warehouse.parent))
    monkeypatch.setenv("HATANGSO_PUBLISHED_DIR", str(place.published))
    settings = get_settings()

    def made(publication: Publication) -> None:
        mark = f"{publication.content_id} from {released_from(settings)}"
        set_marks(settings.warehouse, {RELEASED_FROM: mark})

    assert not is_released(settings)
    made(place.publish())
    assert publish_release(settings).headline == "The same content: no new release."
    draft = place.publish_value(9, require_approval=True)
    made(draft)
    assert publish_release(settings).is_draft
    approve(place.published, "draft", "A", "fine")
    assert not publish_release(settings).is_draft
    rollback(place.published, "1", "A", "not fine")
    assert publish_release(settings).held_back is not None
    set_marks(settings.warehouse, {RELEASED_FROM: f"{draft.content_id} from something else"})
    assert not is_released(settings)


def test_a_line_of_the_history_that_was_not_written_whole_is_left_out(place: Place) -> None:
    place.publish()
    with (place.published / "HISTORY.jsonl").open("a") as stream:
        stream.write('{"at": "2026-')
    assert len(history(place.published)) == 1


def test_going_back_to_a_draft_or_to_the_current_release_is_refused(place: Place) -> None:
    first = place.publish()
    place.publish_value(9, require_approval=True)
    with pytest.raises(ReleaseError, match="is a draft"):
        rollback(place.published, "draft", None, None)
    with pytest.raises(ReleaseError, match="is the current release already"):
        rollback(place.published, first.release, None, None)


def test_old_releases_go_by_age_but_not_the_current_one_or_the_draft(place: Place) -> None:
    names = [place.publish_value(value).release for value in (10, 11, 12)]
    draft = place.publish_value(13, require_approval=True).release
    switch_current(place.published, names[0])
    now = time.time()
    for name in (*names, draft):
        os.utime(place.published / name / "MANIFEST.json", (now - 40 * 86_400,) * 2)
    os.utime(place.published / names[2] / "MANIFEST.json", (now - 5 * 86_400,) * 2)
    assert prune(place.published, Retention(10, days=30), now) == [names[1]]
    assert [str(name) for name in existing_releases(place.published)] == [names[0], names[2], draft]
    assert prune(place.published, Retention(1), now) == [names[2]]
    assert [str(name) for name in existing_releases(place.published)] == [names[0], draft]


def test_a_release_is_meant_by_name_number_or_part(place: Place) -> None:
    names = [place.publish_value(value).release for value in (10, 11)]
    assert resolved(place.published, "current") == names[1]
    assert resolved(place.published, "1") == resolved(place.published, "0001") == names[0]
    assert resolved(place.published, names[0]) == names[0]
    for unknown in ("draft", "7", "2026", "../elsewhere"):
        with pytest.raises(ReleaseError, match="hatangso release list"):
            resolved(place.published, unknown)


def test_every_differing_cell_is_found(place: Place) -> None:
    old = place.publish()
    place.change(
        """
        update marts.fct_observation set value = 9 where code = 'a';
        update marts.fct_observation set value = 5 where code = 'c';
        delete from marts.fct_observation where code = 'b';
        insert into marts.fct_observation values ('d', 4);
        insert into marts.fct_target values ('x', 1), ('x', 1), (null, null);
        alter table marts.dim_indicator add column extra varchar;
        create table marts.mart_new (code varchar)
        """
    )
    place.describe()
    new = place.publish()
    found = {
        (d.table, d.change, d.row, d.column, d.before, d.after)
        for d in differences(place.published / old.release, place.published / new.release)
    }
    assert found == {
        ("fct_observation", "changed", "code=a", "value", "1.0", "9.0"),
        ("fct_observation", "changed", "code=c", "value", None, "5.0"),
        ("fct_observation", "removed", "code=b", None, None, None),
        ("fct_observation", "added", "code=d", None, None, None),
        ("fct_target", "added", "code=x, value=1.0", None, None, None),
        ("fct_target", "added", "", None, None, None),
        ("dim_indicator", "added", "the whole column", "extra", None, None),
        ("mart_new", "added", "the whole table", None, None, None),
    }


def test_the_commands_show_compare_approve_and_go_back(place: Place, cli: CliRunner) -> None:
    assert "no release yet" in cli.invoke(app, ["release", "list"]).stderr
    first = place.publish().release
    draft = place.publish_value(9, require_approval=True).release
    listed = [
        json.loads(line) for line in cli.invoke(app, ["release", "list", "--jsonl"]).stdout.splitlines()
    ]
    assert [(row["release"], row["status"]) for row in listed] == [(draft, "draft"), (first, "current")]
    shown = cli.invoke(app, ["release", "diff"])
    assert shown.exit_code == 0, shown.output
    assert "fct_observation changed: code=a: value 1.0 -> 9.0" in shown.stdout
    rows = cli.invoke(app, ["release", "diff", "1", "2", "--csv"]).stdout.splitlines()
    assert rows == ["table,change,row,column,before,after", "fct_observation,changed,code=a,value,1.0,9.0"]
    assert "say the same" in cli.invoke(app, ["release", "diff", "1", "current"]).stdout
    assert cli.invoke(app, ["release", "approve", "draft", "--by", "A"]).exit_code == 2
    done = cli.invoke(app, ["release", "approve", "draft", "--by", "A", "--note", "compared"])
    assert f"Readers now follow {draft}" in done.stdout
    assert cli.invoke(app, ["release", "rollback", "1"]).exit_code == 0
    assert current_name(place.published) == first
    wrong = cli.invoke(app, ["release", "rollback", "7"])
    assert wrong.exit_code == 1
    assert wrong.stderr.strip() == "There is no release '7'; `hatangso release list` shows them."
