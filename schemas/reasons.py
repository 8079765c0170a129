"""Why something cannot be used: each reason code with an English and a Vietnamese sentence.

A sentence may name the thing by ``{subject}`` and give details in ``{detail}``; both may be empty.
Imports nothing but the standard library.
"""

from __future__ import annotations

from typing import NamedTuple


class Sentence(NamedTuple):
    """One reason in the two languages, with the places for ``{subject}`` and ``{detail}``."""

    en: str
    vi: str


REASONS: dict[str, Sentence] = {
    "unreadable_file": Sentence(
        "{subject}: the file cannot be read ({detail}); check its permissions or ask for it again.",
        "{subject}: không đọc được tệp ({detail}); hãy kiểm tra quyền truy cập hoặc xin lại tệp.",
    ),
    "empty_file": Sentence(
        "{subject}: the file is empty; ask for it again.",
        "{subject}: tệp rỗng; hãy xin lại tệp.",
    ),
    "unsupported_format": Sentence(
        "{subject}: files of this format are not read ({detail}); save it as .docx, .pdf or .xlsx.",
        "{subject}: định dạng này chưa đọc được ({detail}); hãy lưu lại dưới dạng .docx, .pdf hoặc .xlsx.",
    ),
    "broken_file": Sentence(
        "{subject}: the file is broken ({detail}); ask for it again.",
        "{subject}: tệp bị hỏng ({detail}); hãy xin lại tệp.",
    ),
    "broken_page": Sentence(
        "{subject}: a page is broken ({detail}) and was left out.",
        "{subject}: một trang bị hỏng ({detail}) nên không được đọc.",
    ),
    "password_protected": Sentence(
        "{subject}: the file is protected by a password; ask for it without one.",
        "{subject}: tệp được đặt mật khẩu; hãy xin lại tệp không có mật khẩu.",
    ),
    "limit_exceeded": Sentence(
        "{subject}: over a limit of reading ({detail}); split the document or raise the limit.",
        "{subject}: vượt giới hạn khi đọc ({detail}); hãy tách tài liệu hoặc nâng giới hạn.",
    ),
    "reader_failed": Sentence(
        "{subject}: the reading process ended unexpectedly ({detail}); the file is broken or harmful.",
        "{subject}: tiến trình đọc dừng đột ngột ({detail}); tệp bị hỏng hoặc có hại.",
    ),
    "unsafe_content": Sentence(
        "{subject}: the file holds what documents do not need and what may do harm ({detail}).",
        "{subject}: tệp chứa thành phần không cần thiết và có thể gây hại ({detail}).",
    ),
    "unsafe_path": Sentence(
        "{subject}: the name or link leads out of where documents lie ({detail}).",
        "{subject}: tên hoặc liên kết dẫn ra ngoài thư mục tài liệu ({detail}).",
    ),
    "changed_while_read": Sentence(
        "{subject}: the file changed while it was read; it is read the next night.",
        "{subject}: tệp thay đổi trong khi đang đọc; sẽ đọc vào đêm sau.",
    ),
    "recognition_missing": Sentence(
        "{subject}: a scan, and recognition is not installed ({detail}).",
        "{subject}: bản quét, nhưng máy chưa cài phần nhận dạng chữ ({detail}).",
    ),
    "formula_without_value": Sentence(
        "{subject}: the formula has no stored value ({detail}); open the file, save it, and send it again.",
        "{subject}: công thức không có giá trị lưu sẵn ({detail}); hãy mở tệp, lưu lại rồi gửi lại.",
    ),
    "sidecar_invalid": Sentence(
        "{subject}: the sidecar is wrong ({detail}); mend it and run again.",
        "{subject}: tệp mô tả đi kèm bị sai ({detail}); hãy sửa rồi chạy lại.",
    ),
    "no_text": Sentence(
        "{subject}: no text was found in the file; a scan has to be recognised first.",
        "{subject}: không tìm thấy chữ trong tệp; bản quét cần được nhận dạng trước.",
    ),
    "duplicate_file": Sentence(
        "{subject}: the same content as {detail}; it is read once.",
        "{subject}: nội dung trùng với {detail}; chỉ đọc một lần.",
    ),
    "hidden_content": Sentence(
        "The text is hidden on the page ({detail}) and was left out.",
        "Nội dung bị ẩn trên trang ({detail}) nên không được đọc.",
    ),
    "change_not_level": Sentence(
        "The figure is a change, not a level.",
        "Con số là mức tăng hoặc giảm, không phải mức đạt được.",
    ),
    "rank": Sentence(
        "The figure is a rank.",
        "Con số là thứ hạng.",
    ),
    "money": Sentence(
        "The figure is an amount of money.",
        "Con số là số tiền.",
    ),
    "age": Sentence(
        "The figure is an age.",
        "Con số là độ tuổi.",
    ),
    "world_average": Sentence(
        "The figure is of the world or of another country.",
        "Con số là của thế giới hoặc của nước khác.",
    ),
    "previous_period": Sentence(
        "The figure is of an earlier period, given only for comparison.",
        "Con số là của kỳ trước, chỉ nêu để so sánh.",
    ),
    "growth_index": Sentence(
        "The figure is a growth rate or an index.",
        "Con số là tốc độ tăng hoặc chỉ số phát triển.",
    ),
    "plan_completion": Sentence(
        "The figure says how much of a plan was completed.",
        "Con số là tỷ lệ hoàn thành kế hoạch.",
    ),
    "blank_cell": Sentence(
        "The cell is blank: no figure was given, which is not zero.",
        "Ô để trống: không có số liệu, không phải là số 0.",
    ),
    "dash_cell": Sentence(
        "The cell holds a dash: nothing of the kind exists or applies, which is not zero.",
        "Ô ghi dấu gạch ngang: không phát sinh hoặc không áp dụng, không phải là số 0.",
    ),
    "no_data_cell": Sentence(
        "The source says that there are no data yet.",
        "Nguồn ghi là chưa có số liệu.",
    ),
    "text_cell": Sentence(
        "The cell holds words where a figure is expected.",
        "Ô ghi bằng chữ ở chỗ lẽ ra là con số.",
    ),
    "operator_scope": Sentence(
        "The figure is of one operator only.",
        "Con số chỉ của một doanh nghiệp viễn thông.",
    ),
    "zone_scope": Sentence(
        "The figure is of a special zone only.",
        "Con số chỉ của một khu vực riêng.",
    ),
    "village_scope": Sentence(
        "The figure is of a single village.",
        "Con số chỉ của một thôn, bản.",
    ),
    "sector_scope": Sentence(
        "The figure is of one sector only.",
        "Con số chỉ của một ngành, lĩnh vực.",
    ),
    "unit_mismatch": Sentence(
        "The unit of the figure does not fit the indicator ({detail}).",
        "Đơn vị của con số không phù hợp với chỉ tiêu ({detail}).",
    ),
    "place_unknown": Sentence(
        "The place is not in the list of administrative units ({detail}).",
        "Địa danh không có trong danh mục đơn vị hành chính ({detail}).",
    ),
    "place_ambiguous": Sentence(
        "The place may be more than one administrative unit ({detail}).",
        "Địa danh có thể là nhiều đơn vị hành chính ({detail}).",
    ),
    "ignored_label": Sentence(
        "The catalog says that this label is not an indicator.",
        "Danh mục quy định nhãn này không phải là chỉ tiêu.",
    ),
    "not_a_level": Sentence(
        "The figure is not the level of an indicator ({detail}).",
        "Con số không phải là giá trị của chỉ tiêu ({detail}).",
    ),
    "headline": Sentence(
        "The figure stands in the title, which repeats a figure of the text in rounded form.",
        "Con số ở tiêu đề, nhắc lại số liệu trong bài dưới dạng làm tròn.",
    ),
    "rounded_repeat": Sentence(
        "The figure is a rounded form of one that the same document states ({detail}).",
        "Con số là dạng làm tròn của số liệu khác trong cùng văn bản ({detail}).",
    ),
    "contract_failed": Sentence(
        "The row does not keep the contract of {subject}: {detail}.",
        "Dòng dữ liệu không đúng quy ước của {subject}: {detail}.",
    ),
}

