"""hatangso nightly: the Dagster job in this process, with progress, and what changed at the end."""

from __future__ import annotations

import contextlib
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from pipelines.commands.event_store import kept_open, open_instance
from pipelines.commands.output import print_table, say, stop
from pipelines.commands.stopping import stop_signals
from pipelines.left_out import DBT, FOR_TESTS, left_out
from pipelines.orphans import end_workers_at_once
from pipelines.settings import Settings, get_settings

if TYPE_CHECKING:
    from dagster import DagsterEvent, DagsterInstance, EventLogEntry

LOG = "nightly.log"
STOPPED = (
    "The night was stopped before its end: the current release stays, and the next night takes up the work."
)
# What a step is called on the terminal; checks and others go by their own name.
STEP_NAMES = {
    "catalog": "catalog",
    "documents": "inventory of documents",
    "blocks": "reading",
    "statements": "extraction",
    "matching": "matching",
    "raw": "loading the warehouse",
    "dbt_build": "dbt models and tests",
    "dbt_docs": "documentation",
    "release": "release",
}


@dataclass
class Progress:
    """Follows the events of a run: times of steps, metadata of assets, sentences of failures."""

    started: dict[str, float] = field(default_factory=dict)
    metadata: dict[str, dict[str, Any]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def follow(self, event: DagsterEvent) -> str | None:
        """Take in one event; returns a line for the terminal when a step has ended well."""
        step = (event.step_key or "").split(".")[0]
        if event.is_step_start:
            self.started[step] = time.monotonic()
        elif event.is_step_success and step in STEP_NAMES:
            return f"  {STEP_NAMES[step]:<24}{time.monotonic() - self.started.get(step, time.monotonic()):7.1f} s"
        elif event.is_step_failure:
            self._take_failure(step, event)
        elif event.event_type_value == "ASSET_CHECK_EVALUATION":
            self._take_check(event)
        elif event.is_step_materialization:
            materialization = event.step_materialization_data.materialization
            key = "/".join(materialization.asset_key.path)
            self.metadata[key] = {name: value.value for name, value in materialization.metadata.items()}
        return None

    def _take_failure(self, step: str, event: DagsterEvent) -> None:
        data = event.step_failure_data
        if data.user_failure_data is not None and data.user_failure_data.description:
            self.failures.append(data.user_failure_data.description)
        elif data.error is not None and "AssetCheckFailed" not in (data.error.cls_name or ""):
            cause = data.error.cause or data.error
            self.failures.append(
                f"The step {STEP_NAMES.get(step, step)} failed: {' '.join(cause.message.split())[:300]}"
            )

    def _take_check(self, event: DagsterEvent) -> None:
        check = event.asset_check_evaluation_data
        if check.passed:
            return
        table = ".".join(check.asset_key.path)
        rows = check.metadata.get("dagster_dbt/failed_row_count")
        if rows is not None and not rows.value:
            # A test of dbt that could not be asked: the step of the build tells why.
            return
        sentence = check.description or (
            f"The check {check.check_name} of {table} failed."
            if rows is None
            else f"The check {check.check_name} names {rows.value} rows of {table}."
        )
        from dagster import AssetCheckSeverity

        (self.failures if check.severity == AssetCheckSeverity.ERROR else self.warnings).append(sentence)


def run_nightly(*, quiet: bool, wait: float = 0, full: bool = False) -> None:
    """Run the nightly job; exit 1 with the failing stage's or check's sentence.

    ``wait`` seconds for a night that is running already; ``full`` forgets what nights remember of files and work.
    """
    settings = get_settings()
    with stop_signals() as is_to_stop, left_out(DBT, *FOR_TESTS):
        try:
            _hold_and_run(settings, is_to_stop, quiet=quiet, wait=wait, full=full)
        except typer.Exit:
            raise
        except BaseException:
            if not is_to_stop():
                raise
            end_workers_at_once()
            _fail(settings, [STOPPED])


def _hold_and_run(
    settings: Settings, is_to_stop: Callable[[], bool], *, quiet: bool, wait: float, full: bool
) -> None:
    from pipelines.night import STAGE_ERRORS, check_inputs, error_sentence
    from pipelines.night.dbt_project import begin_parsing
    from pipelines.night.lock import hold_night, leave_night
    from pipelines.warehouse.connection import WarehouseError
    from pipelines.warehouse.memory import forget

    try:
        # Before Dagster is loaded, so that the commonest faults are told at once.
        check_inputs(settings)
    except STAGE_ERRORS as error:
        _fail(settings, [error_sentence(error)])
    try:
        crashed = hold_night(settings, wait)
    except STAGE_ERRORS as error:
        # Another night is running and will tell of itself.
        stop(error_sentence(error))
    try:
        if crashed is not None:
            say(f"The last night did not end by itself ({crashed.sentence()}); this one takes up its work.")
        if full:
            # A damaged warehouse is set aside by the night itself.
            with contextlib.suppress(WarehouseError):
                forget(settings.warehouse)
        # Beside this process, which has Dagster to load meanwhile.
        begin_parsing(settings)
        _run(settings, is_to_stop, quiet=quiet)
    except STAGE_ERRORS as error:
        _fail(settings, [error_sentence(error)])
    finally:
        leave_night(settings)


def _run(settings: Settings, is_to_stop: Callable[[], bool], *, quiet: bool) -> None:
    from pipelines.night import STAGE_ERRORS, error_sentence, tell_failure, tell_success

    began = time.monotonic()
    # The log of the night takes over both streams while the job runs.
    terminal = sys.stderr
    with _spinner(quiet) as show:
        show("starting")
        instance = open_instance(settings)
        progress = Progress()
        run_id = str(uuid.uuid4())

        def listen(entry: EventLogEntry) -> None:
            if not entry.is_dagster_event:
                return
            event = entry.get_dagster_event()
            line = progress.follow(event)
            if line and not quiet:
                typer.echo(line, file=terminal)
            if event.is_step_start:
                step = (event.step_key or "").split(".")[0]
                show(STEP_NAMES.get(step, f"check: {step}"))

        instance.add_event_listener(run_id, listen)
        try:
            with _logged(settings.work_dir / "logs"), kept_open(instance):
                success = _execute(instance, run_id)
        except Exception as error:
            if is_to_stop():
                raise
            told = next((cause for cause in _causes(error) if isinstance(cause, STAGE_ERRORS)), None)
            if told is None:
                _tell(tell_failure(settings, [f"The night ended unexpectedly: {type(error).__name__}."]))
                raise
            _fail(settings, [error_sentence(told)])
    if not success:
        if is_to_stop():
            raise KeyboardInterrupt
        failures = list(dict.fromkeys(progress.failures)) or ["The night failed; see its log."]
        _fail(settings, failures, f"Log: {settings.work_dir / 'logs' / LOG}")
    show_changes(progress, settings, time.monotonic() - began)
    release = progress.metadata["release"]
    warnings = list(dict.fromkeys(progress.warnings))
    _tell(
        tell_success(
            settings, release["release"], release["headline"], is_new=release["new"], warnings=warnings
        )
    )


def _fail(settings: Settings, sentences: list[str], for_the_terminal: str | None = None) -> NoReturn:
    """Send the message of a failed night, and end."""
    from pipelines.night import tell_failure

    _tell(tell_failure(settings, sentences))
    stop("\n".join([*sentences, *([for_the_terminal] if for_the_terminal else [])]))


def _tell(unreached: list[str]) -> None:
    for sentence in unreached:
        say(f"Warning: {sentence}")


def _execute(instance: DagsterInstance, run_id: str) -> bool:
    from pipelines.definitions import defs
    from pipelines.defs.sensors import TELLS_ITSELF

    job = defs().resolve_job_def("nightly")
    result = job.execute_in_process(
        instance=instance,
        run_id=run_id,
        raise_on_error=False,
        tags={TELLS_ITSELF: "yes"},
        # Every event is in Dagster's store already; the log of the night is for people.
        run_config={"loggers": {"console": {"config": {"log_level": "WARNING"}}}},
    )
    return bool(result.success)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def show_changes(progress: Progress, settings: Settings, seconds: float) -> None:
    """What the night changed, on stdout."""
    taken = progress.metadata.get("documents", {})
    facts = progress.metadata.get("raw/facts", {})
    unmatched = progress.metadata.get("unmatched", {})
    rejects = progress.metadata.get("rejects", {})
    release = progress.metadata.get("release", {})

    def stored(table: str) -> object:
        return progress.metadata.get(f"raw/{table}", {}).get("dagster/row_count")

    rows = [
        {
            "what": "documents",
            "now": stored("documents"),
            "change": f"{taken.get('new', 0)} new, {taken.get('rejected', 0)} rejected",
        },
        {
            "what": "facts",
            "now": stored("facts"),
            "change": f"{facts.get('new_facts', 0)} new, {facts.get('facts_gone', 0)} gone",
        },
        {
            "what": "labels not recognised",
            "now": stored("unmatched"),
            "change": f"{unmatched.get('statements', 0)} figures under labels of changed documents",
        },
        {"what": "rejects", "now": stored("rejects"), "change": _reasons(rejects.get("reasons"))},
        {
            "what": "release",
            "now": release.get("release"),
            "change": _release_change(release),
        },
    ]
    print_table(rows, ("what", "now", "change"))
    for warning in dict.fromkeys([*_sentences(taken.get("notes")), *progress.warnings]):
        say(f"Warning: {warning}")
    if release.get("draft") or release.get("held_back"):
        say(str(release["headline"]))
    if release.get("draft"):
        report = settings.published_dir / str(release["release"]) / "report.md"
        typer.echo(f"What the draft changes is in {report} ({seconds:.0f} s).")
        return
    typer.echo(
        f"Readers open {settings.current_release}; what changed is in its report.md ({seconds:.0f} s)."
    )


def _sentences(notes: object) -> list[str]:
    return [str(note) for note in notes] if isinstance(notes, list) else []


def _release_change(release: dict[str, Any]) -> str:
    if release.get("new"):
        return "new, a draft" if release.get("draft") else "new"
    if release.get("held_back"):
        return "rolled back: not published again"
    return "the same content: no new release"


def _reasons(reasons: object) -> str:
    if not isinstance(reasons, dict) or not reasons:
        return "none in changed documents"
    shown = [f"{count} {reason}" for reason, count in list(reasons.items())[:3]]
    return ", ".join(shown) + (", ..." if len(reasons) > len(shown) else "")


@contextlib.contextmanager
def _spinner(quiet: bool) -> Iterator[Any]:
    """A status line on stderr while it is a terminal; elsewhere nothing moves."""
    from rich.console import Console

    console = Console(file=sys.stderr, highlight=False, markup=False)
    if quiet or not console.is_terminal:
        yield lambda _: None
        return
    with console.status("") as status:
        yield lambda text: status.update(f"{text} ...")


@contextlib.contextmanager
def _logged(folder: Path) -> Iterator[None]:
    """Send what Dagster and dbt print to the log of the night, so that the terminal stays readable."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        (folder / LOG).open("w", encoding="utf-8") as log,
        contextlib.redirect_stdout(log),
        contextlib.redirect_stderr(log),
    ):
        yield
