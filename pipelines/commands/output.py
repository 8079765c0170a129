"""What the commands print and how they end: results on stdout, one sentence on stderr when something is wrong."""

from __future__ import annotations

import csv
import functools
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn, ParamSpec, TypeVar

import typer

FAILURE = 1
BAD_USAGE = 2

P = ParamSpec("P")
R = TypeVar("R")


def say(sentence: str) -> None:
    """A sentence for the person at the terminal, on stderr."""
    typer.echo(sentence, err=True)


def stop(sentence: str, code: int = FAILURE) -> NoReturn:
    """End the command with a sentence on stderr: code 2 for bad usage, 1 for failure."""
    say(sentence)
    raise typer.Exit(code)


def without_traceback(command: Callable[P, R]) -> Callable[P, R]:
    """End a command that fails unexpectedly with one sentence, and keep the traceback in a file."""

    @functools.wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (typer.Exit, typer.Abort, BrokenPipeError, KeyboardInterrupt):
            raise
        except Exception as error:
            if type(error).__module__.startswith("click"):
                raise
            stop(f"hatangso met an error it does not know: {_in_one_line(error)} ({_keep_traceback()})")

    return guarded


def print_jsonl(rows: Iterable[Mapping[str, Any]]) -> None:
    """One JSON object a line; dates as ISO text."""
    for row in rows:
        typer.echo(json.dumps(row, ensure_ascii=False, default=str))


def print_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Rows as CSV with a header; nulls empty, yes/no as true and false."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_csv_cell(row.get(column)) for column in columns])


def print_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], title: str | None = None) -> None:
    """Rows as a table for people."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for column in columns:
        numeric = any(isinstance(row.get(column), int | float) for row in rows)
        table.add_column(column.replace("_", " "), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(plain(row.get(column)) for column in columns))
    Console(highlight=False, markup=False).print(table)


def plain(value: object) -> str:
    """A value for people: nothing for null, no trailing .0.

    >>> plain(80.0), plain(True), plain(None)
    ('80', 'yes', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _csv_cell(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def _in_one_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


def _keep_traceback() -> str:
    import traceback

    from pipelines.settings import get_settings

    try:
        folder = get_settings().work_dir / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        path: Path = folder / "error.log"
        path.write_text(traceback.format_exc(), encoding="utf-8")
    except OSError:
        return "the traceback could not be kept"
    return f"traceback in {path}"
