"""Files of one DuckDB version in the other: a night in each environment, and each opened by the other.

    python scripts/exchange_duckdb.py PYTHON PYTHON

The two are Pythons of environments with the project and another DuckDB each. Ends with 1 and one sentence where a
release cannot be read, tells other figures, or a night cannot go on from the other's work folder.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
READ = """
import hashlib, json, sys
import duckdb
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    tables = [name for (name,) in connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'marts' order by all").fetchall()]
    content = {name: hashlib.sha256(str(connection.execute(
        f"select * from marts.{name} order by all").fetchall()).encode()).hexdigest() for name in tables}
    known = connection.execute("select count(*) from marts.as_of(date '2030-01-01')").fetchone()[0]
print(json.dumps({"duckdb": duckdb.__version__, "tables": content, "known": known}))
"""


def main(pythons: list[str]) -> int:
    """Compare the two environments both ways."""
    if len(pythons) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="hatangso-exchange-") as folder:
        for number, (writer, reader) in enumerate((pythons, pythons[::-1])):
            here = Path(folder) / str(number)
            night(writer, here)
            database = here / "published" / "current" / "warehouse.duckdb"
            written, read = look(writer, database), look(reader, database)
            if (written["tables"], written["known"]) != (read["tables"], read["known"]):
                print(
                    f"DuckDB {read['duckdb']} reads other figures than {written['duckdb']} wrote.",
                    file=sys.stderr,
                )
                return 1
            told = night(reader, here)
            if "0 new, 0 gone" not in told:
                print(
                    f"DuckDB {read['duckdb']} does not go on from the work folder of {written['duckdb']}:\n{told}"
                )
                return 1
            print(
                f"DuckDB {written['duckdb']} wrote {len(written['tables'])} marts: {read['duckdb']} reads the same,"
                " and its night goes on from there."
            )
    return 0


def night(python: str, folder: Path) -> str:
    """A night of the sample in this folder; what it tells."""
    environment = {
        "HATANGSO_WORK_DIR": str(folder / "work"),
        "HATANGSO_PUBLISHED_DIR": str(folder / "published"),
    }
    done = subprocess.run(  # noqa: S603 - the project's own commands
        [str(Path(python).absolute()), "-m", "pipelines.cli", "nightly"],
        cwd=PROJECT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sentence = f"The night of {python} failed: {done.stderr.strip()}"
        raise SystemExit(sentence)
    return done.stdout


def look(python: str, database: Path) -> dict[str, Any]:
    """The marts of a database as this Python's DuckDB reads them."""
    done = subprocess.run(  # noqa: S603 - the project's own commands
        [str(Path(python).absolute()), "-c", READ, str(database)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sentence = f"{python} cannot open {database.name}: {done.stderr.strip().splitlines()[-1]}"
        raise SystemExit(sentence)
    content: dict[str, Any] = json.loads(done.stdout)
    return content


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
