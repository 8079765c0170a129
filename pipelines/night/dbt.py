"""What dbt says of its last run, read from its own records."""

from __future__ import annotations

import json
import re
from pathlib import Path

# What dbt puts before the error of a database: the progress of its build, and the file that it ran.
_PROGRESS = re.compile(r"^\d+ of \d+ ERROR ")
_WHERE = re.compile(r"^Unhandled error while executing \S+ ")
# A message for a person holds so many causes, each of so many characters.
_CAUSES = 3
_LONGEST = 300


def dbt_errors(target: Path) -> list[str]:
    """What the last run of dbt reported as errors, from its own log: each cause once and the first few of them."""
    try:
        lines = (target / "dbt.log").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    found: dict[str, str] = {}
    run = ""
    for line in lines:
        try:
            info = json.loads(line)["info"]
        except (ValueError, KeyError, TypeError):
            continue
        if info.get("invocation_id") != run:
            run, found = info.get("invocation_id", ""), {}
        if info.get("level") == "error":
            message = " ".join(str(info.get("msg", "")).split())
            if not _PROGRESS.match(message):
                found[_cut(_WHERE.sub("", message))] = ""
    causes = [message for message in found if message]
    more = len(causes) - _CAUSES
    return causes if more <= 0 else [*causes[:_CAUSES], f"(and {more} more in the log of the night)"]


def _cut(message: str) -> str:
    return message if len(message) <= _LONGEST else f"{message[:_LONGEST]} ..."


def dbt_failures(target: Path) -> list[str]:
    """One sentence for the dbt nodes that failed for one cause in the last build, from its own record."""
    try:
        results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    except (OSError, ValueError, KeyError):
        return []
    failed: dict[str, list[str]] = {}
    for result in results:
        if result.get("status") in {"error", "fail", "runtime error"}:
            kind, _, name = str(result["unique_id"]).split(".", 2)
            message = _cut(" ".join(str(result.get("message") or "").split()).rstrip("."))
            failed.setdefault(message, []).append(f"{kind} {name.split('.')[0]}")
    return [
        f"The dbt {nodes[0]}{f' and {len(nodes) - 1} more' if nodes[1:] else ''} failed: {message}."
        for message, nodes in failed.items()
    ]
