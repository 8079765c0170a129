"""docs/ of a release: dbt's documentation page and the page of column lineage, each leading to the other.

Both pages work from a file and reach no network: a policy in each page forbids it to the browser.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pipelines.release.errors import ReleaseError
from pipelines.release.silence import silence

DOCS_PAGE = "docs/index.html"
LINEAGE_PAGE = "docs/lineage.html"
# The pages carry all they need. Colibri's page holds a program that would report its use; it cannot.
POLICY = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'unsafe-inline'"
    " 'unsafe-eval' blob:; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; worker-src blob:;"
    " connect-src 'none'; form-action 'none'\">"
)
TO_DOCS = (
    '<a href="index.html" style="position:fixed;right:12px;bottom:12px;z-index:9999;padding:6px 12px;'
    'background:#fff;color:#1f4e78;border:1px solid #1f4e78;border-radius:4px;font:14px sans-serif">'
    "Bảng và cột / Tables and columns</a>"
)
HEAD = "<head>"
END_OF_BODY = "</body>"


@dataclass(frozen=True)
class DbtArtifacts:
    """What dbt left behind: its description of the models, the columns it found, its documentation page."""

    manifest: Path
    catalog: Path
    page: Path


def write_docs(folder: Path, dbt: DbtArtifacts) -> None:
    """Write ``docs/index.html`` and, where dbt's catalog is there, ``docs/lineage.html``."""
    (folder / DOCS_PAGE).parent.mkdir()
    if dbt.page.is_file():
        text = dbt.page.read_text(encoding="utf-8")
        (folder / DOCS_PAGE).write_text(with_policy(text), encoding="utf-8")
    if dbt.catalog.is_file():
        write_lineage(dbt, folder / LINEAGE_PAGE)


def write_lineage(dbt: DbtArtifacts, page: Path) -> None:
    """Write the page that follows each column from the raw tables to the files and pages of a release.

    Raises ``ReleaseError`` where the SQL of the models cannot be followed.
    """
    # Loading it takes a second and most nights write no release.
    os.environ["DO_NOT_TRACK"] = "1"
    from dbt_colibri.lineage_extractor.extractor import DbtColumnLineageExtractor
    from dbt_colibri.report.generator import DbtColibriReportGenerator

    # Each table function and each unnested list would be named in the log ten times.
    with tempfile.TemporaryDirectory(dir=page.parent) as made, silence():
        try:
            extractor = DbtColumnLineageExtractor(str(dbt.manifest), str(dbt.catalog))
            DbtColibriReportGenerator(extractor, light_mode=True, disable_telemetry=True).generate_report(
                made
            )
        except Exception as error:
            sentence = f"The column lineage could not be worked out: {' '.join(str(error).split())[:200]}."
            raise ReleaseError(sentence) from error
        text = (Path(made) / "index.html").read_text(encoding="utf-8")
    before, end, after = text.rpartition(END_OF_BODY)
    page.write_text(with_policy(before + TO_DOCS + end + after), encoding="utf-8")


def with_policy(page: str) -> str:
    """A page whose browser may not load or send anything; unchanged where it has no head."""
    return page.replace(HEAD, HEAD + POLICY, 1)
