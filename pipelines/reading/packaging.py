"""Zip containers and their XML parts, opened so that no bomb, entity or path can do harm.

Word, Excel and OpenDocument files and archives are such containers. Nothing is ever unpacked to disk.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from pipelines.reading.errors import ReadingError
from pipelines.reading.limits import Limits

if TYPE_CHECKING:
    from typing import Any

    # lxml brings no types, and its stubs follow another release: what it hands over is narrowed here.
    Element = Any

_CHUNK = 2**18
_ENCRYPTED = 0x1
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class Package:
    """A zip container in memory. Raises ReadingError where it is broken, locked or over its limits."""

    def __init__(self, data: bytes, name: str, limits: Limits) -> None:
        self.name = name
        self.limits = limits
        self.left = limits.unpacked_bytes
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(data))
            self.members = {info.filename: info for info in self.zip.infolist()}
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
            raise ReadingError(
                "broken_file", f"{name}: the zip container is broken ({error}); ask for the file again."
            ) from None
        if len(self.members) > limits.members:
            raise ReadingError(
                "limit_exceeded",
                f"{name}: {len(self.members)} parts in the container, at most {limits.members} are read.",
            )

    def __contains__(self, member: str) -> bool:
        return member in self.members

    def read(self, member: str) -> bytes:
        """One part unpacked, in chunks, so that what its header says of its size need not be true."""
        info = self.members.get(member)
        if info is None:
            raise ReadingError(
                "broken_file", f"{self.name}: the part {member} is missing; ask for the file again."
            )
        if info.flag_bits & _ENCRYPTED:
            raise ReadingError(
                "password_protected", f"{self.name}: protected by a password; ask for it without one."
            )
        pieces: list[bytes] = []
        try:
            with self.zip.open(info) as part:
                while chunk := part.read(_CHUNK):
                    self.left -= len(chunk)
                    if self.left < 0:
                        raise ReadingError(
                            "limit_exceeded",
                            f"{self.name}: unpacks to more than {self.limits.unpacked_mib} MiB; it was left alone.",
                        )
                    pieces.append(chunk)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            ValueError,
            RuntimeError,
        ) as error:
            raise ReadingError(
                "broken_file",
                f"{self.name}: the part {member} is broken ({error}); ask for the file again.",
            ) from None
        return b"".join(pieces)

    def xml(self, member: str) -> Element:
        """The root of an XML part."""
        return parse_xml(self.read(member), f"{self.name} ({member})")


def parse_xml(data: bytes, name: str) -> Element:
    """The root element; a document type, which no office program writes, is refused with its entities."""
    from lxml import etree

    wide = data[:4].startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:4]
    head = data if len(data) < _CHUNK else data[:_CHUNK]
    if _DOCTYPE.search(head.replace(b"\x00", b"") if wide else head):
        raise ReadingError(
            "unsafe_content", f"{name}: declares entities, which documents do not need; it was not read."
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        said = str(error).split("\n")[0]
        if "depth" in said.lower() or "huge" in said.lower():
            raise ReadingError("limit_exceeded", f"{name}: elements nested too deeply ({said}).") from None
        raise ReadingError("broken_file", f"{name}: broken XML ({said}); ask for the file again.") from None
    if root is None:
        raise ReadingError("broken_file", f"{name}: empty XML; ask for the file again.")
    if root.getroottree().docinfo.doctype:
        raise ReadingError(
            "unsafe_content", f"{name}: declares entities, which documents do not need; it was not read."
        )
    return root


def check_depth(root: Element, name: str, limit: int) -> None:
    """Raise ReadingError where elements lie deeper in each other than the limit."""
    depth = 0
    from lxml import etree

    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limit:
            raise ReadingError("limit_exceeded", f"{name}: elements nested more than {limit} deep.")
