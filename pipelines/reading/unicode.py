"""Bytes to Vietnamese text in Unicode NFC; what is older than Unicode is worked out in legacy_text."""

from __future__ import annotations

import codecs
import re
import unicodedata

from pipelines.reading.errors import ReadingError
from pipelines.reading.legacy_text import converted, decoded

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Same length on both sides, so offsets stay those of the text as decoded.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_ONE_FOR_ONE = (
    str.maketrans({"\u00d0": "\u0110", "\u00a0": " ", "\u202f": " ", "\u2007": " ", "\t": " "}) | _FULL_WIDTH
)
# Cyrillic and Greek letters drawn like Latin ones, for a few that strayed into Vietnamese words.
_STRAY = "".join(
    map(chr, (0x430, 0x435, 0x43E, 0x440, 0x441, 0x443, 0x445, 0x456, 0x455, 0x458, 0x3BF, 0x3BD))
)
_STRAY += "".join(
    map(
        chr,
        (
            0x410,
            0x412,
            0x415,
            0x41A,
            0x41C,
            0x41D,
            0x41E,
            0x420,
            0x421,
            0x422,
            0x425,
            0x406,
            0x391,
            0x392,
            0x395,
            0x397,
            0x39F,
            0x3A1,
            0x3A4,
        ),
    )
)
_LATIN_OF_STRAY = str.maketrans(_STRAY, "aeopcyxisjov" + "ABEKMHOPCTXIABEHOPT")
_STRAY_LETTER = re.compile(f"[{_STRAY}]")
_MOST_STRAY = 0.2
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]|[\x00-\x08\x0b\x0e-\x1f\x7f]")


def decode(data: bytes, name: str, *, keep_tabs: bool = False) -> str:
    """Text of a file's bytes, with line ends as a single newline; tabs part the cells of text tables.

    Raises ReadingError("unreadable_file") where no supported encoding fits.
    """
    encoding = next((name_of for bom, name_of in _BOMS if data.startswith(bom)), "utf-8")
    try:
        text = data.decode(encoding)
        if "\x00" in text[:4096] and encoding == "utf-8":
            text = decoded(data) or text
    except UnicodeDecodeError as error:
        legacy = decoded(data) if encoding == "utf-8" else None
        if legacy is None:
            raise ReadingError(
                "unreadable_file",
                f"{name}: byte {error.start} is not valid {encoding}; save the file as UTF-8 and put it back.",
            ) from None
        return _normalized(legacy, keep_tabs=keep_tabs)
    return _normalized(converted(text), keep_tabs=keep_tabs)


def _normalized(text: str, *, keep_tabs: bool) -> str:
    return "\t".join(map(normalize, text.split("\t"))) if keep_tabs else normalize(text)


def normalize(text: str) -> str:
    r"""NFC, đ for the look-alike Icelandic letter, plain spaces, no invisible marks.

    >>> normalize("thie\u0302\u0301t bi\u0323\u00a0\u00d0\u1ea1t")
    'thiết bị Đạt'
    >>> normalize("s\u043e \uff17\uff18,3")
    'so 78,3'
    """
    if not text.isascii():
        stray = len(_STRAY_LETTER.findall(text))
        if 0 < stray <= _MOST_STRAY * len(text) and re.search("[A-Za-z]", text):
            text = text.translate(_LATIN_OF_STRAY)
        text = unicodedata.normalize("NFC", text).translate(_ONE_FOR_ONE)
        text = text.replace("\u2028", "\n").replace("\u2029", "\n")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n").replace("\t", " ")
    return _INVISIBLE.sub("", text)
