"""Files spoilt by chance: bits flipped, cut, spliced, parts of containers exchanged, numbers made extreme.

Seeded: the same number gives the same change; LibreOffice writes the moment into some of the whole files, so their
bytes differ from run to run. Kept apart from `hostile_files`, where each file has its purpose.
"""

from __future__ import annotations

import io
import random
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from functools import cache

from scripts import formats
from tests.integration import hostile_files

Seeds = dict[str, bytes]

ITEMS = [
    formats.Item("ỦY BAN NHÂN DÂN TỈNH CÀ MAU"),
    formats.Item("1. Mục tiêu đến năm 2025: 90% hộ gia đình có kết nối Internet."),
    formats.table(
        [
            ["TT", "Chỉ tiêu", "Thực hiện", "Kế hoạch", ""],
            ["", "", "Năm 2023", "Năm 2024", "Năm 2025"],
            ["1", "Tỷ lệ hộ gia đình có kết nối Internet", "81,5%", "85%", "90%"],
            ["2", "Tỷ lệ sử dụng chung cột treo cáp", "11,74%", "13%", "25%"],
        ],
        {(1, 1): (2, 1), (1, 2): (2, 1), (1, 4): (1, 2)},
    ),
]
EXTREMES = (b"0", b"-1", b"1", b"65535", b"65536", b"2147483647", b"4294967295", b"99999999999999999999")
_NUMBER = re.compile(rb"(?<![\w.])-?\d{1,10}(?![\w])")
_LARGEST = 4 * 2**20
# A scan takes a hundred times as long to read as a text, so that few of the files are scans.
_SCAN_SHARE = 0.02


@cache
def seeds() -> Seeds:
    """A whole document in every format, by its name; scans only where LibreOffice and Tesseract are here."""
    word, sheet = formats.to_docx(ITEMS), formats.to_xlsx(ITEMS, percent_cells=True)
    made = {
        "a.docx": word,
        "a.xlsx": sheet,
        "a.html": formats.to_html(ITEMS),
        "a.mht": formats.to_mht(ITEMS),
        "a.csv": formats.to_csv(ITEMS),
        "a.txt": formats.to_text(ITEMS),
        "wide.txt": formats.to_text(ITEMS).decode().encode("utf-16"),
        "a.zip": hostile_files.zipped({"a.docx": word, "b/c.txt": formats.to_text(ITEMS)}),
    }
    if formats.has_libreoffice():
        for target in ("doc", "rtf", "odt", "pdf"):
            made[f"a.{target}"] = formats.convert({"a": word}, "docx", target)["a"]
        for target in ("xls", "ods"):
            made[f"a.{target}"] = formats.convert({"a": sheet}, "xlsx", target)["a"]
        made["open.pdf"] = _uncompressed(made["a.pdf"])
        if shutil.which("tesseract"):
            for kind, suffix in (("PNG", "png"), ("JPEG", "jpg"), ("TIFF", "tif"), ("PDF", "scan.pdf")):
                made[f"a.{suffix}"] = formats.to_scan(made["a.pdf"], dpi=100, kind=kind)
    return made


def mutated(count: int, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of so many spoilt files, every format in turn."""
    chance = random.Random(seed)  # noqa: S311 -- the same files every time is what is wanted
    whole = seeds()
    scans = [name for name in whole if name.endswith((".png", ".jpg", ".tif", "scan.pdf"))]
    texts = [name for name in whole if name not in scans]
    for number in range(count):
        names = scans if scans and chance.random() < _SCAN_SHARE else texts
        name = names[number % len(names)]
        data = whole[name]
        for _ in range(chance.choice((1, 1, 2, 5))):
            data = chance.choice(CHANGES)(data, chance)[:_LARGEST]
        yield f"{number:05d}-{name}", data


def _flip(data: bytes, chance: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(chance.choice((1, 3, 10, 100))):
        if made:
            made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    return bytes(made)


def _cut(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] if chance.random() < 0.7 else data[at:]


def _overwrite(data: bytes, chance: random.Random) -> bytes:
    at, length = chance.randrange(len(data) + 1), chance.choice((2, 16, 512))
    filling = chance.choice((b"\x00", b"\xff", b"(", b"<", b"{", b"\xe1")) * length
    return data[:at] + filling + data[at + length :]


def _repeat(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    piece = data[at : at + chance.choice((4, 64, 1024))]
    return data[:at] + piece * chance.choice((2, 20, 2000)) + data[at:]


def _splice(data: bytes, chance: random.Random) -> bytes:
    other = chance.choice(list(seeds().values()))
    at, start = chance.randrange(len(data) + 1), chance.randrange(len(other))
    end = chance.choice((len(other), start + 200))
    return data[:at] + other[start:end] + data[at + chance.choice((0, end - start)) :]


def _extreme_numbers(data: bytes, chance: random.Random) -> bytes:
    found = list(_NUMBER.finditer(data))
    for match in sorted(
        chance.sample(found, min(len(found), chance.choice((1, 5)))),
        key=lambda one: one.start(),
        reverse=True,
    ):
        data = data[: match.start()] + chance.choice(EXTREMES) + data[match.end() :]
    return data


def _in_a_member(data: bytes, chance: random.Random) -> bytes:
    """A part of a container changed, or exchanged for one of another container, and all of it packed again.

    Other files are changed without moving anything, for their parts are found by their places.
    """
    if not data.startswith(b"PK"):
        return chance.choice((_flip, _overwrite))(data, chance)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # a container that is already broken
        return data
    if not members:
        return data
    name = chance.choice(list(members))
    if chance.random() < 0.2:
        other = chance.choice([whole for whole in seeds().values() if whole.startswith(b"PK")])
        with zipfile.ZipFile(io.BytesIO(other)) as archive:
            members[name] = archive.read(chance.choice(archive.namelist()))
    elif chance.random() < 0.1:
        del members[name]
    else:
        members[name] = chance.choice(PLAIN_CHANGES)(members[name], chance)[:_LARGEST]
    return hostile_files.zipped(members)


Change = Callable[[bytes, random.Random], bytes]
PLAIN_CHANGES: tuple[Change, ...] = (_flip, _cut, _overwrite, _repeat, _splice, _extreme_numbers)
# Containers check what they hold, so that most changes count only inside of them.
CHANGES: tuple[Change, ...] = (*PLAIN_CHANGES, _in_a_member, _in_a_member, _in_a_member)


def _uncompressed(pdf: bytes) -> bytes:
    """The PDF with its streams unpacked, so that changes reach what they say."""
    import zlib

    def opened(match: re.Match[bytes]) -> bytes:
        try:
            body = zlib.decompress(match[2])
        except zlib.error:
            return match[0]
        head = re.sub(rb"/Filter\s*/FlateDecode", b"", match[1])
        head = re.sub(rb"/Length\s+\d+(?:\s+\d+\s+R)?", b"/Length %d" % len(body), head)
        return head + b"stream\n" + body + b"\nendstream"

    return re.sub(rb"(<<(?:(?!stream).)*?>>\s*)stream\r?\n(.*?)\r?\nendstream", opened, pdf, flags=re.DOTALL)
