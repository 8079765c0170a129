"""hatangso review: the labels that nobody has named yet, and decisions about them as lines of the catalog."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from pipelines.commands.output import BAD_USAGE, print_csv, print_jsonl, print_table, say, stop
from pipelines.settings import Location, Settings, get_settings

if TYPE_CHECKING:
    from pipelines.matching.catalog import Catalog
    from pipelines.matching.match import Matcher
    from pipelines.matching.readings import Reading
    from pipelines.matching.teaching import Decision
    from pipelines.warehouse.state import Stored

RELEASED = "warehouse.duckdb"
NEAREST = 3
SHOWN_ROWS = 20
LONGEST_QUOTE = 160
COLUMNS = (
    "label",
    "label_key",
    "statement_count",
    "document_count",
    "units",
    *(f"nearest_{part}_{number}" for number in range(1, NEAREST + 1) for part in ("indicator", "score")),
    "sample_quote",
    "sample_path",
)
ALIAS_COLUMNS = ("problem", "file", "wording", "points_to", "detail")
SHOWN_ALIAS_COLUMNS = ("problem", "file", "wording", "points_to")
ALIASES_FILE = "indicator_aliases.csv"
SYNONYMS_FILE = "synonyms.csv"
UNMATCHED = """
    select
        unmatched.label, unmatched.label_key, unmatched.statement_count, unmatched.document_count,
        unmatched.units, unmatched.sample_quote, documents.path as sample_path
    from raw.unmatched as unmatched
    left join raw.documents as documents on documents.document_id = unmatched.sample_document_id
    order by unmatched.statement_count desc, unmatched.document_count desc, unmatched.label_key
