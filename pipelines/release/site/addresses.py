"""Names of pages and links between them. No name comes from a document: a file name cannot carry anything.

Addresses are relative, so that pages work from a folder, a stick or any web server.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from urllib.parse import quote, urlsplit

FOLDERS = {"country": "country", "province": "provinces", "district": "districts", "commune": "communes"}
DOCUMENT_ID_SHOWN = 16
FACT_ID_SHOWN = 16


def slug(text: str) -> str:
    """Lower-case ASCII letters, digits and hyphens.

    >>> slug("huyện Đắk Đoa")
    'huyen-dak-doa'
    """
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")


def unit_page(level: str, bare_name: str, code: str, valid_from: date) -> str:
    """Page of a unit in one period of validity; code and first day keep units of one name apart.

    >>> unit_page("district", "Vĩnh Lộc", "393", date(2008, 8, 1))
    'districts/vinh-loc-393-20080801.html'
    """
    return f"{FOLDERS[level]}/{slug(f'{bare_name} {code}')}-{valid_from:%Y%m%d}.html"


def indicator_page(code: str) -> str:
    """Page of an indicator; codes are letters, digits and underscores."""
    return f"indicators/{slug_of_code(code)}.html"


def lineage_page(code: str) -> str:
    """Page that shows where an indicator's figures come from."""
    return f"lineage/{slug_of_code(code)}.html"


def slug_of_code(code: str) -> str:
    """A code as part of a file name; underscores stay."""
    return re.sub(r"[^A-Za-z0-9_]+", "-", code)


def document_page(document_id: str) -> str:
    """Page of a document, by the hash of its content: file names of documents never name a page."""
    return f"documents/{document_id[:DOCUMENT_ID_SHOWN]}.html"


def fact_anchor(fact_id: str) -> str:
    """Anchor of a fact on the page of its document."""
    return f"f-{fact_id[:FACT_ID_SHOWN]}"


def fact_link(document_id: str, fact_id: str) -> str:
    """Page and anchor of the quote that a figure was read from."""
    return f"{document_page(document_id)}#{fact_anchor(fact_id)}"


def national_target_anchor(target_id: str) -> str:
    """Anchor of a target of the catalog, which no document brought, on the page of its indicator.

    >>> national_target_anchor("national:36/QĐ-TTg:adult_smartphone_share:2025")
    't-national-36-qd-ttg-adult-smartphone-share-2025'
    """
    return f"t-{slug(target_id)}"


def dbt_node(name: str, kind: str = "model") -> str:
    """Fragment of the dbt docs that shows a model, a seed or a source."""
    return f"#!/{kind}/{kind}.hatangso.{quote(name)}"


def web_address(url: str | None) -> str | None:
    r"""The address if a browser may follow it: http or https with a host, nothing else.

    >>> web_address("https://example.gov.vn/a")
    'https://example.gov.vn/a'
    >>> web_address("java\tscript:alert(1)") is web_address("//example.vn") is web_address("http://") is None
    True
    """
    if url is None or any(ord(character) <= 32 for character in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme.lower() in {"http", "https"} and parts.hostname else None
