"""hatangso release: which releases there are, how two differ, who lets one through or takes one back."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields

import typer

from pipelines.commands.output import plain, print_csv, print_jsonl, print_table, say, stop
from pipelines.settings import get_settings

LIST_COLUMNS = ("release", "status", "since", "documents", "rows", "bytes", "by", "note")
SHOWN_COLUMNS = ("release", "status", "since", "documents", "by", "note")
SHOWN_DIFFERENCES = 40


def run_list(*, jsonl: bool, csv: bool) -> None:
    """Print the releases, newest first."""
    from pipelines.release.published import releases

    rows = releases(get_settings().published_dir)
    if jsonl:
        print_jsonl(rows)
    elif csv:
        print_csv(rows, LIST_COLUMNS)
    elif rows:
        shown = [row | {"since": (row["since"] or "")[:16].replace("T", " ")} for row in rows]
        print_table(shown, SHOWN_COLUMNS)
    else:
        say("There is no release yet: `hatangso nightly` makes the first one.")


def run_diff(before: str, after: str, *, jsonl: bool, csv: bool) -> None:
    """Print every cell of the marts in which two releases differ; for people the first of them and the sums."""
    from pipelines.release.compare import Difference, differences
    from pipelines.release.published import resolved

    published = get_settings().published_dir
    columns = tuple(field.name for field in fields(Difference))
    with _sentences():
        old, new = resolved(published, before), resolved(published, after)
        found = differences(published / old, published / new)
        if jsonl:
            print_jsonl(asdict(difference) for difference in found)
            return
        if csv:
            print_csv((asdict(difference) for difference in found), columns)
            return
        first = list(itertools.islice(found, SHOWN_DIFFERENCES))
        counts = Counter(
            (difference.table, difference.change) for difference in itertools.chain(first, found)
        )
    if not counts:
        typer.echo(f"{old} and {new} say the same.")
        return
    rows = [
        {"table": table, "change": change, "differences": number}
        for (table, change), number in sorted(counts.items())
    ]
    print_table(rows, ("table", "change", "differences"), title=f"{old} -> {new}")
    for difference in first:
        typer.echo(f"  {difference.table} {difference.change}: {difference.row}{_values(difference)}")
    if counts.total() > len(first):
        typer.echo(f"  ... and {counts.total() - len(first)} more: --csv or --jsonl gives all.")


def _values(difference: object) -> str:
    column = getattr(difference, "column", None)
    if column is None:
        return ""
    before, after = (getattr(difference, name) for name in ("before", "after"))
    return f": {column} {plain(before) or 'nothing'} -> {plain(after) or 'nothing'}"


def run_rollback(name: str, by: str | None, note: str | None) -> None:
    """Switch readers back to an earlier release."""
    from pipelines.release.published import rollback

    with _sentences():
        manifest = rollback(get_settings().published_dir, name, by, note)
    typer.echo(
        f"Readers now follow {manifest['release']}. The figures they left are not published again until they"
        " change or somebody approves them."
    )


def run_approve(name: str, by: str, note: str) -> None:
    """Let a draft through."""
    from pipelines.release.published import approve

    with _sentences():
        manifest = approve(get_settings().published_dir, name, by, note)
    typer.echo(f"Readers now follow {manifest['release']}, approved by {by}.")


@contextmanager
def _sentences() -> Iterator[None]:
    """End with the sentence of an error that a person can mend."""
    from pipelines.release.errors import ReleaseError

    try:
        yield
    except ReleaseError as error:
        stop(str(error))
