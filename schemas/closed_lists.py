"""The closed lists of the contracts: every value a coded column may hold. Imports nothing."""

from __future__ import annotations

FILE_FORMATS = (
    "text",
    "html",
    "mht",
    "csv",
    "docx",
    "doc",
    "rtf",
    "odt",
    "pdf",
    "image",
    "xlsx",
    "xls",
    "ods",
)

DOCUMENT_TYPES = ("plan", "report", "decision", "news", "table", "other")

DOCUMENT_STATUSES = ("read", "rejected")

ADMIN_UNIT_LEVELS = ("country", "province", "district", "commune")

# percent 0-100; counts absolute; speeds in Mbps; yes/no as 1/0
UNITS = ("percent", "per_100_people", "count", "mbps", "km", "boolean", "ratio", "money", "other")

COMPARATORS = ("=", ">=", "<=", ">", "<")

KINDS = ("actual", "estimate", "baseline", "target")

# SDMX CL_OBS_STATUS, as far as a single printed figure can carry it
# V: the words were recognised in a picture, and nobody has looked at them yet
STATEMENT_OBS_STATUSES = ("A", "E", "P", "O", "V")
FACT_OBS_STATUSES = ("A", "E", "P", "V")

# What the printed figure is. Only a level can become a fact.
FIGURE_ROLES = (
    "level",
    "change",
    "previous",
    "rank",
    "money",
    "age",
    "per_other",
    "ordinal",
    "blank",
    "dash",
    "no_data",
    "text",
    "index",
    "plan_completion",
    "comparison",
    "name",
    "condition",
    "headline",
    "breakdown",
)

ATTACHMENTS = ("left", "right", "both", "table")

SEGMENT_TYPES = ("group", "area", "level", "field", "parent_row")

OUTCOMES = ("fact", "unmatched", "reject")

REJECT_LEVELS = ("document", "block", "statement")

RELEASE_SLOTS = ("current", "previous")

PROGRESS_STATUSES = (
    "achieved",
    "on_track",
    "moderate",
    "insufficient",
    "moving_away",
    "no_target",
    "no_observation",
    "not_assessable",
)
