"""The hatangso command: options and help here, each command's work in ``pipelines/commands``.

Nothing heavy may be imported at the top of this file or of those modules.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.output import BAD_USAGE, stop, without_traceback

app = typer.Typer(
    name="hatangso",
    help="Reads digital-infrastructure plans and reports, and keeps every figure beside its target.",
    no_args_is_help=True,
    add_completion=False,
    # Rich boxes would cost a third of a second and break the one-sentence rule for errors.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

release = typer.Typer(
    help="Show releases, compare two, approve a draft, or go back to an earlier one.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(release, name="release")

Jsonl = Annotated[bool, typer.Option("--jsonl", help="One JSON object a line, for programs.")]
Csv = Annotated[bool, typer.Option("--csv", help="CSV with a header, for programs.")]


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(version("hatangso"))
        except PackageNotFoundError:
            typer.echo("not installed")
        raise typer.Exit


@app.callback()
def main(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Settings come from environment variables that begin with HATANGSO_; `hatangso doctor` shows them."""
    for stream in (sys.stdout, sys.stderr):
        # Vietnamese must survive a terminal or a pipe whose locale is not UTF-8.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


@app.command()
@without_traceback
def nightly(
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only what changed.")] = False,
    wait: Annotated[
        float,
        typer.Option(min=0, metavar="SECONDS", help="How long to wait for a night that is running already."),
    ] = 0,
    full: Annotated[
        bool,
        typer.Option(
            "--full", help="Trust no size or time of a file and no earlier work: hash and build all."
        ),
    ] = False,
) -> None:
    """Run the whole nightly: read data/raw, fill the warehouse, publish a release when something changed.

    Exit 1 where a stage or a check fails, or where another night is running; the release before stays in
    place then.
    """
    from pipelines.commands.nightly import run_nightly

    run_nightly(quiet=quiet, wait=wait, full=full)


@app.command()
@without_traceback
def extract(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Documents of any format, or archives of them.")
    ],
    jsonl: Jsonl = False,
    csv: Csv = False,
) -> None:
    """Show what the system sees in these files; touches no database.

    One object per fact, and one per figure whose indicator is not recognised (indicator_code null).
    A sidecar FILE.yml beside a file is used. Exit 1 where a file cannot be read, after the others are done.
    """
    _one_format(jsonl, csv)
    from pipelines.commands.extract import run_extract

    run_extract(files, jsonl=jsonl, csv=csv)


@app.command()
@without_traceback
def explain(
    unit: Annotated[
        str, typer.Option(help="Name, code or key of the unit: 'huyện Vĩnh Lộc', 38, 38@2008-08-01.")
    ],
    indicator: Annotated[str, typer.Option(help="Code of the indicator, such as adult_smartphone_share.")],
    year: Annotated[int, typer.Option(help="Year of the figure.")],
    jsonl: Jsonl = False,
    csv: Csv = False,
) -> None:
    """Show one cell of the marts: its value and target, every competing figure, why this one won, and the source."""
    _one_format(jsonl, csv)
    from pipelines.commands.explain import run_explain

    run_explain(unit, indicator, year, jsonl=jsonl, csv=csv)


@app.command()
@without_traceback
def review(
    accept: Annotated[
        list[str] | None,
        typer.Option(metavar="LABEL=CODE", help="Name the indicator of a label; may be repeated."),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(metavar="LABEL", help="Never ask about a label again; may be repeated."),
    ] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why a label is ignored.")] = "",
    aliases: Annotated[
        bool, typer.Option("--aliases", help="Show aliases and synonyms that are of no use or in conflict.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Rows to show; without it 20 for people, all for programs.")
    ] = None,
    jsonl: Jsonl = False,
    csv: Csv = False,
) -> None:
    """Show the labels that no indicator is known for, most frequent first, and take in what they mean.

    A decision is one more line in data/seeds; the next nightly applies it without reading a document again.
    Exit 2 where a decision is refused, after the others are written.
    """
    _one_format(jsonl, csv)
    from pipelines.commands.review import run_decisions, run_review, run_review_aliases

    if accept or ignore:
        if jsonl or csv or aliases or limit:
            stop("--accept and --ignore write and show no list: leave the other options out.", BAD_USAGE)
        run_decisions(accept or [], ignore or [], reason)
    elif reason:
        stop("--reason goes with --ignore LABEL.", BAD_USAGE)
    elif aliases:
        run_review_aliases(limit=limit, jsonl=jsonl, csv=csv)
    else:
        run_review(limit=limit, jsonl=jsonl, csv=csv)


