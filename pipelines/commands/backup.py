"""hatangso backup, hatangso restore: everything a night cannot make again, in one file and back."""

from __future__ import annotations

from pathlib import Path

import typer

from pipelines.commands.output import stop
from pipelines.settings import get_settings


def run_backup(file: Path) -> None:
    """Write the warehouse, the documents, the catalog and the current release into one file."""
    from pipelines.night import STAGE_ERRORS, error_sentence
    from pipelines.night.lock import hold_night, leave_night
    from pipelines.warehouse.backup import write_backup

    settings = get_settings()
    try:
        hold_night(settings)
        saved = write_backup(file, settings)
    except STAGE_ERRORS as error:
        stop(error_sentence(error))
    finally:
        leave_night(settings)
    typer.echo(
        f"{file}: {saved.files} files, {saved.byte_count / 2**20:.1f} MiB. Restore with: hatangso restore {file}"
    )


def run_restore(file: Path) -> None:
    """Put back what a backup holds; what is there now is moved aside, never removed."""
    from pipelines.night import STAGE_ERRORS, error_sentence
    from pipelines.night.lock import hold_night, leave_night
    from pipelines.warehouse.backup import read_backup

    settings = get_settings()
    try:
        hold_night(settings)
        restored = read_backup(file, settings)
    except STAGE_ERRORS as error:
        stop(error_sentence(error))
    finally:
        leave_night(settings)
    typer.echo(f"Restored {', '.join(restored.parts)} from {file}.")
    if restored.aside:
        typer.echo(f"What was there is kept in {', '.join(str(path) for path in restored.aside)}.")
    typer.echo("Run the nightly next.")
