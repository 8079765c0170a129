"""The published folder: which releases it holds, which one readers follow, and who decided so.

Building a release belongs to ``publish``. Decisions are kept in HISTORY.jsonl, one line each, beside the
releases, so that they outlive them.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from pipelines.release.errors import ReleaseError
from pipelines.release.manifest import damage, is_draft, read_manifest, save_manifest
from pipelines.release.naming import ReleaseName, existing_releases

CURRENT = "current"
DRAFT = "draft"
NEXT_LINK = ".current-next"
HISTORY = "HISTORY.jsonl"
LOCK = ".lock"
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
SECONDS_A_DAY = 86_400

PUBLISHED = "published"
DRAFTED = "drafted"
APPROVED = "approved"
ROLLED_BACK = "rolled_back"


@dataclass(frozen=True)
class Decision:
    """One line of the history. ``event``: published, drafted, approved or rolled_back.

    ``release`` is the one that was published, approved or, for rolled_back, taken back; ``now_current``
    the one that readers followed afterwards.
    """

    at: str
    event: str
    release: str
    content_id: str
    now_current: str | None
    by: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Retention:
    """How many releases are kept, the current one included, and for how many days (0: of any age)."""

    releases: int
    days: int = 0


@contextmanager
def only_one(published_dir: Path) -> Iterator[None]:
    """Hold the published folder against other nights and decisions; waits for them. Readers do not ask."""
    published_dir.mkdir(parents=True, exist_ok=True)
    with (published_dir / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def current_name(published_dir: Path) -> str | None:
    """The release that readers follow."""
    link = published_dir / CURRENT
    return link.readlink().name if link.is_symlink() else None


def current_release(published_dir: Path) -> dict[str, Any] | None:
    """The manifest of the release that readers follow; None where there is none that can be read."""
    return read_manifest(published_dir / CURRENT)


def pending_draft(published_dir: Path) -> dict[str, Any] | None:
    """The manifest of the newest draft that waits for approval; None where a later release was let through."""
    for name in reversed(existing_releases(published_dir)):
        manifest = read_manifest(published_dir / str(name))
        if manifest is None:
            continue
        if is_draft(manifest):
            return manifest
        if str(name) == current_name(published_dir):
            return None
    return None


def switch_current(published_dir: Path, release: str) -> None:
    """Point ``current`` at a release, in one step of the file system."""
    link = published_dir / CURRENT
    if link.exists() and not link.is_symlink():
        sentence = f"{link}: this must be a link to a release; move the folder away and run again."
        raise ReleaseError(sentence)
    following = published_dir / NEXT_LINK
    following.unlink(missing_ok=True)
    following.symlink_to(release, target_is_directory=True)
    following.replace(link)


# --- decisions ----------------------------------------------------------------------------


def approve(published_dir: Path, name: str, by: str, note: str) -> dict[str, Any]:
    """Let a draft through: record who and why in its manifest, and switch readers to it.

    A release that was rolled back can be approved too, which lets it return. Raises ``ReleaseError``
    where the release is neither, is damaged, or was compared with a release that is no longer current.
    """
    with only_one(published_dir):
        release = resolved(published_dir, name)
        manifest = _intact(published_dir, release)
        returning = manifest["content_id"] in taken_back(published_dir)
        if not is_draft(manifest) and not returning:
            sentence = f"{release} is no draft: there is nothing to approve."
            raise ReleaseError(sentence)
        current = current_name(published_dir)
        if not returning and manifest["compared_with"] != current:
            sentence = (
                f"{release} was compared with {manifest['compared_with'] or 'no release'}, but readers now follow"
                f" {current or 'none'}: run the nightly, which compares again."
            )
            raise ReleaseError(sentence)
        at = moment()
        manifest["approval"] = (manifest.get("approval") or {}) | {"by": by, "note": note, "at": at}
        save_manifest(published_dir / release, manifest)
        switch_current(published_dir, release)
        remember(published_dir, Decision(at, APPROVED, release, manifest["content_id"], release, by, note))
        return manifest


def rollback(published_dir: Path, name: str, by: str | None, note: str | None) -> dict[str, Any]:
    """Switch readers back to an earlier release; the content of the present one is not published again.

    Raises ``ReleaseError`` for a draft, a damaged release, or the one that is current already.
    """
    with only_one(published_dir):
        release = resolved(published_dir, name)
        current = current_release(published_dir)
        if current is not None and current["release"] == release:
            sentence = f"{release} is the current release already."
            raise ReleaseError(sentence)
        manifest = _intact(published_dir, release)
        if is_draft(manifest):
            sentence = f"{release} is a draft that nobody approved: approve it, or choose another."
            raise ReleaseError(sentence)
        switch_current(published_dir, release)
        if current is not None:
            left = Decision(
                moment(), ROLLED_BACK, current["release"], current["content_id"], release, by, note
            )
            remember(published_dir, left)
        return manifest


def _intact(published_dir: Path, release: str) -> dict[str, Any]:
    wrong = damage(published_dir / release)
    if wrong:
        more = f" ({len(wrong) - 1} more)" if len(wrong) > 1 else ""
        sentence = f"{wrong[0]}{more} Readers are not switched to it."
        raise ReleaseError(sentence)
    manifest = read_manifest(published_dir / release)
    assert manifest is not None  # noqa: S101 - damage() has read it
    return manifest


def resolved(published_dir: Path, text: str) -> str:
    """The release that a person means: its name, its number, ``current`` or ``draft``.

    Raises ``ReleaseError`` where nothing or more than one fits.
    """
    if text == CURRENT:
        found = [current_name(published_dir) or ""]
    elif text == DRAFT:
        found = [(pending_draft(published_dir) or {}).get("release", "")]
    else:
        found = [str(name) for name in existing_releases(published_dir) if _is_meant(name, text)]
    found = [name for name in found if name]
    if not found:
        sentence = f"There is no release {text!r}; `hatangso release list` shows them."
        raise ReleaseError(sentence)
    if len(found) > 1:
        sentence = f"{text!r} may be {', '.join(found)}; give the whole name."
        raise ReleaseError(sentence)
    return found[0]


def _is_meant(name: ReleaseName, text: str) -> bool:
    if text.isdigit() and len(text) <= len(str(name.number)) + 4:
        return int(text) == name.number
    return str(name) == text


# --- history ------------------------------------------------------------------------------


def remember(published_dir: Path, decision: Decision) -> None:
    """Add a line to the history."""
    with (published_dir / HISTORY).open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(asdict(decision), ensure_ascii=False) + "\n")


def history(published_dir: Path) -> list[Decision]:
    """All decisions, oldest first; a line that was not written whole is left out."""
    try:
        lines = (published_dir / HISTORY).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    decisions = []
    for line in lines:
        try:
            decisions.append(Decision(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return decisions


def taken_back(published_dir: Path) -> dict[str, Decision]:
    """The contents that somebody rolled back and nobody let through again, by content_id."""
    last = {decision.content_id: decision for decision in history(published_dir)}
    return {content: decision for content, decision in last.items() if decision.event == ROLLED_BACK}


def moment() -> str:
    """The present second in Vietnam, for the history."""
    return datetime.now(VIETNAM).isoformat(timespec="seconds")


def releases(published_dir: Path) -> list[dict[str, Any]]:
    """One row per release, newest first: name, status, rows, bytes, who approved it.

    ``status``: current, draft, rolled_back or kept.
    """
    back = taken_back(published_dir)
    current = current_name(published_dir)
    decided = {decision.release: decision for decision in history(published_dir)}
    rows = []
    for name in reversed(existing_releases(published_dir)):
        release = str(name)
        manifest = read_manifest(published_dir / release) or {}
        decision = decided.get(release)
        rows.append(
            {
                "release": release,
                "status": _status(release, manifest, current, back),
                "since": decision.at if decision else None,
                "documents": len(manifest.get("documents", [])),
                "rows": sum(table["rows"] for table in manifest.get("tables", [])),
                "bytes": sum(entry["bytes"] for entry in manifest.get("files", {}).values()),
                "by": decision.by if decision else None,
                "note": decision.note if decision else None,
            }
        )
    return rows


def _status(release: str, manifest: dict[str, Any], current: str | None, back: dict[str, Decision]) -> str:
    if release == current:
        return CURRENT
    if is_draft(manifest):
        return DRAFT
    return ROLLED_BACK if manifest.get("content_id") in back else "kept"


# --- retention ----------------------------------------------------------------------------


def prune(published_dir: Path, retention: Retention, now: float | None = None) -> list[str]:
    """Remove the oldest releases beyond the number to keep, and those older than the days; returns their names.

    Never the current one, nor the draft that waits for approval. The age of a release counts from when
    its manifest was written last: published, or approved.
    """
    draft = pending_draft(published_dir) or {}
    spared = {current_name(published_dir), draft.get("release")}
    names = [str(name) for name in existing_releases(published_dir)]
    beyond = [name for name in names if name not in spared]
    removed = beyond[: max(0, len(names) - retention.releases)]
    if retention.days:
        oldest = (time.time() if now is None else now) - retention.days * SECONDS_A_DAY
        removed += [
            name for name in beyond if name not in removed and _written_at(published_dir / name) < oldest
        ]
    for name in removed:
        remove_folder(published_dir / name)
    return removed


def _written_at(folder: Path) -> float:
    try:
        return (folder / "MANIFEST.json").stat().st_mtime
    except OSError:
        return 0.0


def remove_folder(folder: Path) -> None:
    """Remove a folder with all it holds; a link is left alone."""
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder)