REASON_CODES = tuple(REASONS)


def reason_sentence(code: str, subject: str = "", detail: str = "", language: str = "en") -> str:
    """The sentence of a reason code, without empty brackets where no detail is known.

    >>> reason_sentence("rank")
    'The figure is a rank.'
    >>> reason_sentence("unit_mismatch", detail="count, percent expected")
    'The unit of the figure does not fit the indicator (count, percent expected).'
    >>> reason_sentence("place_unknown")
    'The place is not in the list of administrative units.'

    Raises ``KeyError`` for a code that is not in the list.
    """
    template = REASONS[code].vi if language == "vi" else REASONS[code].en
    return template.replace(" ({detail})", " ({detail})" if detail else "").format(
        subject=subject, detail=detail
    )


def reason_outline(code: str, language: str = "en") -> str:
    """What a reason code says of any case: its sentence without the name and the details of one.

    >>> reason_outline("unit_mismatch", "vi"), reason_outline("duplicate_file")
    ('Đơn vị của con số không phù hợp với chỉ tiêu.', 'The same content as another file; it is read once.')

    Raises ``KeyError`` for a code that is not in the list.
    """
    vietnamese = language == "vi"
    template = REASONS[code].vi if vietnamese else REASONS[code].en
    for part in (": {detail}", " ({detail})", "{subject}: "):
        template = template.replace(part, "")
    outline = template.format(
        subject="bảng" if vietnamese else "its table", detail="tệp khác" if vietnamese else "another file"
    )
    return outline[0].upper() + outline[1:]
