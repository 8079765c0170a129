"""A PostgreSQL of one test's own: Debian's server programs on a temporary folder, on 127.0.0.1 only."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "hatangso"
# It lives for one test: what it loses with the machine is of no interest.
OPTIONS = "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c synchronous_commit=off"


def server_programs() -> Path | None:
    """The folder of initdb and pg_ctl: on PATH, else where Debian puts them; None where there is none."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]), reverse=True
    )
    return found[0].parent if found else None


@contextmanager
def running_postgresql() -> Iterator[str]:
    """Start a server, give its libpq connection string, and stop it at the end."""
    programs = server_programs()
    assert programs is not None, "PostgreSQL's server programs are not installed (Debian: postgresql)"
    with tempfile.TemporaryDirectory(prefix="hatangso-postgresql-") as folder:
        data = Path(folder) / "data"
        account = _account()
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        port = _free_port()
        _run(
            account,
            programs / "initdb",
            "-D",
            data,
            "-U",
            USER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "-N",
        )
        _run(
            account,
            programs / "pg_ctl",
            "-D",
            data,
            "-o",
            f"-p {port} {OPTIONS}",
            "-l",
            data / "log",
            "-w",
            "start",
        )
        try:
            yield f"dbname=postgres host=127.0.0.1 port={port} user={USER}"
        finally:
            _run(account, programs / "pg_ctl", "-D", data, "-m", "fast", "-w", "stop")


def _account() -> pwd.struct_passwd | None:
    """Whom the server runs as where the tests run as root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _run(account: pwd.struct_passwd | None, *command: object) -> None:
    as_account = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    subprocess.run(  # type: ignore[call-overload]
        [str(part) for part in command],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        cwd="/",
        **as_account,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
