"""docs/ of a release: dbt's documentation page and the page of column lineage, each leading to the other.

Both pages work from a file and reach no network: a policy in each page forbids it to the browser.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
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
KEPT_PAGE = "lineage-{}.html"
FOLLOWED = frozenset({"model", "seed", "snapshot"})
OF_ONE_BUILD = frozenset({"created_at", "build_path", "compiled_path", "root_path"})


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

    Nothing in it depends on the documents, so the last one is kept beside dbt's own files and serves as long as the
    project does. Raises ``ReleaseError`` where the SQL of the models cannot be followed.
    """
    kept = dbt.manifest.with_name(KEPT_PAGE.format(lineage_id(dbt)))
    if not kept.is_file():
        for outdated in dbt.manifest.parent.glob(KEPT_PAGE.format("*")):
            outdated.unlink()
        unfinished = kept.with_suffix(".new")
        unfinished.write_text(_drawn(dbt), encoding="utf-8")
        unfinished.replace(kept)
    shutil.copyfile(kept, page)


def lineage_id(dbt: DbtArtifacts) -> str:
    """What the page is made from, as one fingerprint: models, sources and what uses them, without times and paths."""
    manifest, catalog = (json.loads(path.read_bytes()) for path in (dbt.manifest, dbt.catalog))
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] in FOLLOWED]
    followed = [*nodes, *manifest["sources"].values(), *manifest["exposures"].values()]
    made_from = [
        [{name: value for name, value in node.items() if name not in OF_ONE_BUILD} for node in followed],
        [catalog["nodes"], catalog["sources"]],
        [version(package) for package in ("dbt-colibri", "sqlglot")],
        Path(__file__).read_text(encoding="utf-8"),
    ]
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()[:16]


def _drawn(dbt: DbtArtifacts) -> str:
    # Loading it takes a second and most nights write no release.
    os.environ["DO_NOT_TRACK"] = "1"
    from dbt_colibri.lineage_extractor.extractor import DbtColumnLineageExtractor
    from dbt_colibri.report.generator import DbtColibriReportGenerator

    # Each table function and each unnested list would be named in the log ten times.
    with tempfile.TemporaryDirectory() as made, silence():
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
    return with_policy(before + TO_DOCS + end + after)


def with_policy(page: str) -> str:
    """A page whose browser may not load or send anything; unchanged where it has no head."""
    return page.replace(HEAD, HEAD + POLICY, 1)