Release = Annotated[
    str, typer.Argument(metavar="RELEASE", help="A release: its name, its number, 'current' or 'draft'.")
]
OtherRelease = Annotated[str, typer.Argument(metavar="OTHER", help="The release to compare it with.")]


@release.command("list")
@without_traceback
def release_list(jsonl: Jsonl = False, csv: Csv = False) -> None:
    """Show all releases, newest first.

    Status: current (what readers follow), draft (waits for approval), rolled_back (taken back, not published
    again), kept (an earlier one).
    """
    _one_format(jsonl, csv)
    from pipelines.commands.release import run_list

    run_list(jsonl=jsonl, csv=csv)


@release.command("diff")
@without_traceback
def release_diff(
    before: Release = "current", after: OtherRelease = "draft", jsonl: Jsonl = False, csv: Csv = False
) -> None:
    """Show every cell of the marts that OTHER added, changed or removed against RELEASE; 'current draft' by default.

    The table mart_release_change is left out: it says how its own release differs from the one before.
    """
    _one_format(jsonl, csv)
    from pipelines.commands.release import run_diff

    run_diff(before, after, jsonl=jsonl, csv=csv)


@release.command("rollback")
@without_traceback
def release_rollback(
    name: Release,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who decides.")] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="Why.")] = None,
) -> None:
    """Switch readers back to an earlier release, whose files must be as they were published.

    The nightly does not publish the figures that were left again, until they change or somebody approves them.
    """
    from pipelines.commands.release import run_rollback

    run_rollback(name, by, note)


@release.command("approve")
@without_traceback
def release_approve(
    name: Release,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who approves.")],
    note: Annotated[str, typer.Option(metavar="TEXT", help="Why; recorded in MANIFEST.json.")],
) -> None:
    """Let a draft through: record name and note in its manifest, and switch readers to it.

    Drafts are made by the nightly where HATANGSO_REQUIRE_APPROVAL is true. A release that was rolled back
    returns in the same way.
    """
    from pipelines.commands.release import run_approve

    run_approve(name, by, note)


@app.command()
@without_traceback
def doctor(jsonl: Jsonl = False, csv: Csv = False) -> None:
    """Show what is installed and configured, and what each missing part would enable.

    Exit 1 where something that the nightly needs is missing.
    """
    _one_format(jsonl, csv)
    from pipelines.commands.doctor import run_doctor

    run_doctor(jsonl=jsonl, csv=csv)


@app.command()
@without_traceback
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup to write, a .tar.gz.")],
) -> None:
    """Write the warehouse, the documents, the catalog and the current release into one file.

    Exit 1 where a night is running or the file cannot be written.
    """
    from pipelines.commands.backup import run_backup

    run_backup(file)


@app.command()
@without_traceback
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup by hatangso backup.")],
) -> None:
    """Put back what a backup holds, once all of it is found whole; what is there now is moved aside.

    Exit 1 where a night is running or the backup is damaged; nothing is changed then.
    """
    from pipelines.commands.backup import run_restore

    run_restore(file)


def _one_format(jsonl: bool, csv: bool) -> None:
    if jsonl and csv:
        stop("Choose one of --jsonl and --csv.", BAD_USAGE)


if __name__ == "__main__":
    app()
