"""The morning message: what it says, that it arrives, and that no address is told to anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from pipelines.night import tell_failure, tell_success
from pipelines.release.message import Message, failure, send
from pipelines.settings import Settings, get_settings
from tests.mailbox import SECRET, Mailbox, open_mailbox
from tests.unit.releasing import Place


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as box:
        yield box


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.change(
        """
        create table raw.unmatched as select '<b>nhãn</b> lạ' as label, 'nhan la' as label_key, 2 as statement_count,
            1 as document_count, 'x' as nearest_indicator_1;
        create table raw.rejects as select 'r1' as reject_id, 'document' as level, 'empty' as reason_code, 'b.txt' as path,
            E'Nothing\nin it' as reason;
        create table marts.mart_reporting_compliance as select '38' as admin_unit_code, 'yearly' as obligation_code,
            date '2026-01-15' as due_on, 'late' as status, 3 as days_late;
        """
    )
    place.describe()
    return place


def settings(place: Place, monkeypatch: pytest.MonkeyPatch, urls: str) -> Settings:
    monkeypatch.setenv("HATANGSO_PUBLISHED_DIR", str(place.published))
    monkeypatch.setenv("HATANGSO_MESSAGE_URLS", urls)
    return get_settings()


def test_a_good_night_is_told_in_numbers_and_names(
    place: Place, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = place.publish()
    used = settings(place, monkeypatch, mailbox.address)
    assert tell_success(used, done.release, done.headline, is_new=True, warnings=["Unit slip."]) == []
    (sent,) = mailbox.received
    assert sent["title"] == f"hatangso {done.release}: A new release."
    for words in (
        "! Unit slip.",
        "Văn bản mới / New documents: 1\n  - a.txt, plan, read",
        "Rejected, by reason: 1",
        "Rejected documents: 1\n  - b.txt, Nothing in it",
        "Labels not recognised: 1",
        "Late or missing reports: 1\n  - 38, yearly, 2026-01-15, late, 3",
    ):
        assert words in sent["message"]


def test_of_an_unchanged_release_nothing_is_new(
    place: Place, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = place.publish()
    used = settings(place, monkeypatch, mailbox.address)
    again = place.publish()
    assert tell_success(used, done.release, again.headline, is_new=False) == []
    assert "New documents: 0" in mailbox.received[0]["message"]


def test_a_failed_night_is_told_with_what_stays(
    place: Place, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = place.publish()
    used = settings(place, monkeypatch, mailbox.address)
    assert tell_failure(used, ["units.csv, line 3: no such unit."]) == []
    assert mailbox.received[0]["title"] == "hatangso: the night failed"
    assert (
        mailbox.received[0]["message"].strip()
        == f"units.csv, line 3: no such unit.\nReaders still follow {done.release}."
    )


def test_without_an_address_nothing_is_sent(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    used = settings(place, monkeypatch, "")
    assert tell_failure(used, ["x"]) == []
    assert tell_success(used, "none", "x", is_new=True) == []


def test_no_address_is_told_to_anybody(
    place: Place,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Where sending fails, the place and the kind of the address are named, never the address."""
    caplog.set_level(0)
    mailbox.status = 500
    used = settings(place, monkeypatch, f"{mailbox.address} nonsense://{SECRET} {SECRET}")
    place.publish()
    told = tell_failure(used, ["x"])
    assert told == [
        "The message could not be sent to address 1 (json).",
        "Address 2 in HATANGSO_MESSAGE_URLS (nonsense) is none that apprise understands.",
        "Address 3 in HATANGSO_MESSAGE_URLS (unknown kind) is none that apprise understands.",
    ]
    written = [
        *told,
        repr(used),
        str(used.model_dump()),
        used.model_dump_json(),
        caplog.text,
        *capfd.readouterr(),
        *(path.read_text(errors="replace") for path in place.published.rglob("*") if path.is_file()),
    ]
    assert not [text for text in written if SECRET in text]


def test_one_address_that_fails_does_not_keep_the_others_from_getting_it(mailbox: Mailbox) -> None:
    urls = SecretStr(f"nonsense://x\n{mailbox.address}")
    assert len(send(Message("subject", "text"), urls)) == 1
    assert len(mailbox.received) == 1


def test_a_failure_without_a_release_says_so() -> None:
    assert failure([], None).text == "The night failed; see its log.\nThere is no release yet.\n"
