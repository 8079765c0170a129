"""The stages of a night as plain functions: each reads the files of the stage before and writes its own.

No Dagster here; ``pipelines/defs`` wraps these, and tests call them. What a stage does with its input is
the business of its package; here is only what passes between stages and nights. One module a stage, in
the order of the night: inventory, reading, extraction, matching, loading, publishing; beside them what they
share (handover, workers, versions, rows, errors), what must balance (balance), the dbt project before it is built
(dbt_project), what dbt says of itself (dbt) and who is told of it all in the morning (telling).
"""

from pipelines.night.balance import Balance, document_balance, statement_balance
from pipelines.night.dbt import dbt_errors, dbt_failures
from pipelines.night.errors import STAGE_ERRORS, StageError, error_sentence
from pipelines.night.extraction import StatementsFound, extract_statements
from pipelines.night.handover import read_stage, write_stage
from pipelines.night.inventory import INVENTORY, DocumentsTaken, check_catalog, check_inputs, take_documents
from pipelines.night.loading import Loaded, load_warehouse, stored_fact_ids
from pipelines.night.matching import Matched, match_facts
from pipelines.night.publishing import (
    DOCS_PAGE,
    begin_drawing,
    documentation_page,
    is_released,
    publish_release,
)
from pipelines.night.reading import BlocksRead, read_blocks
from pipelines.night.telling import tell_failure, tell_success
from pipelines.night.versions import program_versions

__all__ = [
    "DOCS_PAGE",
    "INVENTORY",
    "STAGE_ERRORS",
    "Balance",
    "BlocksRead",
    "DocumentsTaken",
    "Loaded",
    "Matched",
    "StageError",
    "StatementsFound",
    "begin_drawing",
    "check_catalog",
    "check_inputs",
    "dbt_errors",
    "dbt_failures",
    "document_balance",
    "documentation_page",
    "error_sentence",
    "extract_statements",
    "is_released",
    "load_warehouse",
    "match_facts",
    "program_versions",
    "publish_release",
    "read_blocks",
    "read_stage",
    "statement_balance",
    "stored_fact_ids",
    "take_documents",
    "tell_failure",
    "tell_success",
    "write_stage",
]
