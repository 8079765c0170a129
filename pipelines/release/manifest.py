"""MANIFEST.json: what a release holds, what it was made from, and by what; and whether its files still agree."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipelines.release.database import DATABASE, facts_in
from pipelines.release.flat_files import Export
from pipelines.release.naming import combined_hash, file_hash
from pipelines.warehouse.connection import connect, fetch_frame

MANIFEST = "MANIFEST.json"
NEXT_MANIFEST = ".MANIFEST-next.json"


def write_manifest(
    folder: Path,
    *,
    release: str,
    content_id: str,
    exports: Sequence[Export],
    catalog: Mapping[str, str],
    versions: Mapping[str, str],
    compared_with: str | None,
    needs_approval: bool,
) -> None:
    """Describe the release in a folder: every file with its SHA-256 and size, every document, catalog and code."""
    with connect(folder / DATABASE, read_only=True) as connection:
        documents = fetch_frame(
            connection,
            "select document_id, path, sidecar_id, status, reader_version, extractor_version"
            " from raw.documents order by path, document_id",
        )
    facts = facts_in(folder / DATABASE)
    manifest: dict[str, Any] = {
        "release": release,
        "content_id": content_id,
        "catalog_id": combined_hash(catalog),
        "compared_with": compared_with,
        "approval": {"required": needs_approval, "by": None, "note": None, "at": None},
        "versions": dict(sorted(versions.items())),
        "facts": facts,
        # How small the database is for what it holds; most of a small one is the catalog.
        "database_bytes_per_fact": round((folder / DATABASE).stat().st_size / facts) if facts else None,
        "tables": [asdict(export) for export in exports],
        "files": {
            path: {"sha256": file_hash(folder / path), "bytes": (folder / path).stat().st_size}
            for path in released_files(folder)
        },
        "catalog": dict(sorted(catalog.items())),
        "documents": documents.to_dicts(),
    }
    save_manifest(folder, manifest)


def save_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest in one step of the file system, so that no reader sees half of it."""
    following = folder / NEXT_MANIFEST
    following.write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    following.chmod(0o444)
    following.replace(folder / MANIFEST)


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a release; None where there is none that can be read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) and "release" in manifest else None


def is_draft(manifest: Mapping[str, Any]) -> bool:
    """Whether a release still waits for somebody to approve it."""
    approval = manifest.get("approval") or {}
    return bool(approval.get("required")) and not approval.get("by")


def released_files(folder: Path) -> list[str]:
    """The files of a release but its manifest, as paths below its folder, sorted."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in {MANIFEST, NEXT_MANIFEST}
    )


def damage(folder: Path) -> list[str]:
    """How the files of a release differ from its manifest, one sentence each; empty where they agree."""
    manifest = read_manifest(folder)
    if manifest is None:
        return [f"{folder.name}: MANIFEST.json is missing or cannot be read."]
    promised: Mapping[str, Mapping[str, Any]] = manifest["files"]
    found = set(released_files(folder))
    wrong = [f"{folder.name}: the file {path} is missing." for path in sorted(set(promised) - found)]
    wrong += [
        f"{folder.name}: the file {path} does not belong to it." for path in sorted(found - set(promised))
    ]
    wrong += [
        f"{folder.name}: the file {path} was changed after it was published."
        for path in sorted(found & set(promised))
        if file_hash(folder / path) != promised[path]["sha256"]
    ]
    return wrong
