"""After the night: the morning message to the addresses in the settings, whoever ran it.

What a message says is the business of ``pipelines.release.message``; whether to send one is decided here.
A message that cannot be sent never makes a good night a bad one.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.release.database import DATABASE
from pipelines.release.manifest import read_manifest
from pipelines.release.message import addresses, digest, failure, send
from pipelines.release.published import current_name
from pipelines.settings import Settings
from pipelines.warehouse.connection import WarehouseError


def tell_success(
    settings: Settings, release: str, headline: str, *, is_new: bool, warnings: Sequence[str] = ()
) -> list[str]:
    """Send the digest of a night that went well; returns a sentence for each address not reached.

    ``release`` is the one with the night's content; where it is gone, the current one is told of.
    """
    if not addresses(settings.message_urls):
        return []
    folder = settings.published_dir / release
    manifest = read_manifest(folder) or read_manifest(settings.current_release)
    if manifest is None:
        return ["No message was sent: there is no release to tell of."]
    folder = settings.published_dir / manifest["release"]
    before = read_manifest(settings.published_dir / str(manifest.get("compared_with")))
    # Of a release that was there before the night, nothing is new.
    known = (before or {"documents": []}) if is_new else manifest
    documents = [document["document_id"] for document in known["documents"]]
    try:
        message = digest(folder / DATABASE, manifest["release"], headline, documents, warnings)
    except WarehouseError as error:
        return [f"No message was sent: {error}"]
    return send(message, settings.message_urls)


def tell_failure(settings: Settings, sentences: Sequence[str]) -> list[str]:
    """Send at once that a night failed and why; returns a sentence for each address not reached."""
    if not addresses(settings.message_urls):
        return []
    return send(failure(sentences, current_name(settings.published_dir)), settings.message_urls)
