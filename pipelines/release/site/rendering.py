"""Templates to files: the jinja environment, JSON inside scripts, and writing.

Every value is escaped by jinja unless a function of ours made it Markup from escaped parts.
"""

from __future__ import annotations

import json
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipelines.release.site import addresses, drawings, wording
from pipelines.release.site.edition import Context, Edition, share

# No inline script or style, no request to another host, no frame, no form, no plug-in. In a page opened as a
# file, 'self' means files: tests/browser checks both ways of opening.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'"
)


def environment(edition: Edition) -> Environment:
    """The templates with the words, links and drawings that they use."""
    made = Environment(
        loader=PackageLoader("pipelines.release.site", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    made.globals.update(
        edition=edition,
        policy=POLICY,
        t=wording.both,
        number=wording.number,
        figure=wording.figure,
        day=wording.day,
        badge=wording.badge,
        named=wording.named,
        rejection=wording.rejection,
        words=wording,
        bullet=drawings.bullet,
        stacked_bar=drawings.stacked_bar,
        address=addresses,
        share=share,
    )
    return made


def write_page(templates: Environment, folder: Path, page: str, template: str, context: Context) -> int:
    """Render a template into ``folder/page``; returns the bytes written."""
    root = "../" * page.count("/")
    html = templates.get_template(template).render(root=root, page=page, **context)
    return write_text(folder / page, html)


def write_text(path: Path, text: str) -> int:
    """Write a text file with Unix line ends; returns its bytes."""
    data = text.encode("utf-8", errors="replace")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return len(data)


def script_data(name: str, content: object) -> str:
    r"""A script that sets one global to data; nothing in it can end a script or a line early.

    >>> script_data("found", ["</script>"])
    'window.found = ["\\u003c/script\\u003e"];\n'
    """
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f"window.{name} = {text};\n"