"""
NEXT_NIGHT = "The next nightly applies this without reading a document again."


# --- the list -----------------------------------------------------------------------------


def run_review(*, limit: int | None, jsonl: bool, csv: bool) -> None:
    """Print the labels that wait, most frequent first; those decided since the last night are left out."""
    from pipelines.matching.indicators import IndicatorMatcher
    from pipelines.warehouse.connection import WarehouseError

    settings = get_settings()
    catalog = _catalog(settings)
    try:
        waiting = unmatched_labels(settings, catalog)
    except WarehouseError as error:
        stop(str(error))
    indicators = IndicatorMatcher(catalog)
    shown = waiting[: limit or (len(waiting) if jsonl or csv else SHOWN_ROWS)]
    for row in shown:
        for number, (code, score) in enumerate(indicators.nearest(row["label"] or "", NEAREST), 1):
            row |= {f"nearest_indicator_{number}": code, f"nearest_score_{number}": score}
    if jsonl:
        print_jsonl([{column: row.get(column) for column in COLUMNS} for row in shown])
    elif csv:
        print_csv(shown, COLUMNS)
    else:
        show(shown, waiting)


def unmatched_labels(settings: Settings, catalog: Catalog) -> list[dict[str, Any]]:
    """Labels of raw.unmatched that the catalog as it is now says nothing of.

    Raises ``WarehouseError`` where there is no database with raw.unmatched.
    """
    from pipelines.matching.normal_form import normal_form
    from pipelines.matching.teaching import general_wording
    from pipelines.warehouse.connection import WarehouseError

    released = settings.current_release / RELEASED
    try:
        rows = _unmatched_rows(settings.warehouse)
    except WarehouseError:
        # There is no warehouse, or a nightly that writes now holds it; the released database can be read.
        if not released.is_file():
            raise
        rows = _unmatched_rows(released)
    named = {normal_form(text) for text, _, _ in catalog.aliases}
    return [
        row
        for row in rows
        if row["label_key"] not in catalog.ignored_labels
        and row["label_key"] not in named
        and normal_form(general_wording(row["label"] or "", catalog)) not in named
    ]


def _unmatched_rows(database: Location) -> list[dict[str, Any]]:
    from pipelines.warehouse.connection import WarehouseError, connect, has_table

    with connect(database, read_only=True) as connection:
        if not has_table(connection, "raw", "unmatched"):
            sentence = f"{database}: no night has been here yet; run the nightly first."
            raise WarehouseError(sentence)
        cursor = connection.execute(UNMATCHED)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def show(rows: Sequence[dict[str, Any]], waiting: Sequence[dict[str, Any]]) -> None:
    """The list for a person, with what can be done about it."""
    if not waiting:
        typer.echo("Every label is recognised or ignored.")
        return
    print_table(
        [
            {
                "label": _words(row["label"]),
                "figures": row["statement_count"],
                "documents": row["document_count"],
                "units": (row["units"] or "").replace(",", ", "),
                "nearest indicators": "\n".join(
                    f"{row[f'nearest_score_{number}']:.2f} {row[f'nearest_indicator_{number}']}"
                    for number in range(1, NEAREST + 1)
                    if row.get(f"nearest_indicator_{number}")
                ),
            }
            for row in rows
        ],
        ("label", "figures", "documents", "units", "nearest indicators"),
    )
    for row in rows:
        typer.echo(f"  {_words(row['label'])}: {_short(row['sample_quote'])} [{row['sample_path']}]")
    figures = sum(row["statement_count"] for row in waiting)
    typer.echo(f"\n{len(waiting)} labels with {figures} figures wait; {len(rows)} are shown.")
    typer.echo("Decide with `hatangso review --accept LABEL=CODE` or `hatangso review --ignore LABEL`.")


def _words(label: str | None) -> str:
    return " ".join((label or "").split()).strip(" ¦,;:") or "(no words)"


def _short(quote: str | None) -> str:
    words = " ".join((quote or "").split())
    return words if len(words) <= LONGEST_QUOTE else words[: LONGEST_QUOTE - 1] + "…"


# --- decisions ----------------------------------------------------------------------------


def run_decisions(accepted: Sequence[str], ignored: Sequence[str], reason: str) -> None:
    """Write each decision and say what it does; exit 2 where one was refused, after the others."""
    from pipelines.matching.teaching import TeachingError

    settings = get_settings()
    refused = False
    for given in accepted:
        try:
            typer.echo(accept(settings, given))
        except TeachingError as error:
            say(str(error))
            refused = True
    for label in ignored:
        try:
            typer.echo(ignore(settings, label, reason))
        except TeachingError as error:
            say(str(error))
            refused = True
    if refused:
        raise typer.Exit(BAD_USAGE)


def accept(settings: Settings, given: str) -> str:
    """Append the alias of LABEL=CODE and say what it does. Raises ``TeachingError`` where it is refused."""
    from pipelines.matching.match import Matcher
    from pipelines.matching.teaching import TeachingError, alias_for, append, with_decision

    label, equals, code = given.rpartition("=")
    if not equals or not code.strip():
        sentence = f"{given!r} names no indicator; give the label and the code as LABEL=CODE."
        raise TeachingError(sentence)
    catalog = _catalog(settings)
    matcher = Matcher(catalog)
    decision = alias_for(label, code.strip(), catalog, matcher.indicators)
    if decision.is_there:
        return decision.note
    stored = _stored(settings)
    effect = effect_of(stored, matcher, Matcher(with_decision(catalog, decision)), label)
    _refuse_without_effect(effect, label, catalog.indicators[code.strip()].unit, code.strip())
    append(decision, settings.seeds_dir)
    parts = [
        f"{_shown(settings, decision)}: added {decision.cells['alias']!r} for {code.strip()}.",
        decision.note,
    ]
    if stored.statements.height:
        parts.append(effect.sentence(code.strip()))
    return " ".join(part for part in (*parts, NEXT_NIGHT) if part)


def ignore(settings: Settings, label: str, reason: str) -> str:
    """Append an ignored label and say so. Raises ``TeachingError`` where it is refused."""
    from pipelines.matching.teaching import append, ignored_label

    decision = ignored_label(label, reason, _catalog(settings))
    if decision.is_there:
        return decision.note
    append(decision, settings.seeds_dir)
    return f"{_shown(settings, decision)}: added {decision.cells['label']!r}. {NEXT_NIGHT}"


@dataclass(frozen=True)
class Effect:
    """What one more alias changes among the stored figures."""

    own: int
    own_units: tuple[str, ...]
    own_recognised: int
    recognised: int
    moved: tuple[str, ...]

    def sentence(self, code: str) -> str:
        """The change in words: figures that are recognised now, and those that were something else."""
        told = f"Stored figures that it names: {self.recognised}."
        if self.moved:
            labels = ", ".join(repr(label) for label in sorted(set(self.moved))[:NEAREST])
            told += f" Figures that were recognised otherwise before: {len(self.moved)} ({labels}); see that {code} is right for them."
        return told


def effect_of(stored: Stored, before: Matcher, after: Matcher, label: str) -> Effect:
    """Match the stored figures with both catalogs and tell the difference."""
    from pipelines.matching.normal_form import normal_form

    key = normal_form(label)
    old, new = _by_figure(stored, before), _by_figure(stored, after)
    changed = [figure for figure in old if _codes(old[figure]) != _codes(new[figure])]
    own = [
        figure
        for figure, readings in old.items()
        if readings[0].outcome == "unmatched" and normal_form(readings[0].statement.label) == key
    ]
    return Effect(
        own=len(own),
        own_units=tuple(sorted({old[figure][0].statement.unit for figure in own})),
        own_recognised=sum(new[figure][0].outcome != "unmatched" for figure in own),
        recognised=sum(not _codes(old[figure]) for figure in changed),
        moved=tuple(old[figure][0].statement.label for figure in changed if _codes(old[figure])),
    )


def _refuse_without_effect(effect: Effect, label: str, unit: str, code: str) -> None:
    from pipelines.matching.teaching import TeachingError

    if not effect.own or effect.own_recognised:
        return
    if unit not in effect.own_units:
        reason = f"they are printed in {', '.join(effect.own_units)}, and {code} is measured in {unit}"
    else:
        reason = "another wording of the catalog says as much of them; hatangso extract shows their words"
    sentence = f"{label.strip()!r}: none of its {effect.own} stored figures would be {code}: {reason}."
    raise TeachingError(sentence)


def _codes(readings: Sequence[Reading]) -> tuple[str, ...]:
    return tuple(reading.match.code for reading in readings if reading.match is not None)


def _by_figure(stored: Stored, matcher: Matcher) -> dict[tuple[object, ...], list[Reading]]:
    """The readings of each stored figure, by its document and its place there."""
    found: dict[tuple[object, ...], list[Reading]] = {}
    for number, readings in enumerate(stored_readings(stored, matcher)):
        for reading in readings:
            said = reading.statement
            place = (said.block_no, said.char_start, said.table_row, said.table_column)
            found.setdefault((number, *place, said.value_text, said.label), []).append(reading)
    return found


# --- aliases ------------------------------------------------------------------------------


def run_review_aliases(*, limit: int | None, jsonl: bool, csv: bool) -> None:
    """Print the aliases and synonyms by which no stored figure is recognised, and aliases in conflict."""
    from pipelines.warehouse.connection import WarehouseError

    settings = get_settings()
    catalog = _catalog(settings)
    stored = _stored(settings)
    if not stored.statements.height:
        stop(str(WarehouseError(f"{settings.warehouse}: no figure is stored yet; run the nightly first.")))
    rows = alias_problems(stored, catalog)
    shown = rows[: limit or (len(rows) if jsonl or csv else SHOWN_ROWS)]
    if jsonl:
        print_jsonl(shown)
    elif csv:
        print_csv(shown, ALIAS_COLUMNS)
    elif rows:
        print_table(shown, SHOWN_ALIAS_COLUMNS)
        for row in shown:
            if row["problem"] == "conflict":
                typer.echo(f"  {row['wording']}: {row['detail']}.")
        counts = Counter((row["problem"], row["file"]) for row in rows)
        typer.echo(
            f"{counts['conflict', ALIASES_FILE]} aliases in conflict, {counts['unused', ALIASES_FILE]} aliases and "
            f"{counts['unused', SYNONYMS_FILE]} synonyms unused; {len(shown)} of {len(rows)} are shown.\n"
            "Unused is no fault: the words may come with the next document."
        )
    else:
        typer.echo("Every alias and synonym is used, and none is in conflict.")


def alias_problems(stored: Stored, catalog: Catalog) -> list[dict[str, str]]:
    """Rows of the report: conflicts first, then what is unused, in the order of the files."""
    from pipelines.matching.catalog import UNITS
    from pipelines.matching.match import Matcher
    from pipelines.matching.teaching import conflicting_aliases, unused_aliases, unused_synonyms

    matcher = Matcher(catalog)
    winners: set[tuple[str, str]] = set()
    texts: dict[str, None] = dict.fromkeys(title for title in stored.documents["title"] if title)
    for readings in stored_readings(stored, matcher):
        for reading in readings:
            if reading.match is not None:
                winners.add((reading.match.alias, reading.match.code))
            said = reading.statement
            words = (said.label_left, said.label_right, said.label_context, said.label_heading, said.clause)
            texts.update(dict.fromkeys(words))
    rows = [
        {
            "problem": "conflict",
            "file": ALIASES_FILE,
            "wording": one.text,
            "points_to": one.code,
            "detail": f"says the same as {other.text!r} of {other.code}: by these words alone neither wins",
        }
        for one, other in conflicting_aliases(matcher.indicators, UNITS)
    ]
    rows += [
        {
            "problem": "unused",
            "file": ALIASES_FILE,
            "wording": text,
            "points_to": code,
            "detail": "no stored figure was recognised by it",
        }
        for text, code in unused_aliases(catalog, winners)
    ]
    rows += [
        {
            "problem": "unused",
            "file": SYNONYMS_FILE,
            "wording": wording,
            "points_to": concept,
            "detail": "no stored figure stands with these words",
        }
        for wording, concept in unused_synonyms(catalog, texts)
    ]
    return rows


# --- what is stored -----------------------------------------------------------------------


def stored_readings(stored: Stored, matcher: Matcher) -> Iterator[tuple[Reading, ...]]:
    """The stored statements of each document, matched again as the nightly would."""
    from pipelines.batches.rows import statement_of

    groups = {key[0]: group for key, group in stored.statements.group_by("document_id", maintain_order=True)}
    for document in stored.documents.iter_rows(named=True):
        group = groups.get(document["document_id"])
        if group is None:
            continue
        yield matcher.match_document(
            document["place_text"] or "",
            document["issued_on"],
            document["reference_year"],
            [statement_of(row) for row in group.iter_rows(named=True)],
            document["title"],
        ).readings


def _stored(settings: Settings) -> Stored:
    """What the nights stored; nothing where there was none. Raises ``WarehouseError`` where it cannot be read."""
    from dataclasses import replace

    import polars as pl

    from pipelines.warehouse.connection import WarehouseError
    from pipelines.warehouse.state import read_stored

    released = settings.current_release / RELEASED
    try:
        stored = read_stored(settings.warehouse, released)
    except WarehouseError:
        # A nightly that writes now holds the warehouse; the released database can be read.
        if not released.is_file():
            raise
        stored = read_stored(released)
    # Statements that matching added for a shared value will be added again.
    own = stored.statements.filter(pl.col("shares_value_with").is_null())
    return replace(stored, statements=own)


def _catalog(settings: Settings) -> Catalog:
    from pipelines.matching.catalog import CatalogError, load_catalog

    try:
        return load_catalog(settings.seeds_dir)
    except CatalogError as error:
        stop("\n".join(error.sentences))


def _shown(settings: Settings, decision: Decision) -> str:
    path = settings.seeds_dir / decision.file
    return path.relative_to(settings.home).as_posix() if path.is_relative_to(settings.home) else str(path)
