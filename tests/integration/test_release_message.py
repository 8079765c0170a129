"""The message of a night run by the command itself, where no sensor runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.running import run
from tests.mailbox import SECRET, Mailbox, open_mailbox


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as box:
        yield box


def test_a_night_that_cannot_begin_is_told_at_once(tmp_path: Path, mailbox: Mailbox) -> None:
    done = run(
        "nightly",
        environment={
            "HATANGSO_RAW_DIR": str(tmp_path / "nowhere"),
            "HATANGSO_WORK_DIR": str(tmp_path / "work"),
            "HATANGSO_PUBLISHED_DIR": str(tmp_path / "published"),
            "HATANGSO_MESSAGE_URLS": mailbox.address,
        },
    )
    assert done.returncode == 1
    (sent,) = mailbox.received
    assert sent["title"] == "hatangso: the night failed"
    assert done.stderr.splitlines()[0] in sent["message"]
    assert "There is no release yet." in sent["message"]
    written = "".join(path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file())
    assert SECRET not in done.stdout + done.stderr + written
