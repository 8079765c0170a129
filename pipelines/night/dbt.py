"""What dbt says of its last run, read from its own records."""

from __future__ import annotations

import json
from pathlib import Path


def dbt_errors(target: Path) -> list[str]:
    """What the last run of dbt reported as errors, one line each, from its own log."""
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
            found[" ".join(str(info.get("msg", "")).split())] = ""
    return [message for message in found if message]


def dbt_failures(target: Path) -> list[str]:
    """One sentence for each dbt node that failed in the last build, from its own record."""
    try:
        results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    except (OSError, ValueError, KeyError):
        return []
    failed = []
    for result in results:
        if result.get("status") in {"error", "fail", "runtime error"}:
            kind, _, name = str(result["unique_id"]).split(".", 2)
            message = " ".join(str(result.get("message") or "").split())
            failed.append(f"The dbt {kind} {name.split('.')[0]} failed: {message.rstrip('.')}.")
    return failed
