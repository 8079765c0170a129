"""The morning message: a short digest of the night, or why it failed, sent to the addresses in the settings.

Plain text, so that no word of a document can be markup in anybody's mail or chat. Addresses are secrets:
they appear in no log, no error and no release.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from pipelines.release.report import Section, answered, shown
from pipelines.release.silence import silence

LISTED = 10
# Sections that a digest lists row by row; of the others it gives the number.
LISTED_TITLES = frozenset({"New documents", "Rejected documents", "Late or missing reports"})


@dataclass(frozen=True)
class Message:
    """A subject, and lines of plain text."""

    subject: str
    text: str


def digest(
    database: Path,
    release: str,
    headline: str,
    known_documents: Collection[str],
    warnings: Sequence[str] = (),
) -> Message:
    """What a night that went well has to tell, from the database of a release: new, changed, rejected, late.

    ``known_documents`` are those that the release before knew.
    """
    lines = [headline, *(f"! {shown(warning)}" for warning in warnings), ""]
    for section in answered(database, known_documents, LISTED):
        if section.total is not None:
            lines += _told(section)
    return Message(f"hatangso {release}: {headline}", "\n".join(lines).rstrip() + "\n")


def _told(section: Section) -> Iterator[str]:
    yield f"{section.title}: {section.total}"
    if section.title_en in LISTED_TITLES:
        for row in section.frame.iter_rows():
            yield "  - " + ", ".join(shown(value) for value in row if value is not None)
        if section.is_cut:
            yield "  - ..."


def failure(sentences: Sequence[str], release: str | None) -> Message:
    """What a night that failed has to tell; ``release`` is the one that readers still follow."""
    stays = f"Readers still follow {release}." if release else "There is no release yet."
    told = [shown(sentence) for sentence in sentences] or ["The night failed; see its log."]
    return Message("hatangso: the night failed", "\n".join([*told, stays]) + "\n")


def addresses(urls: SecretStr) -> list[str]:
    """The addresses of the setting, which are told apart by white space."""
    return urls.get_secret_value().split()


def send(message: Message, urls: SecretStr) -> list[str]:
    """Send the message to every address; returns a sentence for each that could not be reached.

    Sentences name an address by its place and its kind (the part before ``://``), never by itself.
    """
    listed = addresses(urls)
    if not listed:
        return []
    # Loading it takes half a second, and most installations send nothing.
    import apprise

    failed = []
    # What apprise, and the libraries it sends with, log about an address stays out of every log.
    with silence():
        for place, address in enumerate(listed, start=1):
            kind = address.partition("://")[0] if "://" in address else "unknown kind"
            service = apprise.Apprise()
            if not service.add(address):
                failed.append(
                    f"Address {place} in HATANGSO_MESSAGE_URLS ({kind}) is none that apprise understands."
                )
            elif not service.notify(
                title=message.subject, body=message.text, body_format=apprise.NotifyFormat.TEXT
            ):
                failed.append(f"The message could not be sent to address {place} ({kind}).")
    return failed
