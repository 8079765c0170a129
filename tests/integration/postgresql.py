"""A PostgreSQL of one's own for tests and benchmarks: Debian's server programs on a temporary folder, on 127.0.0.1 only."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

USER = "hatangso"
# It lives for one test: what it loses with the machine is of no interest.
OPTIONS = "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c synchronous_commit=off"


@dataclass(frozen=True)
class Server:
    """A server that runs, or was stopped to see what happens without it."""

    programs: Path
    data: Path
    port: int

    def catalog(self, database: str = "postgres") -> str:
        """The libpq connection string of a database."""
        return f"dbname={database} host=127.0.0.1 port={self.port} user={USER}"


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
def running_postgresql() -> Iterator[Server]:
    """Start a server, hand it over, and stop it at the end."""
    programs = server_programs()
    assert programs is not None, "PostgreSQL's server programs are not installed (Debian: postgresql)"
    with tempfile.TemporaryDirectory(prefix="hatangso-postgresql-") as folder:
        server = Server(programs, Path(folder) / "data", _free_port())
        account = _account()
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        cluster = ("-D", server.data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        _run(account, programs / "initdb", *cluster)
        start(server)
        try:
            yield server
        finally:
            stop(server, "fast")


def start(server: Server) -> None:
    """Start a server and wait until it answers."""
    options = ("-o", f"-p {server.port} {OPTIONS}", "-l", server.data / "log", "-w")
    _run(_account(), server.programs / "pg_ctl", "-D", server.data, *options, "start")


def stop(server: Server, how: Literal["fast", "immediate"]) -> None:
    """End a server with its connections: in good order, or as a power cut would."""
    _run(_account(), server.programs / "pg_ctl", "-D", server.data, "-m", how, "-w", "stop")


def run_client(server: Server, program: str, *arguments: object) -> None:
    """Run a client program of PostgreSQL, such as createdb or pg_dump, on this server."""
    where = ("-h", "127.0.0.1", "-p", server.port, "-U", USER)
    _run(None, server.programs / program, *where, *arguments)


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
