"""Web pages saved as one file (.mht, .mhtml): the page itself; its pictures and styles are not looked at."""

from __future__ import annotations

import email
import email.policy
from email.message import Message

from pipelines.reading.errors import ReadingError
from pipelines.reading.limits import Limits

_MOST_PARTS = 2000


def page_of(data: bytes, name: str, limits: Limits) -> bytes:
    """The bytes of the HTML page inside, in UTF-8 where the part names its encoding."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    parts = 0
    plain: bytes | None = None
    for part in message.walk():
        parts += 1
        if parts > min(_MOST_PARTS, 2 * limits.members):
            raise ReadingError("limit_exceeded", f"{name}: more than {parts - 1} parts in the saved page.")
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        if kind in {"text/html", "application/xhtml+xml"}:
            return _in_utf8(part)
        if kind == "text/plain" and plain is None:
            plain = _in_utf8(part)
    if plain is not None and plain.strip():
        return plain
    raise ReadingError("no_text", f"{name}: the saved page holds no text; save it again.")


def _in_utf8(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    encoding = part.get_content_charset()
    if encoding and encoding.lower() not in {"utf-8", "utf8", "us-ascii"}:
        try:
            return raw.decode(encoding).encode("utf-8")
        except (LookupError, UnicodeError):
            return raw
    return raw
