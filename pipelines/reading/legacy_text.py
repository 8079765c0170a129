"""Vietnamese from before Unicode: TCVN3 (.VnTime), VNI (VNI-Times), VISCII, windows-1258, to Unicode.

Such text reaches a reader either as bytes or as the Latin letters that share those bytes ("Tû lÖ" for
"Tỷ lệ"). A cheap test suspects it; then each line becomes what makes most of its words Vietnamese
syllables. A line that is Vietnamese already is never touched. The bytes of the file stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

_TONES = "\u0300\u0301\u0309\u0303\u0323"
# TCVN 5712-1, bytes A1 to FF, as the C library's own converter gives them; in B0 to B4 stand bare tones.
_TCVN = "ĂÂÊÔƠƯĐăâêôơưđẶ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
_VISCII = "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
_VISCII_LOW = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}
_TCVN_TABLE = {0xA1 + i: letter for i, letter in enumerate(_TCVN)}
_VISCII_TABLE = {0x80 + i: letter for i, letter in enumerate(_VISCII)} | _VISCII_LOW

# VNI writes a letter and then its mark: the mark's letter says circumflex, breve or tone.
_VNI_MARKS = {
    "ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "â": "\u0302", "à": "\u0302\u0300", "á": "\u0302\u0301", "å": "\u0302\u0309", "ã": "\u0302\u0303",
    "ä": "\u0302\u0323", "ê": "\u0306", "è": "\u0306\u0300", "é": "\u0306\u0301", "ú": "\u0306\u0309",
    "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_LETTERS = {"ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ô": "ơ", "ö": "ư"}


@cache
def _vni_pairs() -> dict[str, str]:
    """Every letter of VNI, one or two characters wide, with its Unicode letter, in both cases."""
    pairs = dict(_VNI_LETTERS)
    for base, marks in (
        ("a", "øùûõïâàáåãäêèéúüë"),
        ("e", "øùûõïâàáåãä"),
        ("o", "øùûõïâàáåãä"),
        ("u", "øùûõï"),
        ("y", "øùûõ"),
        ("ô", "øùûõï"),
        ("ö", "øùûõï"),
    ):
        letter = {"ô": "ơ", "ö": "ư"}.get(base, base)
        for mark in marks:
            pairs[base + mark] = unicodedata.normalize("NFC", letter + _VNI_MARKS[mark])
    return (
        pairs
        | {key.upper(): value.upper() for key, value in pairs.items()}
        | {key[0].upper() + key[1:]: value.upper() for key, value in pairs.items() if len(key) == 2}
    )


@cache
def _vni_pattern() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, _vni_pairs()), key=len, reverse=True)))


def from_tcvn3(text: str) -> str:
    """Letters of a .Vn font to Unicode.

    >>> from_tcvn3("Tû lÖ hé gia ®×nh")
    'Tỷ lệ hộ gia đình'
    """
    return unicodedata.normalize("NFC", text.translate(_TCVN_TABLE))


def from_vni(text: str) -> str:
    """Letters of a VNI font to Unicode.

    >>> from_vni("Tyû leä hoä gia ñình")
    'Tỷ lệ hộ gia đình'
    """
    pairs = _vni_pairs()
    return _vni_pattern().sub(lambda found: pairs[found.group()], text)


def from_viscii(text: str) -> str:
    """Letters of VISCII, read as Latin-1, to Unicode."""
    return text.translate(_VISCII_TABLE)


_ENCODINGS: tuple[Callable[[str], str], ...] = (from_tcvn3, from_vni, from_viscii)

# Letters that Vietnamese in Unicode does not use, and control codes that no text uses.
_SUSPECT = re.compile("[\x80-\x9f¡-¯´-¿ÄÅÆÇËÎÏÑÖ×ØÛÜÞßäåæçëîïñö÷øûüþÿ]")
_CERTAIN = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9\u0300-\u0323]")
_WORD = re.compile(r"[^\W\d_]+")
_LONG_WORD = re.compile(r"(?=[^\W\d_]*[^\W\d_a-zA-Z])[^\W\d_]{2,}")
_ONSET = r"(?:ngh?|nh|n|gh|gi|g|ch|c|kh|k|ph|qu|th|tr|t|b|d|đ|h|l|m|p|r|s|v|x)?"
_RHYME = (
    r"(?:a(?:ch?|i|m|ng?|nh|o|p|t|u|y)?|ă(?:c|m|ng?|p|t)|â(?:c|m|ng?|p|t|u|y)|e(?:c|m|ng?|o|p|t)?"
    r"|ê(?:ch|m|nh?|p|t|u)?|i(?:a|ch|m|nh?|p|t|u)?|iê(?:c|m|ng?|p|t|u)|o(?:c|i|m|ng?|p|t)?"
    r"|oa(?:ch?|i|m|ng?|nh|o|p|t|y)?|oă(?:c|m|ng?|t)|oe(?:o|n|t)?|oo(?:c|ng)|ô(?:c|i|m|ng?|p|t)?"
    r"|ơ(?:i|m|n|p|t)?|u(?:a|c|i|m|ng?|p|t)?|uâ(?:ng?|t|y)|uê(?:ch|nh?)?|uô(?:c|i|m|ng?|t)|uơ"
    r"|uy(?:ch|t|nh?|a|p|u)?|uyê(?:n|t)|ư(?:a|c|i|m|ng?|t|u)?|ươ(?:c|i|m|ng?|p|t|u)|y(?:m|n|t)?|yê(?:m|ng?|t|u))"
)
_SYLLABLE = re.compile(rf"{_ONSET}{_RHYME}$")
_STRIP_TONE = str.maketrans("", "", _TONES)
_LEAST = 0.7
# A letter that some program could not write and replaced: the text cannot be had back.
_LOST_LETTER = re.compile(rb"[A-Za-z]\?[A-Za-z]")


def syllable_share(text: str) -> tuple[float, int]:
    """Share of Vietnamese syllables among the words with a letter outside ASCII, and how many there are.

    >>> syllable_share("Tỷ lệ hộ có Internet"), syllable_share("Tû lÖ hé cã Internet")[0] < 0.8
    ((1.0, 4), True)
    """
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    if not words:
        return 0.0, 0
    return sum(map(_is_syllable, words)) / len(words), len(words)


@cache
def _bare(word: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", word.lower()).translate(_STRIP_TONE))


def _is_syllable(word: str) -> bool:
    tones = sum(letter in _TONES for letter in unicodedata.normalize("NFD", word))
    return len(word) <= 7 and tones <= 1 and bool(_SYLLABLE.match(_bare(word)))


def is_suspect(text: str) -> bool:
    """Whether text may be of an old font: one pass over it, before anything dearer."""
    return not text.isascii() and _SUSPECT.search(text) is not None


def converted(text: str, font: str = "") -> str:
    """Text with lines of old fonts in Unicode. `font` is the font's name, where the format gives it.

    >>> converted("Tû lÖ hé nghÌo"), converted("Tỷ lệ hộ nghèo"), converted("© 2023 Müller")
    ('Tỷ lệ hộ nghèo', 'Tỷ lệ hộ nghèo', '© 2023 Müller')
    >>> converted("hé", ".VnTime"), converted("uû ban", ".VnTimeH"), converted("hoä", "VNI-Times")
    ('hộ', 'UỶ BAN', 'hộ')
    """
    if font and not text.isascii() and not _CERTAIN.search(text):
        known = font.lower().lstrip("'\" ")
        if known.startswith(".vn"):
            return from_tcvn3(text).upper() if known.endswith("h") else from_tcvn3(text)
        if known.startswith("vni-"):
            return from_vni(text)
    if font.lower().startswith(".vn") and font.endswith("H"):
        return text.upper()
    if not is_suspect(text):
        return text
    if "\n" in text:
        return "\n".join(_converted_line(line) for line in text.split("\n"))
    return _converted_line(text)


def _converted_line(line: str) -> str:
    if not is_suspect(line) or _CERTAIN.search(line):
        return line
    best, share = line, max(syllable_share(line)[0] + 0.2, _LEAST)
    for convert in _ENCODINGS:
        candidate = convert(line)
        found, _ = syllable_share(candidate)
        # Signs between figures (±, ×, ÷) would be single letters.
        if found > share and len(_LONG_WORD.findall(candidate)) >= 2:
            best, share = candidate, found
    return best


def decoded(data: bytes) -> str | None:
    """Text of bytes that are no UTF-8, line by line, None where no old encoding gives Vietnamese.

    >>> decoded("Tỷ lệ hộ nghèo".encode("utf-16-le"))
    'Tỷ lệ hộ nghèo'
    """
    wide = _wide(data)
    if wide:
        return wide
    if _LOST_LETTER.search(data):
        return None
    lines = [_decoded_line(line) for line in data.split(b"\n")]
    words = [found for line in lines if line is not None and (found := syllable_share(line))[1]]
    total = sum(count for _, count in words)
    valid = sum(share * count for share, count in words)
    if any(line is None for line in lines) or total < 3 or valid / total < _LEAST:
        return None
    return "\n".join(line for line in lines if line is not None)


def _wide(data: bytes) -> str | None:
    """Text of UTF-16 without its mark: every other byte of the spaces and figures is null."""
    head = data[:4096]
    if head.count(0) < max(2, len(head) // 8):
        return None
    encoding = "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    try:
        return data[: len(data) // 2 * 2].decode(encoding)
    except UnicodeDecodeError:
        return None


def _decoded_line(line: bytes) -> str | None:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        pass
    latin = line.decode("latin-1")
    candidates = [from_tcvn3(latin), from_viscii(latin)]
    for encoding, convert in (("cp1258", None), ("cp1252", from_vni)):
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError:
            continue
        candidates.append(convert(text) if convert else unicodedata.normalize("NFC", text))
    shares = [(syllable_share(text)[0], -number, text) for number, text in enumerate(candidates)]
    share, _, text = max(shares)
    return text if share > 0 else None
